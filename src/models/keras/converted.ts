import { readError } from "../../formats/read-error.js";
import { setExactly } from "../../layers/constraints.js";
import * as tf from "../../tensorflow.js";
import { buildWithin } from "../weight-limit.js";
import { type Config, kerasVersion } from "./keras-values.js";
import { ConfigReader } from "./read-config.js";
import { refusing } from "./refusal.js";

/** What TensorFlow.js's converter writes of a model of Keras. */
export interface ConvertedTopology {
  readonly keras_version: string;
  readonly model_config: Config;
}

/** Weights of a folder: their list, and all their bytes. */
export interface ConvertedWeights {
  readonly specs: Parameters<typeof tf.io.decodeWeights>[1];
  readonly data: ArrayBuffer;
}

/** Tells a model that TensorFlow.js's converter has made of one of Keras from one that TensorFlow.js has saved itself. */
export function isConverted(topology: object): topology is ConvertedTopology {
  const { keras_version: by, model_config: config } = topology as Partial<ConvertedTopology>;
  return typeof by === "string" && typeof config === "object" && config !== null;
}

/**
 * Builds a model of Keras from what TensorFlow.js's converter has written, by what the version of Keras means:
 * TensorFlow.js itself reads all versions alike.
 *
 * @param topology - with Keras's configuration
 * @param weights - in the order of Keras's layers
 * @param origin - what errors call the folder
 * @returns the model
 * @throws {RangeError} when something is not supported, malformed, or of another shape; it names that
 */
export async function buildConverted(
  { keras_version: by, model_config: config }: ConvertedTopology,
  { specs, data }: ConvertedWeights,
  origin: string,
): Promise<tf.LayersModel> {
  const refuse = refusing(origin, by);
  const version = kerasVersion(by, refuse);
  const count = specs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const tooLarge = (found: number) =>
    readError(origin, `the model must have the ${count} weights of its file, got ${found} or more`);
  const model = await buildWithin(count, tooLarge, () => new ConfigReader(refuse, version).model(config));
  const decoded = tf.io.decodeWeights(data, specs);
  try {
    const own = model.layers.flatMap(({ weights }) => weights);
    const names = new Set(specs.map(({ name }) => name));
    if (names.size !== specs.length) refuse("weights must have names of their own, got one twice");
    if (own.length !== specs.length) refuse(`the model must have ${own.length} weights, got ${specs.length}`);
    own.forEach(({ originalName, shape }, i) => {
      const [name = "", found = []] = [specs[i]?.name, specs[i]?.shape];
      if (lastOf(name) !== lastOf(originalName) || found.join() !== shape.join())
        refuse(
          `weight ${i} must be ${lastOf(originalName)} of shape [${shape.join(", ")}], got ${name} of [${found.join(", ")}]`,
        );
    });
    own.forEach((weight, i) => {
      const tensor = decoded[specs[i]?.name ?? ""];
      if (tensor) tf.tidy(() => setExactly(weight, tf.cast(tensor, "float32")));
    });
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    tf.dispose(decoded);
  }
  return model;
}

function lastOf(name: string): string {
  return (name.split("/").at(-1) ?? "").replace(/:\d+$/, "");
}
