import assert from "node:assert/strict";
import { test } from "node:test";
import { layers } from "../../src/layers/index.js";
import { adam } from "../../src/optimizers/index.js";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import { nodeBackend } from "../../src/tfjs/backend.js";
import {
  type Callback,
  type FitOptions,
  type FitTruncatedOptions,
  fit,
  fitDataset,
  fitTruncated,
  trainingStep,
} from "../../src/training/index.js";
import { quietly } from "../quiet.js";
import { difference, TOLERANCE } from "./compiled-models.js";
import { countPrograms, opByOp } from "./programs.js";
import { weights } from "./small-model.js";

const options = { skip: nativeOps().available ? false : "the native ops are not built" };

const [SEQUENCES, FEATURES] = [3, 2];
const noise = (seed: number, ...shape: number[]) => tf.randomNormal(shape, 0, 1, "float32", seed);

/** The same numbers in each model of these layers. */
function withWeights<Model extends tf.LayersModel>(model: Model): Model {
  tf.tidy(() => model.setWeights(model.getWeights().map(({ shape }, i) => noise(i + 1, ...shape).mul(0.3))));
  return model;
}

function compiled<Model extends tf.LayersModel>(model: Model, metrics: string[] = ["mae"]): Model {
  model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: "meanSquaredError", metrics });
  return withWeights(model);
}

type Kind = "simpleRNN" | "lstm" | "gru";
const KINDS: readonly Kind[] = ["simpleRNN", "lstm", "gru"];

/** A stateful layer of one kind, that reads inputs of any length. */
function reader(kind: Kind, more: object = {}): tf.RNN {
  const args = { units: 3, stateful: true, returnSequences: true, ...more };
  return layers[kind](args);
}
const batchInputShape: [number, null, number] = [SEQUENCES, null, FEATURES];

/** The layers within a model that keep states, in its order. */
function readersOf(layer: tf.layers.Layer): tf.RNN[] {
  const {
    layers: parts = [],
    forwardLayer,
    backwardLayer,
  } = layer as unknown as Record<string, tf.layers.Layer | undefined> & {
    readonly layers?: tf.layers.Layer[];
  };
  const within = [...parts, forwardLayer, backwardLayer].flatMap((each) => (each ? readersOf(each) : []));
  return layer instanceof tf.RNN && layer.stateful ? [layer] : within;
}
const statesOf = (model: tf.LayersModel): number[] =>
  readersOf(model).flatMap(({ states }) => states.flatMap((state) => [...state.dataSync()]));

/** Writes down what the layers of a model keep whenever a callback may look. */
function watch(model: tf.LayersModel, seen: number[]): Callback {
  const look = () => void seen.push(...statesOf(model));
  return { onEpochBegin: look, onBatchBegin: look, onBatchEnd: look, onEpochEnd: look, onTrainEnd: look };
}

/** Trains two models, one of them op by op, and compares all that can be seen of them. */
async function requireSame(
  name: string,
  make: () => tf.LayersModel,
  train: (model: tf.LayersModel, more: { compileStep: boolean }, seen: number[]) => Promise<unknown>,
): Promise<void> {
  const [one, other] = [make(), make()];
  const [got, expected]: [number[], number[]] = [[], []];
  const programs = await countPrograms(() => quietly(() => train(one, { compileStep: true }, got)));
  assert.deepEqual(trainingStep(one), { compiled: true }, name);
  assert.ok(programs > 0, name);
  await quietly(() => train(other, { compileStep: false }, expected));
  for (const [model, numbers] of [
    [one, got],
    [other, expected],
  ] as const)
    numbers.push(...weights(model), ...statesOf(model));
  assert.ok(expected.some((each) => each !== 0));
  const off = difference(got, expected);
  assert.ok(off <= TOLERANCE, `${name}: ${off}`);
}

const [TIME, STEPS] = [22, 4];
const x = noise(101, SEQUENCES, TIME, FEATURES);
const y = noise(102, SEQUENCES, TIME, 1);

/** Trains chunk by chunk: nine epochs of six updates. The last chunk is shorter. */
async function truncated(
  model: tf.LayersModel,
  more: Partial<FitTruncatedOptions>,
  seen: number[],
): Promise<void> {
  const history = await fitTruncated(model, x, y, { steps: STEPS, epochs: 9, ...more });
  seen.push(...history.loss, ...(history.valLoss ?? []), ...Object.values(history.metrics).flat());
}

test("fitTruncated() is compiled, with the numbers and the states of steps op by op", options, async () => {
  for (const kind of KINDS) {
    const make = () =>
      compiled(
        tf.sequential({
          layers: [reader(kind, { batchInputShape }), reader(kind, { units: 4 }), layers.dense({ units: 1 })],
        }),
      );
    await requireSame(kind, make, truncated);
    await requireSame(`${kind} in view of callbacks, validated`, make, (model, more, seen) =>
      truncated(model, { ...more, callbacks: watch(model, seen), validationData: [x, y] }, seen),
    );
  }
});

test("masks, dropout, models within models and layers of both directions keep states", options, async () => {
  const models: Readonly<Record<string, () => tf.layers.Layer[]>> = {
    masks: () => [
      layers.masking({ maskValue: 0, batchInputShape }),
      reader("gru", { zeroOutputForMask: true }),
    ],
    dropout: () => [reader("lstm", { batchInputShape, dropout: 0.3, seed: 5 })],
    "a model within": () => [tf.sequential({ layers: [reader("simpleRNN", { batchInputShape })] })],
    "both directions": () => [layers.bidirectional({ layer: reader("lstm"), batchInputShape })],
  };
  const zeros = tf.tidy(() => x.mul(tf.greater(noise(3, SEQUENCES, TIME, 1), 0)));
  for (const [name, make] of Object.entries(models))
    await requireSame(
      name,
      () => compiled(tf.sequential({ layers: [...make(), layers.dense({ units: 1 })] })),
      async (model, more, seen) => {
        const data = name === "masks" ? zeros : x;
        const given = { steps: STEPS, epochs: 9, ...more, callbacks: watch(model, seen) };
        seen.push(...(await fitTruncated(model, data, y, given)).loss);
      },
    );
});

/** A model that puts out what its layer keeps. */
const stateItself = () =>
  compiled(tf.sequential({ layers: [reader("gru", { units: 1, returnSequences: false, batchInputShape })] }));
const [BATCHES, LENGTH] = [60, 5];
const MANY = BATCHES * SEQUENCES;
const batches = { x: noise(103, MANY, LENGTH, FEATURES), y: noise(104, MANY, 1) };

test("fit() hands states from batch to batch, several of them in one call", options, async () => {
  const train = async (model: tf.LayersModel, more: Partial<FitOptions>, seen: number[]) => {
    const history = await fit(model, batches.x, batches.y, {
      epochs: 2,
      batchSize: SEQUENCES,
      validationData: [batches.x, batches.y],
      ...more,
    });
    seen.push(...history.loss, ...(history.valLoss ?? []), ...Object.values(history.metrics).flat());
  };
  await requireSame("a state that is the prediction", stateItself, train);
  const [together, apart] = [stateItself(), stateItself()];
  const seen: number[][] = [[], []];
  const calls = await countPrograms(() => quietly(() => train(together, {}, seen[0] ?? [])));
  const single = await countPrograms(() =>
    quietly(() => train(apart, { callbacks: { onBatchEnd: () => {} } }, seen[1] ?? [])),
  );
  assert.ok(2 * calls < single, `${calls} calls beside ${single}`);
  assert.deepEqual([...weights(together), ...statesOf(together)], [...weights(apart), ...statesOf(apart)]);
  assert.ok(difference(seen[0] ?? [], seen[1] ?? []) <= TOLERANCE);
});

test("states that callbacks set count at the next step, one tensor for several too", options, async () => {
  const make = () =>
    compiled(tf.sequential({ layers: [reader("lstm", { batchInputShape }), layers.dense({ units: 1 })] }));
  await requireSame("states from outside", make, (model, more, seen) => {
    const [layer] = readersOf(model) as [tf.RNN];
    const start = tf.tidy(() => noise(7, SEQUENCES, 3).mul(0.5));
    const turns: (() => void)[] = [
      () => layer.resetStates([start, start]),
      () => model.resetStates(),
      () => layer.resetStates(tf.tidy(() => layer.states.map((state) => tf.keep(state.mul(-2))))),
      () => undefined,
    ];
    const callbacks: Callback[] = [
      watch(model, seen),
      { onBatchEnd: (step) => turns[step % turns.length]?.(), onEpochBegin: turns[0] as () => void },
      watch(model, seen),
    ];
    return truncated(model, { ...more, callbacks }, seen);
  });
});

test(
  "a training may go on op by op, and compiled again, from the states that there are",
  options,
  async () => {
    const make = () =>
      compiled(tf.sequential({ layers: [reader("gru", { batchInputShape }), layers.dense({ units: 1 })] }));
    function* chunks() {
      for (let start = 0; start + STEPS <= TIME; start += STEPS)
        yield { xs: x.slice([0, start], [-1, STEPS]), ys: y.slice([0, start], [-1, STEPS]) };
    }
    await requireSame("in turns", make, async (model, { compileStep }, seen) => {
      for (const isCompiled of [true, false, true, false, true]) {
        const more = { epochs: 2, compileStep: compileStep && isCompiled };
        seen.push(...(await fitDataset(model, chunks, more)).loss, ...statesOf(model));
      }
    });
  },
);

test("a layer that is given its first states keeps the last ones", options, async () => {
  const make = () => {
    const input = tf.input({ batchShape: [SEQUENCES, LENGTH, FEATURES] });
    const start = tf.input({ batchShape: [SEQUENCES, 3] });
    const read = reader("gru", { returnSequences: false }).apply([input, start]) as tf.SymbolicTensor;
    const outputs = layers.dense({ units: 1 }).apply(read) as tf.SymbolicTensor;
    return compiled(tf.model({ inputs: [input, start], outputs }));
  };
  const starts = noise(105, MANY, 3);
  await requireSame("first states", make, async (model, more, seen) => {
    const given = { epochs: 2, batchSize: SEQUENCES, ...more };
    seen.push(...(await fit(model, [batches.x, starts], batches.y, given)).loss);
  });
});

test(
  "predictions and evaluations go on from the states that there are, and leave theirs",
  options,
  async () => {
    for (const kind of KINDS) {
      const make = () =>
        compiled(
          tf.sequential({
            layers: [
              reader(kind, { batchInputShape }),
              reader(kind, { returnSequences: false }),
              layers.dense({ units: 1 }),
            ],
          }),
        );
      const [one, other] = [make(), make()];
      const turn = (model: tf.LayersModel): number[] =>
        tf.tidy(() => {
          const given = { batchSize: SEQUENCES };
          const predicted = model.predict(batches.x, given) as tf.Tensor;
          const numbers = [...predicted.dataSync(), ...statesOf(model)];
          const measured = model.evaluate(batches.x, batches.y, given) as tf.Tensor[];
          numbers.push(...measured.flatMap((each) => [...each.dataSync()]), ...statesOf(model));
          const [first, second] = [batches.x.slice(0, SEQUENCES), batches.x.slice(SEQUENCES, SEQUENCES)];
          for (const each of [first, second]) numbers.push(...(model.predict(each) as tf.Tensor).dataSync());
          model.resetStates();
          numbers.push(...(model.predict(first) as tf.Tensor).dataSync(), ...statesOf(model));
          return numbers;
        });
      const programs = await countPrograms(() => {
        for (let each = 1; each <= 3; each++) {
          const off = difference(
            turn(one),
            opByOp(() => turn(other)),
          );
          assert.ok(off <= TOLERANCE, `${kind}, turn ${each}: ${off}`);
        }
      });
      // Of as many batches, several are predicted in one call.
      assert.ok(programs > 3 * BATCHES && programs < 5 * BATCHES, `${programs} programs`);
    }
  },
);

test(
  "a copy of a model begins with states of zeros, and a word without a row changes none",
  options,
  async () => {
    const make = () =>
      compiled(
        tf.sequential({
          layers: [
            layers.embedding({ inputDim: 5, outputDim: 2, batchInputShape: [SEQUENCES, LENGTH] }),
            reader("lstm", { returnSequences: false }),
            layers.dense({ units: 1 }),
          ],
        }),
      );
    const words = tf.tidy(() =>
      tf
        .range(0, MANY * LENGTH)
        .mod(5)
        .reshape([MANY, LENGTH]),
    );
    const model = make();
    await quietly(() => fit(model, words, batches.y, { epochs: 1, batchSize: SEQUENCES }));
    const kept = statesOf(model);
    assert.ok(kept.some((each) => each !== 0));
    const saved = model.toJSON(undefined, false) as Parameters<typeof tf.models.modelFromJSON>[0];
    const copy = await tf.models.modelFromJSON(saved);
    assert.ok(statesOf(copy).every((each) => each === 0));
    copy.setWeights(model.getWeights());
    model.resetStates();
    const given = { batchSize: SEQUENCES };
    assert.deepEqual(
      [...(copy.predict(words, given) as tf.Tensor).dataSync()],
      [...(model.predict(words, given) as tf.Tensor).dataSync()],
    );
    const [before, unknown] = [statesOf(model), tf.fill([SEQUENCES, LENGTH], 5)];
    const failing = fit(model, unknown, tf.ones([SEQUENCES, 1]), {
      epochs: 1,
      verbose: 0,
      batchSize: SEQUENCES,
    });
    await assert.rejects(failing, /the index value 5 is not in \[0, 4\]/);
    assert.deepEqual(statesOf(model), before);
  },
);

test(
  "states leave no tensor and no byte behind, whether training ends, is stopped or fails",
  options,
  async () => {
    const model = compiled(
      tf.sequential({
        layers: [
          reader("lstm", { batchInputShape }),
          layers.bidirectional({ layer: reader("gru") }),
          layers.dense({ units: 1 }),
        ],
      }),
    );
    const handles = () =>
      (nodeBackend().binding as unknown as { getNumOfTensors(): number }).getNumOfTensors();
    const train = (callbacks: Callback = {}) =>
      quietly(() =>
        fitTruncated(model, x, y, { steps: STEPS, epochs: 3, validationData: [x, y], callbacks }),
      );
    const use = async () => {
      await train();
      await train({
        onBatchEnd: (step) => {
          model.stopTraining = step === 2;
        },
      });
      const failure = new Error("of the callback");
      let steps = 0;
      const failing = train({
        onBatchEnd: () => {
          if (++steps === 5) throw failure;
        },
      });
      await assert.rejects(failing, failure);
      for (let turn = 0; turn < 4; turn++)
        tf.tidy(() => {
          model.predict(x);
          model.evaluate(x, y, { batchSize: SEQUENCES });
        });
    };
    await use();
    const counts = () => [tf.memory().numTensors, tf.memory().numBytes, handles()];
    const before = counts();
    for (let turn = 0; turn < 3; turn++) await use();
    assert.deepEqual(counts(), before);
  },
);
