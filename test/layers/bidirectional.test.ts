import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { layers, tf } from "rnnlab";
import { saveModel } from "rnnlab/models";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-bidirectional-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const x = [
  [0.5, -1, 0.25],
  [1, 2, -0.5],
  [-0.75, 0.1, 0.9],
  [0.3, 0.2, -1],
];

/** What a Bidirectional of two unlike layers puts out, and what both put out by themselves. */
async function outputs(mergeMode: "concat" | null, returnSequences: boolean) {
  const ahead = layers.lstm({ units: 2, returnSequences });
  const back = layers.gru({ units: 3, returnSequences, goBackwards: true });
  const both = layers.bidirectional({ layer: ahead, backwardLayer: back, mergeMode: mergeMode as never });
  const input = tf.input({ shape: [4, 3] });
  const ends = both.apply(input) as tf.SymbolicTensor | tf.SymbolicTensor[];
  const model = tf.model({ inputs: input, outputs: ends });
  const weights = both.getWeights();
  const alone = [
    layers.lstm({ units: 2, returnSequences }),
    layers.gru({ units: 3, returnSequences, goBackwards: true }),
  ].map((layer, i) => {
    const single = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [4, 3] }), layer] });
    single.setWeights(i === 0 ? weights.slice(0, 3) : weights.slice(3));
    return single.predict(tf.tensor3d([x])) as tf.Tensor;
  }) as [tf.Tensor, tf.Tensor];
  const found = [model.predict(tf.tensor3d([x]))].flat();
  return {
    shapes: [ends].flat().map(({ shape }) => shape),
    found: await Promise.all(found.map((each) => each.array())),
    ahead: alone[0],
    back: returnSequences ? tf.reverse(alone[1], 1) : alone[1],
  };
}

for (const returnSequences of [false, true]) {
  const rows = returnSequences ? [null, 4] : [null];
  test(`bidirectional() puts layers of other kinds and sizes side by side, returnSequences ${returnSequences}`, async () => {
    const { shapes, found, ahead, back } = await outputs("concat", returnSequences);
    assert.deepEqual(shapes, [[...rows, 5]]);
    assert.deepEqual(found, [await tf.concat([ahead, back], -1).array()]);
  });

  test(`bidirectional() without a mergeMode gives each direction in its own width, returnSequences ${returnSequences}`, async () => {
    const { shapes, found, ahead, back } = await outputs(null, returnSequences);
    assert.deepEqual(shapes, [
      [...rows, 2],
      [...rows, 3],
    ]);
    assert.deepEqual(found, [await ahead.array(), await back.array()]);
  });
}

test("saveModel() refuses for Keras what follows directions of unequal units, which Keras builds in another width", async () => {
  const uneven = () =>
    layers.bidirectional({
      layer: layers.lstm({ units: 2 }),
      backwardLayer: layers.gru({ units: 3, goBackwards: true }),
      inputShape: [4, 3],
    });
  const alone = tf.sequential({ layers: [uneven()] });
  await saveModel(alone, join(folder, "alone.keras"));
  const followed = tf.sequential({ layers: [uneven(), layers.dense({ units: 1 })] });
  const nested = tf.sequential({
    layers: [tf.sequential({ layers: [uneven()] }), layers.dense({ units: 1 })],
  });
  for (const model of [followed, nested])
    await assert.rejects(
      saveModel(model, join(folder, "followed.keras")),
      /Bidirectional \("bidirectional\w*"\): both directions must have as many units where layers follow, .* got 2 and 3/,
    );
  await saveModel(followed, join(folder, "followed"));
});
