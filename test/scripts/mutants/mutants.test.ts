import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Likeness } from "../../../scripts/mutants/likeness.js";
import { relatedTests } from "../../../scripts/mutants/related-tests.js";
import { failure } from "../../../scripts/mutants/trial.js";
import { packageRoot } from "../../../src/platform/package-root.js";

/** How long a test file without an end may take to be ended, in ms. */
const PATIENCE = 60_000;

const mutants = (...args: string[]) => mutantsIn(process.env, ...args);

function mutantsIn(env: NodeJS.ProcessEnv, ...args: string[]) {
  const script = join(packageRoot, "dist/scripts/mutants.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("npm run mutants tells which changes no test notices, the same ones for a seed, and leaves the project as it is", () => {
  const compiled = join(packageRoot, "dist/src/training/callbacks/monitor.js");
  const before = readFileSync(compiled, "utf8");
  const run = () => mutants("src/training/callbacks/monitor.ts", "--sample", "2", "--tests", "plot/ticks");
  const { status, stdout, stderr } = run();
  assert.deepEqual({ status, stderr }, { status: 1, stderr: "" });
  assert.match(
    stdout,
    /^(✖ lived {2}src\/training\/callbacks\/monitor\.ts:\d+: .* \[.* → .*\]\n){2}\n0 of 2 mutants killed \(0 %\); \d+ are possible\n$/,
  );
  assert.equal(run().stdout, stdout);
  assert.equal(readFileSync(compiled, "utf8"), before);
});

test("npm run mutants tries the same changes in several copies at a time", () => {
  const run = (copies: string) => {
    const args = ["--sample", "3", "--copies", copies, "--tests", "plot/ticks"];
    const { stdout, stderr } = mutants("src/plot/ticks.ts", ...args);
    assert.equal(stderr, "");
    return stdout.split("\n").sort();
  };
  const lines = run("1");
  assert.equal(lines.filter((line) => /^. (?:killed|lived )/.test(line)).length, 3);
  assert.deepEqual(run("2"), lines);
});

test("npm run mutants gives a copy the start-up snapshots, unless the sources are in them", (context) => {
  const cache = mkdtempSync(join(tmpdir(), "rnnlab-mutants-cache-"));
  context.after(() => rmSync(cache, { recursive: true }));
  const run = (source: string): string[] => {
    const args = [source, "--sample", "1", "--tests", "plot/ticks"];
    const { stderr } = mutantsIn({ ...process.env, XDG_CACHE_HOME: cache }, ...args);
    assert.equal(stderr, "");
    return existsSync(join(cache, "rnnlab")) ? readdirSync(join(cache, "rnnlab")) : [];
  };
  const snapshots = (names: readonly string[]) =>
    names.filter((name) => /^(?:compiler|tensors)-node-/.test(name));
  assert.deepEqual(snapshots(run("kernel/compiler/syntax/same-code.ts")), []);
  assert.equal(snapshots(run("kernel/session/views/view.ts")).length, 2);
});

test("npm run mutants exits with 0 when a test notices each change", () => {
  const { status, stdout } = mutants(
    "src/plot/ticks.ts",
    "--sample",
    "1",
    "--seed",
    "3",
    "--tests",
    "plot/ticks",
  );
  assert.equal(status, 0, stdout);
  assert.match(
    stdout,
    /^✔ killed src\/plot\/ticks\.ts:\d+: .* by plot\/ticks\.test\.ts\n\n1 of 1 mutants killed \(100 %\)/,
  );
});

test("npm run mutants reports a test that fails without mutants, and leaves it out", () => {
  // No kernel can be started.
  process.env.RNNLAB_TEST_KERNEL = '["false"]';
  const { status, stdout, stderr } = mutants(
    "src/plot/ticks.ts",
    "--sample",
    "1",
    "--tests",
    "kernel/own-kind",
  );
  delete process.env.RNNLAB_TEST_KERNEL;
  assert.match(stderr, /^Cannot use kernel\/own-kind\.test\.ts: it must pass without mutants, got /);
  assert.match(stdout, /^✖ lived .*\n\n0 of 1 mutants killed/);
  assert.equal(status, 1);
});

test("npm run mutants refuses paths without sources and samples that are no numbers", () => {
  const refusals = [
    [["src/nothing"], "a path must have sources, got src/nothing"],
    [["src/plot", "--sample", "many"], "--sample must be a positive integer, got many"],
  ] as const;
  for (const [args, rule] of refusals) {
    assert.deepEqual(mutants(...args), { status: 2, stdout: "", stderr: `Cannot run mutants: ${rule}\n` });
  }
});

test("npm run mutants ends a test file with its first failure", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rnnlab-first-failure-"));
  try {
    const file = join(folder, "three.test.cjs");
    writeFileSync(
      file,
      'const { test } = require("node:test");\ntest("one", () => {});\ntest("two", () => { throw new Error("no"); });\ntest("three", () => new Promise(() => setInterval(() => {}, 1000)));',
    );
    const problem = await failure(file, folder, PATIENCE);
    assert.match(problem ?? "", /\n\s+two: no$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("relatedTests() takes the folder that mirrors the source's, first the files whose names share words with it", () => {
  const tests = ["kernel/a.test.ts", "plot/a.test.ts", "training/fit.test.ts", "training/early-end.test.ts"];
  assert.deepEqual(relatedTests("src/training/callbacks/early-stopping.ts", tests), [
    "training/early-end.test.ts",
    "training/fit.test.ts",
  ]);
  const layers = ["models/keras-layers.test.ts", "layers/relu.test.ts", "models/folder.test.ts"];
  assert.deepEqual(relatedTests("src/layers/relu.ts", layers), layers.slice(0, 2).reverse());
  assert.deepEqual(relatedTests("kernel/compiler/emit.ts", tests), ["kernel/a.test.ts"]);
});

test("relatedTests() takes for the kernel the tests whose words are most like the source's, and the broad ones", () => {
  const others = Array.from({ length: 20 }, (_, index) => `kernel/a${index}.test.ts`);
  const broad = ["kernel/redeclaration.test.ts", "kernel/imports.test.ts"];
  const tests = ["cli/lsp.test.ts", "cli/run.test.ts", ...broad, ...others, "kernel/emit-types.test.ts"];
  const likeness = (test: string) => ["kernel/a7.test.ts", "cli/lsp.test.ts"].indexOf(test) + 1;
  const related = relatedTests("kernel/compiler/emit.ts", tests, likeness);
  assert.deepEqual(related.slice(0, 3), [
    "kernel/emit-types.test.ts",
    "cli/lsp.test.ts",
    "kernel/a7.test.ts",
  ]);
  assert.deepEqual(related.slice(8), broad);
});

test("Likeness is the cosine of the weights of words, and a word that few texts have weighs more", () => {
  const likeness = new Likeness(
    new Map([
      ["a", "interrupt cells"],
      ["b", "cells cells types"],
      ["c", "otherThings"],
    ]),
  ).to("isInterrupt of cells");
  // Of three texts and one more, "interrupt" and "types" are in one, "cells" in two.
  const [rare, common] = [Math.log(4 / 2), Math.log(4 / 3)];
  assert.ok(Math.abs(likeness("a") - 1) < 1e-12);
  const twice = (1 + Math.log(2)) * common;
  const expected = (common * twice) / (Math.hypot(rare, common) * Math.hypot(rare, twice));
  assert.ok(Math.abs(likeness("b") - expected) < 1e-12, `${likeness("b")} is not ${expected}`);
  assert.equal(likeness("c"), 0);
});
