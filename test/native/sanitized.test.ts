import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { projectDirectory } from "../golden/read-golden.js";
import { compiler, compilerRuns } from "./compiler.js";

const sources = join(projectDirectory, "src/native");
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
];

// Without a compiler there are no fused ops either.
for (const sanitizers of compilerRuns() ? ["address,undefined", "thread"] : []) {
  test(`the fused ops' arithmetic runs clean under -fsanitize=${sanitizers}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "rnnlab-sanitized-"));
    try {
      const flags = ["-std=c++17", "-O1", "-g", `-fsanitize=${sanitizers}`, "-fno-sanitize-recover=all"];
      const compile = (file: string, name: string, more: string[]) => {
        const object = join(folder, `${name}.o`);
        execFileSync(compiler, [...flags, ...more, `-I${sources}`, "-c", file, "-o", object]);
        return object;
      };
      const objects = SETS.map(([name, more]) => compile(join(sources, `${name}.cc`), name, more));
      objects.push(compile(join(projectDirectory, "test/native/sanitized.cc"), "main", []));
      const program = join(folder, "program");
      execFileSync(compiler, [...flags, ...objects, "-pthread", "-o", program]);
      const { status, stdout, stderr } = spawnSync(program, { encoding: "utf8" });
      assert.equal(stderr, "");
      assert.match(stdout, /^\d+ runs agree\n$/);
      assert.equal(status, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
