import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "rnnlab";
import { encodeReview, getWordIndex } from "rnnlab/datasets";
import { seededLayers } from "rnnlab/layers";
import { predictText } from "rnnlab/models";
import { padSequences, TextVectorization } from "rnnlab/preprocessing";

const texts = ["a good film", "no plot", "a bad film with no plot at all", ""];
const vectorization = new TextVectorization().adapt(texts);

function classifier(
  classes: number,
  activation: "sigmoid" | "softmax" | "linear",
  steps: number | null = null,
) {
  const layers = seededLayers(3);
  return tf.sequential({
    layers: [
      layers.embedding({ inputDim: 30, outputDim: 4, inputShape: [steps] }),
      layers.gru({ units: 3 }),
      layers.dense({ units: classes, activation, biasInitializer: "ones" }),
    ],
  });
}

/** What the model says of one row of numbers. */
const predictRow = (model: tf.LayersModel, row: ArrayLike<number>) =>
  tf.tidy(() => (model.predict(tf.tensor([Array.from(row)])) as tf.Tensor).dataSync());

test("predictText() predicts each text of a list as it is alone, and leaves no tensor", async () => {
  const model = classifier(1, "sigmoid");
  const rows = [...texts.slice(0, 3).map((text) => vectorization.encode(text)), [0]];
  const expected = rows.map((row) => predictRow(model, row));
  const before = tf.memory().numTensors;
  const all = await predictText(model, texts, { vectorization, batchSize: 2 });
  all.forEach((each, i) => {
    assert.equal(each.length, 1);
    assert.ok(Math.abs((each[0] ?? 0) - (expected[i]?.[0] ?? 1)) < 1e-6);
  });
  assert.deepEqual(await predictText(model, "a good film", { vectorization }), expected[0]);
  assert.equal(tf.memory().numTensors, before);
});

test("predictText() numbers words as loadImdb does, and pads before the first word", async () => {
  const wordIndex = await getWordIndex({ source: "sample" });
  const model = classifier(2, "softmax", 6);
  const options = { wordIndex, numWords: 30 };
  const numbers = encodeReview("The film was wonderful!", wordIndex, options);
  assert.equal(numbers[0], 1);
  const row = padSequences([numbers], { maxLength: 6 }).values;
  const probabilities = await predictText(model, "The film was wonderful!", options);
  assert.deepEqual(probabilities, predictRow(model, row));
  assert.ok(Math.abs((probabilities[0] ?? 0) + (probabilities[1] ?? 0) - 1) < 1e-6);
  const post = padSequences([numbers], { maxLength: 6, padding: "post" }).values;
  assert.deepEqual(
    await predictText(model, "The film was wonderful!", { ...options, padding: "post" }),
    predictRow(model, post),
  );
});

test("predictText() turns logits into probabilities when it is told of them", async () => {
  for (const [classes, activation] of [
    [1, "sigmoid"],
    [3, "softmax"],
  ] as const) {
    const [linear, expected] = [classifier(classes, "linear"), classifier(classes, activation)];
    const found = await predictText(linear, "a bad plot", { vectorization, fromLogits: true });
    const wanted = await predictText(expected, "a bad plot", { vectorization });
    assert.ok(found.every((value, i) => Math.abs(value - (wanted[i] ?? 2)) < 1e-6));
  }
  await assert.rejects(predictText(biased(), "a bad plot", { vectorization }), {
    name: "RangeError",
    message:
      /^Cannot predict text: outputs must be probabilities from 0 to 1, got [\d.]+; say fromLogits: true/,
  });
});

function biased() {
  const model = classifier(1, "linear");
  const weights = model.getWeights();
  model.setWeights([...weights.slice(0, -1), tf.tensor([9])]);
  return model;
}

test("predictText() refuses what it cannot predict from", async () => {
  const model = classifier(1, "sigmoid");
  const wordIndex = await getWordIndex({ source: "sample" });
  const refusals: [Promise<unknown>, RegExp][] = [
    [predictText(model, "a", {}), /there must be a vectorization or a wordIndex, got neither/],
    [predictText(model, "a", { vectorization, wordIndex }), /a vectorization or a wordIndex, got both/],
    [predictText(model, [], { vectorization }), /there must be at least one text, got none/],
    [predictText(model, [3] as never, { vectorization }), /text must be a string or a list of strings/],
    [predictText(model, "a", { vectorization, batchSize: 0 }), /batchSize must be a positive integer, got 0/],
    [
      predictText(model, "a", { vectorization: new TextVectorization() }),
      /must have a vocabulary, got none yet/,
    ],
    [
      predictText(model, "the film was wonderful", { wordIndex }),
      /numbers of words must be below 30, the model's embedding, got \d+; give the vocabulary/,
    ],
    [
      predictText(
        tf.sequential({ layers: [tf.layers.embedding({ inputDim: 30, outputDim: 2, inputShape: [null] })] }),
        "a",
        { vectorization },
      ),
      /the model must have one output \[batch, classes\], got \[1, 1, 2\]/,
    ],
  ];
  for (const [refused, message] of refusals) await assert.rejects(refused, { message });
});
