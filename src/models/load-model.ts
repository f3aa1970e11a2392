import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { isReadError, readError } from "../formats/read-error.js";
import { readBytes, readRegularFile, withRegularFile } from "../formats/regular-file.js";
import type * as tf from "../tensorflow.js";
import type { Attachments } from "./attachments.js";
import { readFolder } from "./folder.js";
import { Hdf5File } from "./keras/hdf5.js";
import { buildModel, readKerasFile } from "./keras/keras-file.js";
import { isConfig } from "./keras/keras-values.js";
import { completing, refusing } from "./keras/refusal.js";
import { readWeights } from "./keras/weights.js";

/** Most bytes of a JSON file. */
const LARGEST_JSON = 2 ** 24;

/** Options of {@link loadModel}. */
export interface LoadModelOptions {
  /** Path of an HDF5 file with the weights, where `path` is that of the JSON of Python's `model.to_json()` */
  readonly weights?: string;
}

/** A model with what was saved with it. */
export interface LoadedModel extends Attachments {
  readonly model: tf.LayersModel;
}

/**
 * Loads a model: a folder that {@link saveModel} or tfjs wrote, a `.keras` file of Keras 2.13 or later, a whole model in an
 * `.h5` file of Keras 2 or 3, or the JSON of `model.to_json()` with a file of weights. What a file names is built from the layers that Keras and rnnlab share; no code in it is run, a
 * Lambda or a class of one's own is refused by its name. Models of Keras are not compiled, those of folders are as they
 * were.
 *
 * @param path - of the folder, or its `model.json`, or the file
 * @param options - `weights`: path of the weights of a model that is written as JSON
 * @returns the model, with recurrent layers on the fused ops, and its vocabulary, word index, scaler and history, if
 * they were saved with it
 * @throws {RangeError} when it is of another kind, cut off or malformed, or a layer is not known; it names the file
 * @throws {Error} when there is nothing at the path, or it cannot be read
 * @example
 * ```ts
 * import { mkdtempSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { layers, tf } from "rnnlab";
 * import { loadModel, saveModel } from "rnnlab/models";
 * const path = `${mkdtempSync(`${tmpdir()}/model-`)}/lstm.keras`;
 * await saveModel(tf.sequential({ layers: [layers.lstm({ units: 2, inputShape: [3, 1] })] }), path);
 * const { model } = await loadModel(path);
 * console.log(model.outputShape); // [ null, 2 ]
 * ```
 */
export async function loadModel(path: string, { weights }: LoadModelOptions = {}): Promise<LoadedModel> {
  const kind = await lookAt("load model", path);
  if (weights === undefined && kind === "folder") return await readFolder(path);
  if (weights === undefined && basename(path) === "model.json") return await readFolder(dirname(path));
  return await completing(() => load(path, kind, weights));
}

async function load(path: string, kind: Kind, weights: string | undefined): Promise<LoadedModel> {
  const refuse = refusing(path);
  if (weights !== undefined) {
    if (kind !== "folder" && kind.begins("{")) return { model: await readJsonModel(path, weights) };
    return refuse(
      "a model with weights in another file must be the JSON of model.to_json(), got another kind",
      {
        help: "leave the option weights out where the file has them",
      },
    );
  }
  if (kind === "folder") return await readFolder(path);
  if (kind.begins("{"))
    return refuse("a model must have weights, got JSON alone", {
      help: 'name their file, too: loadModel(path, { weights: "x.weights.h5" })',
    });
  if (kind.begins("PK")) return await readKerasFile(path, kind.size);
  if (!kind.begins("\x89HDF"))
    return refuse(
      `a model must be a folder, a .keras or an .h5 file, got ${kind.size} bytes of another kind`,
      { help: "save it in Python with model.save(path)" },
    );
  const bytes = await readRegularFile(path);
  return await Hdf5File.using(bytes, path, async (file) => {
    if (!file.hasAttribute("model_config")) {
      refuse("the file must have a whole model, got weights alone", { help: "use loadWeights()" });
    }
    const text = (name: string) => file.texts("", name).join("");
    const config = parse(text("model_config"), path, "its model_config");
    const by = file.hasAttribute("keras_version") ? text("keras_version") : undefined;
    return { model: await buildModel(config, file, path, by) };
  });
}

/** A model that Python's `model.to_json()` wrote, whose weights lie in another file. */
async function readJsonModel(path: string, weights: string): Promise<tf.LayersModel> {
  const text = (await readRegularFile(path, { largest: LARGEST_JSON })).toString("utf8");
  const config = parse(text, path, "the file");
  const { keras_version: written, module } = isConfig(config) ? config : {};
  // Keras 3 does not write its version here, but whose class it is, which Keras 2 does not.
  const by = typeof written === "string" ? written : module === undefined ? undefined : "3";
  const kind = await lookAt("load weights", weights);
  if (kind === "folder") refusing(weights)("weights must be in an HDF5 file, got a folder");
  return await Hdf5File.using(await readRegularFile(weights), path, (file) =>
    buildModel(config, file, path, by),
  );
}

function parse(text: string, path: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw readError(path, `${what} must be JSON, got other text`, cause);
  }
}

/**
 * Gives a model the weights of an HDF5 file: one of Keras 3's `.weights.h5`, or weights or whole models that Keras 2
 * wrote. Layers are found by their classes and order in the former, by their names in the latter.
 *
 * @param model - a model of the same layers
 * @param path - of the file
 * @throws {RangeError} when it is cut off or malformed, or has other weights than the model; the model is then as it
 * was; it names the file
 * @throws {Error} when there is nothing at the path, or it cannot be read
 * @example
 * ```ts
 * import { mkdtempSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { layers, tf } from "rnnlab";
 * import { loadWeights, saveWeights } from "rnnlab/models";
 * const model = tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
 * const path = `${mkdtempSync(`${tmpdir()}/weights-`)}/dense.weights.h5`;
 * await saveWeights(model, path);
 * await loadWeights(model, path);
 * ```
 */
export async function loadWeights(model: tf.LayersModel, path: string): Promise<void> {
  const refuse = refusing(path);
  if ((await lookAt("load weights", path)) === "folder")
    refuse("weights must be in an HDF5 file, got a folder");
  await completing(async () =>
    Hdf5File.using(await readRegularFile(path), path, (file) => readWeights(model, file, refuse)),
  );
}

/** How a file begins. */
type Kind = "folder" | { readonly size: number; begins(text: string): boolean };

/** Looks at a file without reading all of it. */
async function lookAt(action: string, path: string): Promise<Kind> {
  try {
    if ((await stat(path)).isDirectory()) return "folder";
    return await withRegularFile(path, {}, async (file, size) => {
      const head = (await readBytes(file, Math.min(size, 8))).toString("latin1");
      return { size, begins: (text) => head.startsWith(text) };
    });
  } catch (cause) {
    if (isReadError(cause)) throw cause;
    throw new Error(
      `Cannot ${action}: ${path} must be a file or folder that can be read, got ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}
