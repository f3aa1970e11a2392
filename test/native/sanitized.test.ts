import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { findTfjs } from "../../src/platform/tfjs-node.js";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import { compilerRuns, runCompiler } from "../compiler.js";
import { recordPrograms } from "./record-programs.js";

const sources = join(packageRoot, "src/native");
const tensorflow = join(findTfjs(join(packageRoot, "package.json")).folder, "deps");

/** What is arithmetic alone. */
const ARITHMETIC = [
  ...["plain", "instructions", "sequences", "threads"],
  ...(process.arch === "x64" ? ["avx2", "avx512"] : []),
  ...(process.arch === "arm64" ? ["neon"] : []),
];
/** Operations of programs, and what runs them. processors.cc is missing: programs.cc has threads for the least work. */
const PROGRAMS = [
  ...["program", "elementwise", "arrangement", "reduction", "product", "cross-entropy", "recurrent-op"],
  ...["optimizer-op", "row-gradient-op", "context", "memory", "registration"],
];
const FLAGS: Readonly<Record<string, string[]>> = {
  avx2: ["-mavx2", "-mfma"],
  avx512: ["-mavx2", "-mfma", "-mavx512f"],
};

/** Random models whose programs are replayed: the first seed and the last. */
const [FIRST = 1, LAST = 24] = (process.env.RNNLAB_PROGRAM_SEEDS ?? "")
  .split("-")
  .filter(Boolean)
  .map(Number);

const folder = mkdtempSync(join(tmpdir(), "rnnlab-sanitized-"));
const recorded = join(folder, "programs");
after(() => rmSync(folder, { recursive: true }));

function seeds(): number[] {
  return Array.from({ length: LAST - FIRST + 1 }, (_, i) => FIRST + i);
}

// Programs are made where the ops are built.
const options = { skip: nativeOps().available ? false : "the native ops are not built" };

before(async () => {
  if (options.skip) return;
  const { programs } = await recordPrograms(recorded, seeds());
  assert.ok(programs > 3 * seeds().length, `${programs} programs`);
});

/** Compiles with sanitizers. Of what debuggers know only the lines, which a report names: all of it takes half as long again. */
class Sanitized {
  readonly #flags: string[];
  readonly #objects = new Map<string, string>();

  constructor(readonly sanitizers: string) {
    this.#flags = ["-std=c++17", "-O1", "-g1", `-fsanitize=${sanitizers}`, "-fno-sanitize-recover=all"];
    this.#flags.push(`-I${sources}`, `-I${tensorflow}/include`);
  }

  run(main: string, names: readonly string[], ...args: string[]): SpawnSyncReturns<string> {
    const program = join(folder, `${this.sanitizers}-${main}`);
    if (!existsSync(program)) this.#link(main, names, program);
    return spawnSync(program, args, { encoding: "utf8" });
  }

  #link(main: string, names: readonly string[], program: string): void {
    const objects = names.map((name) => this.#object(name, join(sources, `${name}.cc`)));
    objects.push(this.#object(main, join(packageRoot, `test/native/${main}.cc`)));
    const libraries = ["-ltensorflow", "-ltensorflow_framework", `-Wl,-rpath,${tensorflow}/lib`];
    runCompiler([...this.#flags, ...objects, "-pthread", `-L${tensorflow}/lib`, ...libraries, "-o", program]);
  }

  #object(name: string, file: string): string {
    const known = this.#objects.get(name);
    if (known !== undefined) return known;
    const object = join(folder, `${this.sanitizers}-${name}.o`);
    runCompiler([...this.#flags, ...(FLAGS[name] ?? []), "-c", file, "-o", object]);
    this.#objects.set(name, object);
    return object;
  }
}

// Without a compiler there are no native ops either.
for (const sanitizers of compilerRuns() ? ["address,undefined", "thread"] : []) {
  const sanitized = new Sanitized(sanitizers);
  const requireAgreement = ({ status, stdout, stderr }: SpawnSyncReturns<string>, what: string) => {
    assert.equal(stderr, "");
    assert.match(stdout, new RegExp(`^[1-9]\\d* ${what} agree\\n$`));
    assert.equal(status, 0);
  };

  test(`the native ops' arithmetic runs clean under -fsanitize=${sanitizers}`, () => {
    requireAgreement(sanitized.run("arithmetic", ARITHMETIC), "runs");
  });

  test(`programs of random models run clean under -fsanitize=${sanitizers}`, options, () => {
    requireAgreement(sanitized.run("programs", [...ARITHMETIC, ...PROGRAMS], recorded), "calls");
  });

  if (sanitizers.startsWith("address"))
    test("a value of a program that is one number too short is found", options, () => {
      const { status, stderr } = sanitized.run("programs", [...ARITHMETIC, ...PROGRAMS], recorded, "1");
      assert.match(stderr, /AddressSanitizer: use-after-poison/);
      assert.notEqual(status, 0);
    });
}
