import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { layers, tf } from "rnnlab";
import { loadModel, saveModel } from "rnnlab/models";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-dispose-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const inner = () => tf.sequential({ layers: [layers.dense({ units: 3, inputShape: [5, 2] })] });
const two = () => [tf.input({ shape: [5, 2] }), tf.input({ shape: [5, 2] })] as const;

const models: Record<string, () => tf.LayersModel> = {
  "a nested model": () => tf.sequential({ layers: [inner(), layers.lstm({ units: 3 })] }),
  "a nested model that is not the first layer": () =>
    tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [5, 2] }), inner()] }),
  "a layer that is called three times": () => {
    const shared = layers.bidirectional({ layer: layers.gru({ units: 3 }) });
    const [a, b] = two();
    const outputs = [shared.apply(a), shared.apply(b), shared.apply(a)] as tf.SymbolicTensor[];
    return tf.model({ inputs: [a, b], outputs: tf.layers.concatenate().apply(outputs) as tf.SymbolicTensor });
  },
  "a nested model that is called twice": () => {
    const shared = inner();
    const [a, b] = two();
    const outputs = [shared.apply(a), shared.apply(b)] as tf.SymbolicTensor[];
    return tf.model({ inputs: [a, b], outputs: tf.layers.add().apply(outputs) as tf.SymbolicTensor });
  },
};

for (const [name, make] of Object.entries(models)) {
  test(`a model with ${name} leaves no tensors when it is disposed of, made or loaded`, async () => {
    const before = tf.memory().numTensors;
    const model = make();
    const paths = [join(folder, name), join(folder, `${name}.keras`)];
    for (const path of paths) await saveModel(model, path);
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
    for (const path of paths) {
      (await loadModel(path)).model.dispose();
      assert.equal(tf.memory().numTensors, before, path);
    }
    assert.throws(() => model.dispose(), /already disposed/);
  });
}

test("a layer of two models keeps its weights until both are disposed of", () => {
  const before = tf.memory().numTensors;
  const shared = layers.dense({ units: 3 });
  const [a, b] = two();
  const [one, other] = [a, b].map((x) =>
    tf.model({ inputs: x, outputs: shared.apply(x) as tf.SymbolicTensor }),
  ) as [tf.LayersModel, tf.LayersModel];
  one.dispose();
  const output = other.predict(tf.zeros([1, 5, 2])) as tf.Tensor;
  assert.deepEqual(output.shape, [1, 5, 3]);
  other.dispose();
  output.dispose();
  assert.equal(tf.memory().numTensors, before + 1, "the zeros");
});
