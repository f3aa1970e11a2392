import { extname } from "node:path";
import type * as tf from "../tensorflow.js";
import type { Attachments } from "./attachments.js";
import { writeFolder } from "./folder.js";
import { writeHdf5 } from "./keras/hdf5.js";
import { writeKerasFile } from "./keras/keras-file.js";
import { weightValues } from "./keras/weights.js";
import { replaceFile } from "./replace.js";

/**
 * Saves a model with what belongs to it: as a folder in the layers format of TensorFlow.js, which `tf.loadLayersModel`
 * reads, or, where the path ends in `.keras`, as a file that Python's Keras 3 loads. A folder also keeps the loss and
 * the optimiser of a compiled model, to go on training, if they were given by name.
 *
 * What is there before stays readable until the new model is whole, for any number of readers and writers, also if a
 * writer is killed. The next save to the path removes what a killed one has left.
 *
 * @param model - a model whose input shape is known
 * @param path - of a folder that is new, empty or a saved model, or of a file that ends in `.keras`
 * @param attachments - vocabulary, word index, scaler and history; JSON files in the folder or beside the weights
 * @throws {RangeError} when Keras does not have a layer of the model, which the message names, or the path ends
 * otherwise
 * @throws {Error} when something else is at the path, or it cannot be written
 * @example
 * ```ts
 * import { mkdtempSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { layers, tf } from "rnnlab";
 * import { loadModel, saveModel } from "rnnlab/models";
 * import { MinMaxScaler } from "rnnlab/preprocessing";
 * const folder = `${mkdtempSync(`${tmpdir()}/model-`)}/gru`;
 * const model = tf.sequential({ layers: [layers.gru({ units: 2, inputShape: [3, 1] })] });
 * await saveModel(model, folder, { scaler: new MinMaxScaler().fit([0, 10]) });
 * const { scaler } = await loadModel(folder);
 * console.log(scaler?.transform([5])[0]); // 0.5
 * ```
 */
export async function saveModel(
  model: tf.LayersModel,
  path: string,
  attachments: Attachments = {},
): Promise<void> {
  const extension = extname(path).toLowerCase();
  if (extension === ".keras") {
    await replaceFile(path, await writeKerasFile(model, attachments));
  } else if ([".h5", ".hdf5", ".json", ".zip"].includes(extension)) {
    throw new RangeError(
      `Cannot save model: the path must be a folder's or end in .keras, got ${path}; saveWeights() writes .weights.h5`,
    );
  } else await writeFolder(model, path, attachments);
}

/**
 * Saves the weights alone, as Keras 3's `save_weights` does.
 *
 * @param model - a model whose input shape is known
 * @param path - of a file that ends in `.weights.h5`; it is replaced
 * @throws {RangeError} when the path ends otherwise
 * @throws {Error} when it cannot be written
 * @example
 * ```ts
 * import { mkdtempSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { layers, tf } from "rnnlab";
 * import { loadWeights, saveWeights } from "rnnlab/models";
 * const make = () => tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
 * const [trained, other] = [make(), make()];
 * const path = `${mkdtempSync(`${tmpdir()}/weights-`)}/dense.weights.h5`;
 * await saveWeights(trained, path);
 * await loadWeights(other, path);
 * ```
 */
export async function saveWeights(model: tf.LayersModel, path: string): Promise<void> {
  if (!path.endsWith(".weights.h5")) {
    throw new RangeError(`Cannot save weights: the path must end in .weights.h5, got ${path}`);
  }
  await replaceFile(path, await writeHdf5(await weightValues(model)));
}
