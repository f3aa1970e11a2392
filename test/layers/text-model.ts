import assert from "node:assert/strict";
import { layers, tf } from "rnnlab";

export const values = (result: unknown) => [...(result as tf.Tensor).dataSync()];
export const near = (a: number[], b: number[]) => {
  assert.equal(a.length, b.length);
  a.forEach((value, i) => {
    assert.ok(Math.abs(value - b[i]!) < 1e-5, `${value} must be near ${b[i]}`);
  });
};

export const words = () => tf.tensor2d([1, 2, 3, 0, 4, 5, 0, 0], [2, 4], "int32");

/** Every kind of recurrent layer in a row, over words and padding. */
export function textModel(): tf.Sequential {
  return tf.sequential({
    layers: [
      layers.embedding({ inputDim: 6, outputDim: 3, maskZero: true, inputLength: 4 }),
      layers.bidirectional({ layer: layers.lstm({ units: 3, returnSequences: true }) }),
      layers.gru({ units: 4, resetAfter: false, returnSequences: true, recurrentActivation: "hardSigmoid" }),
      layers.simpleRNN({ units: 3, returnSequences: true, dropout: 0.1, seed: 3 }),
      layers.timeDistributed({ layer: layers.dense({ units: 2, activation: "relu" }) }),
      layers.dropout({ rate: 0.2 }),
      layers.lstm({ units: 2 }),
    ],
  });
}
