/**
 * Cells as notebooks about recurrent networks have them, without values of their own. A start-up snapshot that has checked
 * them has most types ready that such notebooks use.
 */
export const TENSOR_CELLS: readonly string[] = [
  `import { tf } from "rnnlab";
const x = tf.tensor2d([[1, 2], [3, 4]]);
const y = tf.tidy(() => x.mul(2).add(1).matMul(x).sub(tf.scalar(1)).mean());
console.log(y.dataSync()[0], x.shape, x.arraySync(), await x.data(), await x.array());
tf.dispose([x, y]);`,
  // Each rank and each kind of values is compared with what a call takes once, which costs the most of all.
  `import { tf } from "rnnlab";
import type { ShapedValues } from "rnnlab/preprocessing";
const toTensor = ({ values, shape }: ShapedValues) => tf.tensor(values, shape);
const some = [tf.tensor(new Float64Array(2), [2]), tf.tensor(new Float32Array(2)), tf.tensor([[1]]), tf.zeros([1, 2])];
const scalar = tf.scalar(1);
const row = tf.tensor1d([1, 2]);
const matrix = tf.tensor2d(new Float32Array(2), [1, 2], "float32");
const box = tf.tensor3d([[[1]]]);
for (const each of some) each.dispose();
tf.dispose(scalar);
tf.dispose({ row, matrix, box });
const weight = tf.variable(row);
tf.train.sgd(0.1).minimize(() => tf.losses.meanSquaredError(row, weight.square()) as tf.Scalar);`,
  `import { tf } from "rnnlab";
import { seededLayers } from "rnnlab/layers";
import { summary } from "rnnlab/models";
import { adam } from "rnnlab/optimizers";
const layers = seededLayers(1);
const model = tf.sequential({
  name: "practice",
  layers: [
    layers.embedding({ inputDim: 9, outputDim: 2, maskZero: true, inputShape: [null] }),
    layers.bidirectional({ layer: layers.lstm({ units: 2, returnSequences: true }) }),
    layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
    layers.gru({ units: 2, returnSequences: true }),
    layers.simpleRNN({ units: 2 }),
    layers.dropout({ rate: 0.1 }),
    layers.dense({ units: 1, activation: "sigmoid" }),
  ],
});
model.add(tf.layers.lstm({ units: 2, inputShape: [3, 1] }));
model.add(tf.layers.dense({ units: 1 }));
model.compile({ optimizer: adam({ learningRate: 0.001 }), loss: "meanSquaredError", metrics: ["accuracy"] });
const loss = (y: tf.Tensor, z: tf.Tensor) => tf.losses.sigmoidCrossEntropy(y, z);
model.compile({ optimizer: tf.train.adam(0.001), loss, metrics: [loss] });
const input = tf.input({ shape: [3] });
const other = tf.model({ inputs: input, outputs: layers.dense({ units: 1 }).apply(input) as tf.SymbolicTensor });
summary(model);`,
  `import { tf } from "rnnlab";
import { earlyStopping, fit, fitDataset, learningRateSchedule, LengthBatches } from "rnnlab/training";
async function trained(model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor) {
  const history = await fit(model, x, y, {
    epochs: 2,
    batchSize: 4,
    validationSplit: 0.1,
    callbacks: [earlyStopping({ monitor: "val_loss", patience: 2 }), learningRateSchedule((epoch) => epoch / 2)],
  });
  await model.fit(x, y, { epochs: 1, callbacks: { onEpochEnd: (epoch, logs) => console.log(epoch, logs?.loss) } });
  const output = model.predict(x) as tf.Tensor;
  return { history, losses: history.loss.map((loss) => loss.toFixed(3)), values: output.dataSync() };
}
const batches = new LengthBatches([Int32Array.of(1, 2)], [1], { batchSize: 1 });
const run = (model: tf.LayersModel) => fitDataset(model, batches, { epochs: 1 });`,
  `import { display } from "rnnlab/display";
import { barFigure, forecastFigure, heatmapFigure, historyFigure, lineFigure, palette, type Series, show } from "rnnlab/plot";
import { dataFrame, table } from "rnnlab/table";
import { interact, slider } from "rnnlab/widgets";
const series: Series[] = [{ name: "a", x: [1, 2], y: [3, 4] }];
show(lineFigure(series, { title: "Practice", xLabel: "x", yLabel: "y" }));
show(barFigure([{ name: "a", labels: ["b"], values: [1] }], { title: "Practice" }));
interact(({ length }) => lineFigure([{ name: "a", y: [length] }], { title: "Practice" }), { length: slider({ max: 9 }) });
table([{ name: "a", value: 1 }], { caption: "Practice" });
const frame = dataFrame({ amount: [1, 2] });
interact(({ width }: { width: number }) => show(lineFigure(series, { title: String(width) })), { width: [1, 9, 1] });`,
  `import { loadElectricity, loadImdb } from "rnnlab/datasets";
import { LectureReport, lectureSettings, TrainingTimes } from "rnnlab/lecture";
import { MinMaxScaler, rootMeanSquaredError, slidingWindows, splitSeries } from "rnnlab/preprocessing";
import { RandomGenerator } from "rnnlab/random";
import { Matrix, Rnn, Sgd } from "rnnlab/recurrent";
const scaler = new MinMaxScaler().fit(new Float64Array(9));
const windows = slidingWindows(scaler.transform(new Float64Array(9)), { windowLength: 3 });
const values = windows.inputs.values.slice(0, 3);
const numbers = Array.from({ length: 9 }, (_, i) => i / 2);
const random = new RandomGenerator(1);
const entries = Object.entries({ a: 1 }).map(([key, value]) => \`\${key}: \${value.toFixed(2)}\`).join(", ");
const sorted = [...numbers].sort((a, b) => b - a).filter((value) => value > 1).slice(0, 2);
const counts = new Map(Object.entries({ a: 1 }));
const sizes = await Promise.all([...new Set(counts.values())].map(async (count) => count));
console.log(Math.max(...sorted, ...sizes), entries, rootMeanSquaredError(numbers, values));`,
];
