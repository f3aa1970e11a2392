import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { relatedTests } from "../../../scripts/mutants/related-tests.js";
import { packageRoot } from "../../../src/platform/package-root.js";

const mutants = (...args: string[]) => {
  const script = join(packageRoot, "dist/scripts/mutants.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
};

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
  assert.match(stdout, /^✔ killed src\/plot\/ticks\.ts:\d+: .*\n\n1 of 1 mutants killed \(100 %\)/);
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
