import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { tf } from "rnnlab";
import { loadModel, saveModel } from "rnnlab/models";
import { channelwiseConvs } from "../../src/layers/channelwise-convs.js";
import { Conv1D } from "../../src/layers/conv-1d.js";
import { Conv2D } from "../../src/layers/conv-2d.js";
import { convTransposes } from "../../src/layers/conv-transpose.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-penalised-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const size = {
  filters: 2,
  kernelSize: 2,
  activityRegularizer: tf.regularizers.l2({ l2: 0.5 }) as never,
};
const [series, picture] = [{ inputShape: [4, 3] }, { inputShape: [4, 3, 2] }];
const kinds: Record<string, () => tf.layers.Layer> = {
  Conv1D: () => new Conv1D({ ...size, ...series }),
  Conv2D: () => new Conv2D({ ...size, ...picture }),
  Conv1DTranspose: () => new convTransposes.Conv1DTranspose({ ...size, ...series }),
  Conv2DTranspose: () => new convTransposes.Conv2DTranspose({ ...size, ...picture }),
  DepthwiseConv1D: () => new channelwiseConvs.DepthwiseConv1D({ ...size, ...series }),
  SeparableConv2D: () => new channelwiseConvs.SeparableConv2D({ ...size, ...picture }),
};

for (const [name, make] of Object.entries(kinds)) {
  test(`${name} counts its penalty of outputs in the loss, also when it is saved and loaded`, async () => {
    const model = tf.sequential({ layers: [make()] });
    await saveModel(model, join(folder, name));
    await saveModel(model, join(folder, `${name}.keras`));
    const [shape = []] = model.inputs.map((input) => input.shape.slice(1) as number[]);
    const x = tf.ones([3, ...shape]);
    const outputs = [...(model.predict(x) as tf.Tensor).dataSync()];
    // Keras divides by the batch.
    const expected = (0.5 * outputs.reduce((sum, value) => sum + value * value, 0)) / 3;
    for (const path of [name, `${name}.keras`]) {
      const { model: loaded } = await loadModel(join(folder, path));
      loaded.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
      const { history } = await loaded.fit(x, loaded.predict(x) as tf.Tensor, { verbose: 0 });
      const [loss = 0] = history.loss as number[];
      assert.ok(
        Math.abs(loss - expected) < 1e-5 * Math.max(1, expected),
        `${path}: ${loss}, not ${expected}`,
      );
      loaded.dispose();
    }
  });
}
