/** A process that reads and saves for the campaign, which may kill it at any time. */
import { dirname } from "node:path";
import {
  getWordIndex,
  loadElectricity,
  loadImdbText,
  loadMnist,
  readNpy,
  readNpz,
} from "../../../src/datasets/index.js";
import { layers, tf } from "../../../src/index.js";
import { loadModel, loadWeights, saveModel } from "../../../src/models/index.js";
import type { Answer, Reader, Task } from "./messages.js";

let stopped = false;

/** Large enough for a save to take a while. */
const WIDTH = 400;

function makeModel(value: number): tf.Sequential {
  const model = tf.sequential({
    layers: [layers.dense({ units: WIDTH, inputShape: [WIDTH] }), layers.dense({ units: WIDTH })],
  });
  tf.tidy(() => model.setWeights(model.getWeights().map(({ shape }) => tf.fill(shape, value))));
  return model;
}

const reads: Readonly<Record<Reader, (path: string) => Promise<void>>> = {
  npy: async (path) => void (await readNpy(path)),
  npz: async (path) => void (await readNpz(path)),
  electricity: async (path) => void (await loadElectricity(from(path))),
  "reviews as texts": async (path) => void (await loadImdbText(from(path))),
  "word index": async (path) => void (await getWordIndex(from(path))),
  digits: async (path) => void (await loadMnist(from(path))),
  checksums: async (path) => void (await loadElectricity(from(path))),
  "model folder": async (path) => (await loadModel(path)).model.dispose() && undefined,
  "keras file": async (path) => (await loadModel(path)).model.dispose() && undefined,
  "h5 file": async (path) => (await loadModel(path)).model.dispose() && undefined,
  "weights file": async (path) => {
    const model = makeModel(0);
    try {
      await loadWeights(model, path);
    } finally {
      model.dispose();
    }
  },
};

/** Data sets are found by the names of their files. */
const from = (path: string) => ({ source: "real", offline: true, dataDirectory: dirname(path) }) as const;

async function save(path: string, value: number): Promise<void> {
  const model = makeModel(value);
  try {
    await saveModel(model, path);
  } finally {
    model.dispose();
  }
}

/** A model is whole if all its weights are one number. */
async function check(path: string): Promise<void> {
  const { model } = await loadModel(path);
  try {
    const numbers = new Set(model.getWeights().flatMap((tensor) => [...new Set(tensor.dataSync())]));
    if (numbers.size !== 1)
      throw new Error(`the model is made of several: its weights are ${[...numbers].slice(0, 5)}`);
  } finally {
    model.dispose();
  }
}

async function perform(task: Task): Promise<void> {
  if (task.do === "read") await reads[task.reader](task.path);
  else if (task.do === "check") await check(task.path);
  else if (task.do === "save") await save(task.path, task.value);
  else if (task.do === "stop") stopped = true;
  else {
    stopped = false;
    for (let { value } = task; !stopped; value++) await save(task.path, value);
  }
}

async function answer(task: Task): Promise<Answer> {
  const before = tf.memory().numTensors;
  try {
    await perform(task);
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    const tensors = tf.memory().numTensors - before;
    return tensors > 0 && task.do === "read" ? { was: "leak", tensors } : { was: "error", message, stack };
  }
  return { was: "value" };
}

process.on("message", (task: Task) => {
  void answer(task).then((result) => {
    if (task.do !== "stop") process.send?.(result);
  });
});
// The campaign has ended, however it did.
process.on("disconnect", () => process.exit());
process.send?.("ready");
