import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { layers, tf } from "rnnlab";
import type { DisplayHost, DisplayMessage } from "rnnlab/display";
import { nativeOps } from "rnnlab/recurrent-ops";
import { packageRoot } from "../../src/platform/package-root.js";

const ELSEWHERE = `
const { layers, tf } = require("rnnlab");
// Test runners show what comes here as a warning, with its stack.
for (const name of ["warn", "error", "log", "info"]) console[name] = () => { throw new Error(name); };
process.emitWarning = () => { throw new Error("emitWarning"); };
const layer = layers.lstm({ units: 1 });
for (let i = 0; i < 2; i++) layer.apply(tf.zeros([1, 2, 1]));`;

/** What recurrent layers say in a notebook. */
function said(run: () => void): DisplayMessage[] {
  const published: DisplayMessage[] = [];
  const host = Symbol.for("rnnlab.displayHost");
  (globalThis as { [host]?: DisplayHost })[host] = {
    publish: (message) => published.push(message),
    clear: () => undefined,
    cell: { id: "first", executionCount: 1 },
  };
  run();
  return published;
}

test("in a notebook the first recurrent layer says below the cell which ops it runs on", () => {
  const published = said(() => {
    const layer = layers.lstm({ units: 1 });
    for (let i = 0; i < 2; i++) layer.apply(tf.zeros([1, 2, 1]));
  });
  assert.equal(published.length, 1);
  assert.match(String(published[0]?.data["text/plain"]), /^rnnlab: recurrent layers run on /);
  assert.match(String(published[0]?.data["text/html"]), /role="status"/);
});

const options = { skip: nativeOps().available ? false : "the native ops are not built" };
test("layers with what the fused ops cannot do say so, once for each reason", options, () => {
  const published = said(() => {
    for (const activation of ["elu", "softsign"] as const)
      layers.gru({ units: 1, activation }).apply(tf.zeros([1, 2, 1]));
    const dropping = layers.gru({ units: 1, dropout: 0.5, recurrentDropout: 0.5 });
    for (let i = 0; i < 2; i++) dropping.apply(tf.zeros([1, 2, 1]), { training: true });
  });
  assert.deepEqual(
    published.map(({ data }) => data["text/plain"]),
    ["activations that have no fused op", "dropout"].map(
      (reason) => `rnnlab: recurrent layers with ${reason} run on TensorFlow's own ops`,
    ),
  );
});

test("elsewhere it says so in one line, which no test runner takes for a warning", () => {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" };
  const spawned = { cwd: packageRoot, encoding: "utf8", env } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", ELSEWHERE], spawned);
  assert.equal(status, 0, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /^rnnlab: recurrent layers run on .*\n$/);
});
