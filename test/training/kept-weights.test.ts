import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { richDisplay } from "../../src/display/index.js";
import { layers } from "../../src/layers/index.js";
import { adam, rmsprop, sgd } from "../../src/optimizers/index.js";
import { lineFigure } from "../../src/plot/index.js";
import * as tf from "../../src/tensorflow.js";
import {
  type FitOptions,
  fit,
  fitDataset,
  fitTruncated,
  type KeptHistory,
  type Moment,
  reduceOnPlateau,
  timeTravel,
} from "../../src/training/index.js";
import { quietly } from "../quiet.js";
import { smallModel, weights, x, y } from "./small-model.js";

// Op by op: the first steps of a training are, so only then all of them are the same to the last bit.
const options = { epochs: 6, batchSize: 8, seed: 3, keepWeights: "epoch", compileStep: false } as const;

function near(got: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(got.length, expected.length);
  got.forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] ?? Number.NaN)) <= tolerance, `${value} for ${expected[i]}`);
  });
}

const optimizers: readonly [name: string, make: () => string | tf.Optimizer, tolerance: number][] = [
  ["adam by name", () => "adam", 0],
  ["adam()", () => adam({ learningRate: 0.01 }), 0],
  ["rmsprop()", () => rmsprop({ momentum: 0.5, centered: true }), 0],
  ["sgd()", () => sgd({ learningRate: 0.1 }), 0],
  // tfjs multiplies powers of β step by step, and computes them anew from a state: they differ by their rounding.
  ["tf.train.adam()", () => tf.train.adam(0.01), 1e-6],
  ["tf.train.momentum()", () => tf.train.momentum(0.1, 0.9), 0],
  ["tf.train.rmsprop()", () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7, true), 0],
  ["adagrad by name", () => "adagrad", 0],
];

for (const [name, make, tolerance] of optimizers) {
  test(`kept weights with ${name} are those of shorter trainings, and go on as if there had been no pause`, async () => {
    const model = smallModel(make());
    const history = await quietly(() => fit(model, x, y, options));
    const end = weights(model);
    assert.deepEqual(history.weights.epochs, [0, 1, 2, 3, 4, 5, 6]);
    assert.deepEqual(await history.weights.at(0, weights), weights(smallModel()));
    assert.deepEqual(await history.weights.at(6, weights), end);
    for (const epochs of [1, 4]) {
      const shorter = smallModel(make());
      await quietly(() => fit(shorter, x, y, { ...options, epochs }));
      assert.deepEqual(await history.weights.at(epochs, weights), weights(shorter));
    }
    assert.deepEqual(weights(model), end);
    const tensors = tf.memory().numTensors;
    for (const initialEpoch of [2, 0, 4]) {
      assert.equal(await history.weights.restore(initialEpoch), true);
      const more = await quietly(() => fit(model, x, y, { ...options, initialEpoch }));
      assert.deepEqual(more.epoch, history.epoch.slice(initialEpoch));
      near(more.loss, history.loss.slice(initialEpoch), tolerance);
      near(weights(model), end, tolerance);
      assert.deepEqual(more.weights.epochs, [0, 1, 2, 3, 4, 5, 6].slice(initialEpoch));
    }
    assert.equal(tf.memory().numTensors, tensors);
  });
}

test("kept weights of compiled steps go on as if there had been no pause, to rounding", async () => {
  const model = smallModel(adam({ learningRate: 0.01 }));
  const compiled = { ...options, compileStep: true };
  const history = await quietly(() => fit(model, x, y, compiled));
  const end = weights(model);
  await history.weights.restore(3);
  const more = await quietly(() => fit(model, x, y, { ...compiled, initialEpoch: 3 }));
  near(more.loss, history.loss.slice(3), 1e-6);
  near(weights(model), end, 1e-6);
});

test("what a callback has made of the learning rate comes back with an epoch", async () => {
  const optimizer = sgd({ learningRate: 0.01 });
  const model = smallModel(optimizer);
  const callbacks = reduceOnPlateau({ monitor: "loss", patience: 0, minDelta: 10, factor: 0.5 });
  const { weights: kept } = await quietly(() => fit(model, x, y, { ...options, epochs: 4, callbacks }));
  const rates = [];
  for (const epoch of [4, 1, 0]) {
    await kept.restore(epoch);
    rates.push(optimizer.learningRate);
  }
  const last = rates[0] ?? Number.NaN;
  assert.ok(last < 0.01);
  assert.deepEqual(rates.slice(1), [0.01, 0.01]);
  model.compile({ optimizer: sgd({ learningRate: 1 }), loss: "meanSquaredError" });
  assert.equal(await kept.restore(2), false);
});

test("fitDataset() and fitTruncated() keep weights, too", async () => {
  const model = smallModel();
  const batches = () => [{ xs: x.clone(), ys: y.clone() }];
  const history = await quietly(() => fitDataset(model, batches, { epochs: 3, keepWeights: "epoch" }));
  const end = weights(model);
  await history.weights.restore(1);
  await quietly(() => fitDataset(model, batches, { epochs: 3, initialEpoch: 1 }));
  assert.deepEqual(weights(model), end);

  const recurrent = tf.sequential({
    layers: [
      layers.simpleRNN({ units: 3, stateful: true, returnSequences: true, batchInputShape: [2, null, 1] }),
      layers.dense({ units: 1 }),
    ],
  });
  recurrent.compile({ optimizer: adam(), loss: "meanSquaredError" });
  const series = tf.linspace(0, 1, 20).reshape([2, 10, 1]);
  const chunks = { steps: 4, epochs: 3, keepWeights: "epoch" } as const;
  const truncated = await quietly(() => fitTruncated(recurrent, series, series, chunks));
  const trained = weights(recurrent);
  await truncated.weights.restore(1);
  await quietly(() => fitTruncated(recurrent, series, series, { ...chunks, initialEpoch: 1 }));
  assert.deepEqual(weights(recurrent), trained);
});

test("beyond their bounds kept weights go to a file without a name, then every second epoch is forgotten", async () => {
  const before = process.env.TMPDIR;
  const folder = mkdtempSync(join(tmpdir(), "kept-"));
  process.env.TMPDIR = folder;
  try {
    const inMemory = await quietly(() => fit(smallModel(adam()), x, y, { ...options, epochs: 20 }));
    const model = smallModel(adam());
    const keepWeights = { memory: 0, disk: 1 };
    const onDisk = await quietly(() => fit(model, x, y, { ...options, epochs: 20, keepWeights }));
    assert.deepEqual([inMemory.weights.isOnDisk, onDisk.weights.isOnDisk], [false, true]);
    assert.equal(onDisk.weights.bytes, inMemory.weights.bytes);
    for (const epoch of onDisk.weights.epochs) {
      assert.deepEqual(await onDisk.weights.at(epoch, weights), await inMemory.weights.at(epoch, weights));
    }
    // Room for about six epochs, half of it in memory at most.
    const room = (6 * inMemory.weights.bytes) / 21 / 2 ** 20;
    const bounded = { ...options, epochs: 23, keepWeights: { memory: 0, disk: room } };
    const few = await quietly(() => fit(smallModel(adam()), x, y, bounded));
    assert.deepEqual(few.weights.epochs, [0, 8, 16, 23]);
    assert.ok(few.weights.bytes <= room * 2 ** 20);
    assert.deepEqual(await few.weights.at(16, weights), await inMemory.weights.at(16, weights));
    assert.deepEqual(readdirSync(folder), []);
    onDisk.weights.dispose();
    await assert.rejects(onDisk.weights.at(1, weights), {
      name: "RangeError",
      message: "Cannot go to an epoch: it must be kept, but all were disposed of, got 1",
    });
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(folder, { recursive: true });
  }
});

test("a visit to an epoch ends with the weights of now, whatever happens, and is alone", async () => {
  const model = smallModel();
  const { weights: kept, ...history } = await quietly(() => fit(model, x, y, options));
  assert.equal(JSON.stringify({ ...history, weights: kept }), JSON.stringify(history));
  const end = weights(model);
  const tensors = tf.memory().numTensors;
  const failing = kept.at(2, async () => {
    await new Promise(setImmediate);
    throw new Error("drawn wrong");
  });
  await assert.rejects(fit(model, x, y, { epochs: 1 }), {
    message: /^Cannot fit: the model is being trained/,
  });
  const busy = { message: /^Cannot go to epoch 3: the model is being trained, or is at another epoch/ };
  await assert.rejects(kept.at(3, weights), busy);
  await assert.rejects(kept.restore(3), busy);
  await assert.rejects(failing, { message: "drawn wrong" });
  assert.deepEqual(weights(model), end);
  await assert.rejects(kept.at(7, weights), {
    name: "RangeError",
    message: "Cannot go to an epoch: it must be one of 0 to 6, got 7",
  });
  assert.equal(tf.memory().numTensors, tensors);
});

test("a training that fails keeps nothing, and fit() names what it cannot keep", async () => {
  const attempts: [Partial<FitOptions>, string][] = [
    [
      { keepWeights: { memory: -1 } },
      "RangeError: Cannot fit: keepWeights.memory must be a number of MiB from 0, got -1",
    ],
    [
      { keepWeights: { disk: Number.NaN } },
      "RangeError: Cannot fit: keepWeights.disk must be a number of MiB from 0, got NaN",
    ],
    [
      { keepWeights: "batch" as never },
      "TypeError: Cannot fit: keepWeights must be \"epoch\" or an object such as { memory: 256 }, got 'batch'",
    ],
    [{ initialEpoch: 6 }, "RangeError: Cannot fit: initialEpoch must be an integer from 0 to 5, got 6"],
  ];
  for (const [wrong, message] of attempts) {
    await assert.rejects(
      quietly(() => fit(smallModel(), x, y, { ...options, ...wrong })),
      (error) => String(error) === message,
    );
  }
});

test("timeTravel() shows a picture of some epochs where no slider can be", async () => {
  const model = smallModel();
  const history = await quietly(() => fit(model, x, y, { ...options, epochs: 20 }));
  const end = weights(model);
  const seen: Partial<Moment>[] = [];
  const draw = ({ model: then, epoch, loss }: Moment) => {
    seen.push({ epoch, loss: loss as number });
    return lineFigure({ name: "output", y: (then.predict(x) as tf.Tensor).dataSync() }, { title: "any" });
  };
  const bundle = await timeTravel(history, draw)[richDisplay]();
  assert.deepEqual(
    seen.slice(0, 4).map(({ epoch }) => epoch),
    [0, 2, 7, 20],
  );
  assert.deepEqual(seen[2], { epoch: 7, loss: history.loss[6] });
  assert.equal(seen[0]?.loss, undefined);
  for (const epoch of [0, 2, 7, 20])
    assert.match(String(bundle["image/svg+xml"]), new RegExp(`>epoch ${epoch}<`));
  assert.equal(bundle["text/plain"], "Figure of epoch 0, 2, 7, 20");
  const one = await timeTravel(history, draw, { frames: 1 })[richDisplay]();
  assert.match(String(one["image/svg+xml"]), />any</);
  const text = await timeTravel(history, ({ epoch }) => `after ${epoch}`)[richDisplay]();
  assert.deepEqual(text, { "text/plain": "after 20" });
  assert.deepEqual(weights(model), end);
  assert.throws(() => timeTravel({ loss: [] } as never, draw), {
    name: "TypeError",
    message:
      'Cannot travel in time: the history must have weights, got undefined; train with keepWeights: "epoch"',
  });
});

/** It is compiled, which is the test, and never called. */
async function typed(given: FitOptions): Promise<void> {
  const model = smallModel();
  const kept: KeptHistory = await fit(model, x, y, { epochs: 1, keepWeights: { memory: 1 } });
  void kept.weights.epochs;
  const none = await fit(model, x, y, { epochs: 1 });
  // @ts-expect-error nothing was to be kept
  void none.weights;
  const perhaps = await fit(model, x, y, given);
  // @ts-expect-error perhaps nothing was to be kept
  void perhaps.weights.epochs;
  // @ts-expect-error no such option
  await fit(model, x, y, { epochs: 1, keepWeight: "epoch" });
  // @ts-expect-error no such way
  await fit(model, x, y, { epochs: 1, keepWeights: "batch" });
}

test("the compiler knows whether a history has weights", () => assert.equal(typeof typed, "function"));
