/**
 * Trains one workload as one variant, in a process of its own: `worker.js stock|rnnlab [asStock] SAMPLES`. For each
 * line on its standard input it trains on every batch once and answers with a line.
 */
import { createInterface } from "node:readline";
import { layers } from "../../../src/layers/index.js";
import { adam } from "../../../src/optimizers/index.js";
import { nativeOps } from "../../../src/recurrent-ops/index.js";
import * as tf from "../../../src/tensorflow.js";
import { fit } from "../../../src/training/index.js";
import { buildModel, setWeights } from "./model.js";
import { RESULT_MARK, type RunResult } from "./run-result.js";
import { readSamples } from "./samples.js";

async function main([kind, ...rest]: readonly string[]): Promise<void> {
  const isStock = kind === "stock";
  const computesAsStock = isStock || rest.includes("asStock");
  const ops = nativeOps();
  // Nobody shall take the slow path for the fast one.
  if (!isStock && !ops.available && process.env.RNNLAB_OPS === undefined)
    throw new Error(`Cannot measure the fused ops: ${ops.reason}`);
  const { workload, weights, x, y } = readSamples(rest.at(-1) ?? "");
  const model = buildModel(workload, isStock ? tf.layers : layers, !computesAsStock);
  const numerics = computesAsStock ? "tfjs" : "keras";
  model.compile({ optimizer: isStock ? tf.train.adam() : adam({ numerics }), loss: workload.loss });
  setWeights(model, weights);
  const inputs = tf.tensor(x.values, x.shape, x.dtype);
  const targets = tf.tensor(y.values, y.shape);
  const { batch: batchSize, batches } = workload;
  const options = { epochs: 1, batchSize, shuffle: false };
  const train = isStock
    ? async () => (await model.fit(inputs, targets, { ...options, verbose: 0 })).history.loss?.at(-1)
    : async () => (await fit(model, inputs, targets, options)).loss.at(-1);
  for await (const _ of createInterface({ input: process.stdin })) {
    const start = performance.now();
    const loss = Number(await train());
    const result: RunResult = {
      msPerStep: (performance.now() - start) / batches,
      loss,
      tensors: tf.memory().numTensors,
      residentMiB: process.memoryUsage.rss() / 2 ** 20,
      peakMiB: process.resourceUsage().maxRSS / 1024,
    };
    process.stdout.write(`\n${RESULT_MARK}${JSON.stringify(result)}\n`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
