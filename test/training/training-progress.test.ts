import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import type { DisplayMessage } from "../../src/display/index.js";
import * as tf from "../../src/tensorflow.js";
import { type DatasetBatch, fit, fitDataset } from "../../src/training/index.js";
import { python } from "../../tools/kernel-client/index.js";
import { recordDisplay } from "../display/recorded-display.js";

const published = recordDisplay();

const x = tf.tensor2d([[0], [1], [2], [3], [4]]);
const y = tf.tensor2d([[1], [3], [5], [7], [9]]);
const HOSTILE = "<img src=x onerror=alert(1)>\u001b[31m";

function line(
  name = "line",
  metrics: Parameters<tf.Sequential["compile"]>[0]["metrics"] = "mae",
): tf.Sequential {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  model.name = name;
  model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError", ...(metrics ? { metrics } : {}) });
  return model;
}

const bars = () => published.filter(({ data }) => String(data["text/html"]).includes("<progress"));
const text = (message: DisplayMessage | undefined) => String(message?.data["text/plain"]);
const html = (message: DisplayMessage | undefined) => String(message?.data["text/html"]);

test("the progress bar is one output that ends full, with the values of the last epoch", async () => {
  await fit(line(), x, y, { epochs: 2, batchSize: 2, validationData: [x, y] });
  assert.equal(new Set(bars().map(({ displayId }) => displayId)).size, 1);
  assert.deepEqual(
    bars().map(({ update = false }) => update),
    [false, ...Array(bars().length - 1).fill(true)],
  );
  assert.match(
    text(bars().at(0)),
    /^\[=+ +\] line · epoch 1\/2 · step 1\/3 · [\d.]+ ms\/step · \d+:\d\d left\nloss \S+ · mae \S+$/,
  );
  assert.match(
    text(bars().at(-1)),
    /^\[={24}\] line · epoch 2\/2 · [\d.]+ ms\/step · \d:\d\d in all\nloss \S+ · mae \S+ · val_loss \S+ · val_mae \S+$/,
  );
  assert.match(html(bars().at(-1)), /<progress value="6" max="6" [^>]*accent-color:#009E73"/);
});

test("the live plot is one output that ends with all epochs", async () => {
  await fit(line(), x, y, { epochs: 4, batchSize: 2, livePlot: true });
  const plots = published.filter((message) => text(message).startsWith("Figure"));
  assert.equal(new Set(plots.map(({ displayId }) => displayId)).size, 1);
  assert.match(
    text(plots.at(-1)),
    /^Figure "Training of line": training \(4 values\), training \(4 values\)$/,
  );
});

test("where nobody knows the number of batches the bar moves, until the first epoch has told", async () => {
  const sizes = [2, 3, 4];
  function* batches(): Generator<DatasetBatch> {
    for (const size of sizes) yield { xs: tf.ones([size, 1]), ys: tf.zeros([size, 1]) };
  }
  await fitDataset(line(), batches, { epochs: 2 });
  assert.match(text(bars().at(0)), /^\[ {24}\] line · epoch 1\/2 · step 1 · [\d.]+ ms\/step\nloss/);
  assert.match(html(bars().at(0)), /<progress style/);
  assert.match(html(bars().at(-1)), /<progress value="6" max="6" /);
});

test("a data set of tf.data says itself how many batches it has", async () => {
  const batches = tf.data
    .zip({ xs: tf.data.array([[0], [1], [2]]), ys: tf.data.array([[1], [3], [5]]) })
    .batch(2);
  await fitDataset(line(), batches, { epochs: 1 });
  assert.match(text(bars().at(0)), /step 1\/2/);
});

test("a bar is full at the end though the data set gave fewer batches than were announced", async () => {
  const batches = () => [{ xs: tf.ones([2, 1]), ys: tf.ones([2, 1]) }];
  await fitDataset(line(), batches, { epochs: 2, batchesPerEpoch: 10 });
  assert.match(html(bars().at(-1)), /<progress value="2" max="2" /);
});

test("a training that was stopped or has failed says after how many epochs", async () => {
  await fit(line(), x, y, {
    epochs: 5,
    batchSize: 2,
    onEpochEnd: ({ epoch }) => (epoch === 2 ? "stop" : "go"),
  });
  assert.match(text(bars().at(-1)), /^\[=+ +\] line · stopped after epoch 2\/5 · /);
  const onEpochEnd = () => {
    throw new Error("enough");
  };
  await assert.rejects(fit(line("other"), x, y, { epochs: 5, batchSize: 2, onEpochEnd }), {
    message: "enough",
  });
  assert.match(text(bars().at(-1)), /^\[=+ +\] other · failed in epoch 1\/5 · step 3\/3 · /);
  assert.match(html(bars().at(-1)), /accent-color:#D55E00/);
});

test("names of models and metrics are shown as they are, and are no markup", async () => {
  const metric = (truth: tf.Tensor, prediction: tf.Tensor) => truth.sub(prediction).abs().mean();
  Object.defineProperty(metric, "name", { value: HOSTILE });
  await fit(line(HOSTILE, [metric]), x, y, { epochs: 1, livePlot: true });
  const shown = published.map(({ data }) => {
    const { "application/vnd.plotly.v1+json": _, ...texts } = data;
    return Object.values(texts).join("\n");
  });
  assert.ok(shown.some((markup) => markup.includes("&lt;img src=x onerror=alert(1)&gt;\\x1b[31m")));
  for (const { data } of published) {
    assert.doesNotMatch(String(data["text/html"] ?? ""), /<img src=x/);
    assert.doesNotMatch(String(data["image/svg+xml"] ?? ""), /<img src=x/);
    assert.equal(text({ data }).includes("\u001b"), false);
  }
});

test("verbose 0 shows nothing, 2 a line an epoch, and another number is refused", async () => {
  await fit(line(), x, y, { epochs: 2, verbose: 0, livePlot: true });
  assert.deepEqual(published, []);
  const { write } = process.stdout;
  let written = "";
  // The test runner reports on the same stream, in bytes.
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) => {
    if (typeof chunk !== "string") return Reflect.apply(write, process.stdout, [chunk, ...rest]);
    written += chunk;
    return true;
  }) as typeof write;
  try {
    await fit(line(), x, y, { epochs: 2, verbose: 2 });
  } finally {
    process.stdout.write = write;
  }
  assert.deepEqual(published, []);
  assert.match(written, /^line · epoch 1\/2 · .*\nline · epoch 2\/2 · .*\n$/);
  await assert.rejects(fit(line(), x, y, { epochs: 1, verbose: 3 as 2 }), {
    name: "RangeError",
    message: "Cannot fit: verbose must be 0, 1 or 2, got 3",
  });
});

test("outside a notebook a training prints a line an epoch, in a pipe and in a terminal", () => {
  const program = `const { tf, fit } = require("rnnlab");
    const model = tf.sequential({ name: "line", layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError", metrics: ["mae"] });
    const x = tf.ones([8, 1]);
    fit(model, x, x, { epochs: 3, validationSplit: 0.5, livePlot: true }).then(() => console.log(String(process.stdout.isTTY === true)));`;
  const epoch = (number: number) =>
    `line · epoch ${number}/3 · loss \\S+ · mae \\S+ · val_loss \\S+ · val_mae \\S+ · [\\d.]+ ms/step · \\d+:\\d\\d\\r?\\n`;
  const expected = (isTerminal: boolean) =>
    new RegExp(`^${epoch(1)}${epoch(2)}${epoch(3)}${isTerminal}\\r?\\n$`);
  const options = { encoding: "utf8", env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" } } as const;
  const piped = spawnSync(process.execPath, ["-e", program], options);
  assert.match(piped.stdout, expected(false), piped.stderr);
  const inTerminal = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]))";
  const terminal = spawnSync(python(), ["-c", inTerminal, process.execPath, "-e", program], options);
  assert.match(terminal.stdout, expected(true), terminal.stderr);
});
