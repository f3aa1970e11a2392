import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { compilerRuns, runCompiler } from "./compiler.js";

const sources = join(packageRoot, "src/native");
const SETS: [name: string, flags: string[]][] = [
  ["plain", []],
  ["instructions", []],
  ["sequences", []],
  ["threads", []],
  ...(process.arch === "x64"
    ? ([
        ["avx2", ["-mavx2", "-mfma"]],
        ["avx512", ["-mavx2", "-mfma", "-mavx512f"]],
      ] satisfies [string, string[]][])
    : []),
  ...(process.arch === "arm64" ? ([["neon", []]] satisfies [string, string[]][]) : []),
];

// Without a compiler there are no fused ops either.
for (const sanitizers of compilerRuns() ? ["address,undefined", "thread"] : []) {
  test(`the fused ops' arithmetic runs clean under -fsanitize=${sanitizers}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "rnnlab-sanitized-"));
    try {
      // Of what debuggers know only the lines, which a report names: to compile all of it takes half as long again.
      const flags = ["-std=c++17", "-O1", "-g1", `-fsanitize=${sanitizers}`, "-fno-sanitize-recover=all"];
      const compile = (file: string, name: string, more: string[]) => {
        const object = join(folder, `${name}.o`);
        runCompiler([...flags, ...more, `-I${sources}`, "-c", file, "-o", object]);
        return object;
      };
      const objects = SETS.map(([name, more]) => compile(join(sources, `${name}.cc`), name, more));
      objects.push(compile(join(packageRoot, "test/native/sanitized.cc"), "main", []));
      const program = join(folder, "program");
      runCompiler([...flags, ...objects, "-pthread", "-o", program]);
      const { status, stdout, stderr } = spawnSync(program, { encoding: "utf8" });
      assert.equal(stderr, "");
      assert.match(stdout, /^\d+ runs agree\n$/);
      assert.equal(status, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
