import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { tf } from "rnnlab";
import { getWordIndex, loadImdb, loadImdbText, loadMnist } from "rnnlab/datasets";

const sample = { source: "sample" } as const;

const sha256 = (...parts: NodeJS.TypedArray[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 16);
};

function assertSynthetic(data: { synthetic: boolean; source: string }): void {
  assert.deepEqual([data.synthetic, data.source, "file" in data], [true, "embedded sample", false]);
}

describe("the sample of reviews", () => {
  it("has the real data's types and shapes, and says that it is synthetic", async () => {
    const [imdb, texts, wordIndex] = [
      await loadImdb(sample),
      await loadImdbText(sample),
      await getWordIndex(sample),
    ];
    for (const data of [imdb, texts, wordIndex]) assertSynthetic(data);
    for (const split of ["train", "test"] as const) {
      for (const { reviews, labels } of [imdb[split], texts[split]]) {
        assert.deepEqual([reviews.length, labels.length], [25_000, 25_000]);
        assert.equal(
          labels.reduce((sum, label) => sum + label, 0),
          12_500,
        );
      }
    }
    const lengths = imdb.train.reviews.map(({ length }) => length);
    assert.ok(Math.min(...lengths) < 30 && Math.max(...lengths) > 300);
    assert.equal(new Set(wordIndex.words).size, wordIndex.words.length);
    assert.match(texts.train.reviews.join(" "), /^[\w ,.!'<>/]+$/);
  });

  it("is the same everywhere and at every call", async () => {
    const { train, test } = await loadImdb(sample);
    const all = [...train.reviews, train.labels, ...test.reviews, test.labels];
    assert.equal(sha256(...all), "95a9f55ed6b61de1");
    train.reviews[0]?.fill(0);
    assert.equal((await loadImdb(sample)).train.reviews[0]?.[0], 1);
  });

  it("numbers words by how often they occur in the training reviews", async () => {
    const { words } = await getWordIndex(sample);
    const { train } = await loadImdb({ ...sample, startChar: null, indexFrom: 0, numWords: 100_000 });
    const counts = new Int32Array(words.length);
    for (const review of train.reviews) for (const word of review) counts[word]!++;
    assert.deepEqual(
      [...counts.subarray(1)],
      [...counts.subarray(1)].sort((a, b) => b - a),
    );
    assert.equal(counts[0], 0);
  });

  it("teaches a small model to tell more than 85 of 100 unseen reviews", async () => {
    const { train, test } = await loadImdb(sample);
    const numWords = (await getWordIndex(sample)).words.length + 3;
    const [count, length] = [3000, 100];
    const [x, y] = padded(train, count, length);
    const [xTest, yTest] = padded(test, 1000, length);
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({
          inputDim: numWords,
          outputDim: 8,
          inputLength: length,
          embeddingsInitializer: tf.initializers.randomUniform({ minval: -0.05, maxval: 0.05, seed: 1 }),
        }),
        tf.layers.globalAveragePooling1d({}),
        tf.layers.dense({
          units: 1,
          activation: "sigmoid",
          kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
        }),
      ],
    });
    const accuracy = await fitAndScore(model, {
      loss: "binaryCrossentropy",
      epochs: 8,
      rate: 0.01,
      data: [x, y, xTest, yTest],
    });
    assert.ok(accuracy > 0.85, `accuracy ${accuracy}`);
  });
});

describe("the sample of digits", () => {
  it("has the real data's types and shapes, and says that it is synthetic", async () => {
    const mnist = await loadMnist(sample);
    assertSynthetic(mnist);
    for (const [split, count] of [
      ["train", 60_000],
      ["test", 10_000],
    ] as const) {
      const { images, shape, labels } = mnist[split];
      assert.deepEqual([shape, images.length, labels.length], [[count, 28, 28], count * 784, count]);
      assert.deepEqual(new Set(labels), new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
      const mean = images.reduce((sum, grey) => sum + grey, 0) / images.length / 255;
      assert.ok(mean > 0.08 && mean < 0.2, `mean grey ${mean}`);
    }
  });

  it("is the same everywhere and at every call", async () => {
    const { train, test } = await loadMnist(sample);
    assert.equal(sha256(train.labels, test.labels), "93979149f4454697");
    assert.equal(sha256(train.images, test.images), "8f80572f25d73eb2");
  });

  it("teaches a small recurrent model to tell more than 90 of 100 unseen digits", async () => {
    const { train, test } = await loadMnist(sample);
    const take = ({ images, labels }: typeof train, count: number): [tf.Tensor, tf.Tensor] => [
      tf.tensor3d(
        Float32Array.from(images.subarray(0, count * 784), (grey) => grey / 255),
        [count, 28, 28],
      ),
      tf.tensor1d(Float32Array.from(labels.subarray(0, count))),
    ];
    const model = tf.sequential({
      layers: [
        tf.layers.simpleRNN({
          units: 64,
          activation: "relu",
          inputShape: [28, 28],
          kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
          recurrentInitializer: tf.initializers.identity({ gain: 0.9 }),
        }),
        tf.layers.dense({
          units: 10,
          activation: "softmax",
          kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
        }),
      ],
    });
    const data = [...take(train, 3000), ...take(test, 1000)] as const;
    const accuracy = await fitAndScore(model, {
      loss: "sparseCategoricalCrossentropy",
      epochs: 1,
      rate: 0.003,
      data,
    });
    assert.ok(accuracy > 0.9, `accuracy ${accuracy}`);
  });
});

/** The first reviews, cut or padded at the end, with their labels. */
function padded(
  { reviews, labels }: { reviews: Int32Array[]; labels: Int32Array },
  count: number,
  length: number,
): [tf.Tensor, tf.Tensor] {
  const flat = new Float32Array(count * length);
  for (let i = 0; i < count; i++) flat.set(reviews[i]!.subarray(0, length), i * length);
  return [
    tf.tensor2d(flat, [count, length]),
    tf.tensor2d(Float32Array.from(labels.subarray(0, count)), [count, 1]),
  ];
}

interface Training {
  readonly loss: string;
  readonly epochs: number;
  readonly rate: number;
  readonly data: readonly [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
}

/** Trains without shuffling, which has no seed, and returns the accuracy on the last two tensors. */
async function fitAndScore(model: tf.LayersModel, { loss, epochs, rate, data }: Training): Promise<number> {
  const [x, y, xTest, yTest] = data;
  model.compile({ optimizer: tf.train.adam(rate), loss, metrics: ["accuracy"] });
  await model.fit(x, y, { epochs, batchSize: 64, shuffle: false, verbose: 0 });
  const [, accuracy] = model.evaluate(xTest, yTest) as tf.Scalar[];
  return accuracy!.dataSync()[0]!;
}
