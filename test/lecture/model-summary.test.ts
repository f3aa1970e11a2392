import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "rnnlab";
import { richDisplay } from "rnnlab/display";
import { seededLayers } from "rnnlab/layers";
import { modelSummary } from "rnnlab/lecture";

test("modelSummary() has the shapes and numbers of parameters that Keras prints", () => {
  const layers = seededLayers(1);
  const model = tf.sequential({
    name: "stack",
    layers: [
      layers.lstm({ units: 45, returnSequences: true, inputShape: [15, 1] }),
      layers.dropout({ rate: 0.2 }),
      layers.lstm({ units: 45 }),
      layers.dense({ units: 14 }),
    ],
  });
  const summary = modelSummary(model);
  assert.equal(summary.parameters, 8460 + 16380 + 644);
  assert.deepEqual(summary.layers[0], {
    name: "lstm",
    type: "LSTM",
    outputShape: [null, 15, 45],
    parameters: 8460,
  });
  assert.equal(
    summary[richDisplay]()["text/plain"],
    `stack
layer              output shape     parameters
lstm (LSTM)        [batch, 15, 45]       8,460
dropout (Dropout)  [batch, 15, 45]           0
lstm_1 (LSTM)      [batch, 45]          16,380
dense (Dense)      [batch, 14]             644
total                                   25,484`,
  );
  model.dispose();
});
