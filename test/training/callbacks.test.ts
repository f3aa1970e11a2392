import assert from "node:assert/strict";
import { test } from "node:test";
import { sgd } from "../../src/optimizers/index.js";
import * as tf from "../../src/tensorflow.js";
import {
  type Callback,
  type EarlyStoppingOptions,
  earlyStopping,
  fit,
  type Logs,
  learningRateSchedule,
  reduceOnPlateau,
} from "../../src/training/index.js";
import { quietly } from "../quiet.js";
import { smallModel, weights, x, y } from "./small-model.js";

test("callbacks are called in order with what they are promised, tfjs's own too", async () => {
  const calls: string[] = [];
  const names = (logs?: Logs) => Object.keys(logs ?? {}).join("+");
  const spy: Callback = {
    setModel: () => calls.push("setModel"),
    onTrainBegin: () => calls.push("trainBegin"),
    onTrainEnd: () => calls.push("trainEnd"),
    onEpochBegin: (epoch) => calls.push(`epochBegin ${epoch}`),
    onEpochEnd: async (epoch, logs) => {
      await new Promise(setImmediate);
      calls.push(`epochEnd ${epoch} ${names(logs)}`);
    },
    onBatchBegin: (batch) => calls.push(`batchBegin ${batch}`),
    onBatchEnd: (batch, logs) => calls.push(`batchEnd ${batch} ${names(logs)}`),
    dispose: () => calls.push("dispose"),
  };
  const theirs = new tf.CustomCallback({ onEpochEnd: async (epoch) => void calls.push(`tfjs ${epoch}`) });
  await quietly(() =>
    fit(smallModel(), x, y, { epochs: 1, batchSize: 10, validationData: [x, y], callbacks: [spy, theirs] }),
  );
  assert.deepEqual(calls, [
    "setModel",
    "trainBegin",
    "epochBegin 0",
    "batchBegin 0",
    "batchEnd 0 loss+mae",
    "batchBegin 1",
    "batchEnd 1 loss+mae",
    "epochEnd 0 loss+val_loss+mae+val_mae",
    "tfjs 0",
    "trainEnd",
    "dispose",
  ]);
});

test("a callback can end the training in the middle of an epoch", async () => {
  const trained = smallModel();
  const onBatchEnd = (batch: number) => {
    if (batch === 1) trained.stopTraining = true;
  };
  const history = await quietly(() =>
    fit(trained, x, y, { epochs: 5, batchSize: 5, callbacks: { onBatchEnd } }),
  );
  assert.deepEqual(history.epoch, [1]);
  assert.equal(trained.optimizer.iterations, 2);
  const again = await quietly(() => fit(trained, x, y, { epochs: 2 }));
  assert.deepEqual(again.epoch, [1, 2]);
});

test("earlyStopping() gives back the best weights and leaves nothing behind, also when training fails", async () => {
  const trained = smallModel(sgd({ learningRate: 0.5 }));
  const before = tf.memory().numTensors;
  let best: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  // The rate is raised until the training goes wrong.
  const stop = earlyStopping({ monitor: "loss", patience: 2, restoreBestWeights: true });
  const rise = learningRateSchedule((epoch) => 0.1 * 3 ** epoch);
  const onEpochEnd = ({ loss }: { loss: number }) => {
    if (loss < least) [least, best] = [loss, weights(trained)];
  };
  const history = await quietly(() =>
    fit(trained, x, y, { epochs: 30, callbacks: [rise, stop], onEpochEnd }),
  );
  assert.equal(stop.best, Math.min(...history.loss));
  assert.equal(history.epoch.length, stop.bestEpoch + 3);
  assert.equal(stop.stoppedEpoch, stop.bestEpoch + 2);
  assert.deepEqual(weights(trained), best);
  const fail = () => {
    throw new Error("enough");
  };
  await assert.rejects(
    quietly(() => fit(trained, x, y, { epochs: 3, callbacks: [stop, { onEpochEnd: fail }] })),
    { message: "enough" },
  );
  assert.equal(tf.memory().numTensors, before);
});

test("an equal value is no improvement, nor one that is better by no more than minDelta", async () => {
  const improvements = (values: number[], options: EarlyStoppingOptions) => {
    const stop = earlyStopping({ monitor: "loss", patience: 99, ...options });
    stop.onTrainBegin();
    return values.flatMap((loss, epoch) => {
      stop.onEpochEnd(epoch, { loss });
      return stop.bestEpoch === epoch ? [epoch] : [];
    });
  };
  assert.deepEqual(improvements([3, 3, 2, 2, 4, 1], {}), [0, 2, 5]);
  assert.deepEqual(improvements([3, 3, 2, 2, 4, 1], { mode: "max" }), [0, 4]);
  assert.deepEqual(improvements([4, 3, 2.5, 2, 1.5], { minDelta: 1 }), [0, 2]);
  // With a rate of nothing the loss stays what it is.
  const stop = earlyStopping({ monitor: "loss", patience: 2 });
  const history = await quietly(() =>
    fit(smallModel(), x, y, {
      epochs: 9,
      shuffle: false,
      callbacks: [learningRateSchedule(() => 1e-30), stop],
    }),
  );
  assert.equal(new Set(history.loss).size, 1);
  assert.deepEqual([history.epoch.length, stop.bestEpoch, stop.stoppedEpoch], [3, 0, 2]);
});

test("callbacks refuse what cannot be, and what is not there", async () => {
  assert.throws(() => earlyStopping({ patience: -1 }), {
    name: "RangeError",
    message: "Cannot stop early: patience must be a non-negative integer, got -1",
  });
  assert.throws(
    () => earlyStopping({ mode: "best" as never }),
    /mode must be "auto", "min" or "max", got best/,
  );
  assert.throws(() => earlyStopping({ minDelta: -1 }), /minDelta must be a number from 0, got -1/);
  assert.throws(() => reduceOnPlateau({ factor: 1 }), /factor must be more than 0 and less than 1, got 1/);
  await assert.rejects(
    quietly(() => fit(smallModel(), x, y, { epochs: 1, callbacks: earlyStopping() })),
    {
      message: "Cannot stop early: the logs must have val_loss, got loss, mae; give validationData to fit()",
    },
  );
  const stock = smallModel(tf.train.sgd(0.1));
  await assert.rejects(
    quietly(() => fit(stock, x, y, { epochs: 1, callbacks: reduceOnPlateau() })),
    {
      name: "TypeError",
      message:
        "Cannot change the learning rate: the optimiser must be one of rnnlab/optimizers, got SGD of tfjs",
    },
  );
});

test("reduceOnPlateau() begins anew with each training, without the rest after the last one", async () => {
  const lower = reduceOnPlateau({ monitor: "loss", factor: 0.5, patience: 1, cooldown: 9, minDelta: 1e6 });
  for (const training of ["first", "second"]) {
    const model = smallModel(sgd({ learningRate: 0.1 }));
    await quietly(() => fit(model, x, y, { epochs: 2, callbacks: lower }));
    const { learningRate } = model.optimizer as ReturnType<typeof sgd>;
    assert.equal(learningRate, 0.05, training);
  }
});
