import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "rnnlab";
import { richDisplay } from "rnnlab/display";
import { seededLayers } from "rnnlab/layers";
import { modelSummary, resultTable } from "rnnlab/lecture";

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

test("resultTable() rounds numbers, marks what is missing, and escapes texts", () => {
  const table = resultTable(
    [
      { model: "<i>", loss: 0.0024512, n: 198401 },
      { model: "b", loss: null, n: 1 },
    ],
    "c & d",
  );
  assert.equal(
    table[richDisplay]()["text/plain"],
    "c & d\nmodel      loss        n\n<i>    0.002451  198,401\nb             –        1",
  );
  const markup = String(table[richDisplay]()["text/html"]);
  assert.match(markup, /c &amp; d/);
  assert.match(
    markup,
    /<td style="text-align:left">&lt;i&gt;<\/td><td style="text-align:right">0\.002451<\/td>/,
  );
  const inherited = resultTable([{ a: 1, constructor: "x" }, { a: 2 }]);
  assert.equal(inherited[richDisplay]()["text/plain"], "a  constructor\n1  x\n2  –");
  assert.throws(() => resultTable([]), {
    name: "RangeError",
    message: "Cannot show table: it must have at least one row, got none",
  });
});
