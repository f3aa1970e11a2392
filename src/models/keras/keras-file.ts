import { zipSync } from "fflate";
import { readError } from "../../formats/read-error.js";
import { ZipFile } from "../../formats/zip.js";
import type * as tf from "../../tensorflow.js";
import { type Attachments, readAttachments, writeAttachments } from "../attachments.js";
import { buildWithin } from "../weight-limit.js";
import { Hdf5File, unpackedRoom, writeHdf5 } from "./hdf5.js";
import { isConfig, kerasVersion } from "./keras-values.js";
import { ConfigReader } from "./read-config.js";
import { refusing } from "./refusal.js";
import { readVocabularies, readWeights, weightValues } from "./weights.js";
import { toKerasConfig } from "./write-config.js";

const CONFIG = "config.json";
const METADATA = "metadata.json";
const WEIGHTS = "model.weights.h5";
/** Where attachments lie in the archive; Keras takes no notice of them. */
const ATTACHMENTS = "rnnlab/";

/** The Keras whose numbers the layers give: from one version to the next some have changed. */
const WRITTEN_AS = "3.15.1";

const LARGEST_CONFIG = 16 * 2 ** 20;
/** Keras does not pack; whoever packs the archive again gains little, unless it is made to do harm. */
const GREATEST_RATIO = 8;
const ALWAYS_ALLOWED = 64 * 2 ** 20;

/**
 * Reads a `.keras` file of Keras 2.13 or later.
 *
 * @param path - of the file
 * @param size - of the file, in bytes
 * @returns the model, and what {@link writeKerasFile} put beside it
 * @throws {RangeError} when it is malformed, or the model has what TensorFlow.js does not; it names the file
 */
export async function readKerasFile(
  path: string,
  size: number,
): Promise<Attachments & { readonly model: tf.LayersModel }> {
  return await ZipFile.using(path, path, async (zip) => {
    if (!zip.has(CONFIG))
      throw readError(path, `a .keras file must have ${CONFIG}, got ${zip.names.slice(0, 5).join(", ")}`);
    const config = parse(await zip.read(CONFIG, LARGEST_CONFIG), `${path}, ${CONFIG}`);
    const weights = await zip.read(WEIGHTS, Math.max(ALWAYS_ALLOWED, GREATEST_RATIO * size));
    const attachments = await readAttachments(async (name) => {
      const entry = `${ATTACHMENTS}${name}`;
      return zip.has(entry) ? Buffer.from(await zip.read(entry, ALWAYS_ALLOWED)).toString("utf8") : undefined;
    }, path);
    const metadata = zip.has(METADATA)
      ? parse(await zip.read(METADATA, LARGEST_CONFIG), `${path}, ${METADATA}`)
      : undefined;
    const by = isConfig(metadata) ? metadata.keras_version : undefined;
    // Windows joins some of the names by backslashes.
    const names = new Map(zip.names.map((name) => [name.replaceAll("\\", "/"), name]));
    const asset = async (place: string) => {
      const name = names.get(place);
      return name === undefined
        ? undefined
        : Buffer.from(await zip.read(name, ALWAYS_ALLOWED)).toString("utf8");
    };
    const model = await Hdf5File.using(weights, path, (file) =>
      buildModel(config, file, path, typeof by === "string" ? by : undefined, asset),
    );
    return { model, ...attachments };
  });
}

/**
 * Builds a model from its configuration and gives it the weights of an HDF5 file.
 *
 * @param config - `{ class_name, config }`
 * @param weights - the HDF5 file
 * @param origin - what errors call the file
 * @param by - the version of the Keras that wrote it, as the file has it
 * @param asset - gives the text of a file beside the weights by its place in the archive, if there is one
 * @returns the model
 * @throws {RangeError} when {@link readKerasFile} does
 */
export async function buildModel(
  config: unknown,
  weights: Hdf5File,
  origin: string,
  by: string | undefined,
  asset: (place: string) => Promise<string | undefined> = async () => undefined,
): Promise<tf.LayersModel> {
  const refuse = refusing(origin, by);
  const version = kerasVersion(by, refuse);
  const named = `${origin} (by Keras ${by})`;
  const file = weights.named(named);
  const tooLarge = (count: number) =>
    readError(named, `the model must have as many weights as the file has room for, got ${count} or more`);
  // A weight takes at least the four bytes of a float32, unless it is packed.
  const model = await buildWithin(unpackedRoom(file.size) / 4, tooLarge, () =>
    new ConfigReader(refuse, version).model(config),
  );
  try {
    readWeights(model, file, refuse);
    await readVocabularies(model, file, asset, refuse);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

/**
 * Writes a model as a `.keras` file, which Keras 3 loads.
 *
 * @param model - a built model
 * @param attachments - what travels with the model
 * @returns the file's content
 * @throws {RangeError} when Keras does not have something; it names that
 */
export async function writeKerasFile(model: tf.LayersModel, attachments: Attachments): Promise<Uint8Array> {
  // A model of one's own is built when its first layer knows its input; the configuration says what cannot be written.
  const config = JSON.stringify(toKerasConfig(model));
  const metadata = JSON.stringify({ keras_version: WRITTEN_AS, date_saved: new Date().toISOString() });
  const files = [...writeAttachments(attachments)].map(
    ([name, text]) => [`${ATTACHMENTS}${name}`, Buffer.from(text)] as const,
  );
  return zipSync(
    {
      [METADATA]: Buffer.from(metadata),
      [CONFIG]: Buffer.from(config),
      [WEIGHTS]: await writeHdf5(await weightValues(model)),
      ...Object.fromEntries(files),
    },
    { level: 0 },
  );
}

function parse(bytes: Uint8Array, origin: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw readError(origin, "it must be JSON, got other text", cause);
  }
}
