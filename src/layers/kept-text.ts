import * as tf from "../tensorflow.js";

/** Options of layers that hold texts of users. */
const options = ["vocabulary", "maskToken", "oovToken", "maskValue", "definition"] as const;

/**
 * Writes texts of a configuration as hexadecimal digits: where tfjs saves a model it takes all other strings for names,
 * and changes `_` and capital letters in them.
 *
 * @param config - with texts
 * @returns the same with digits in their places
 */
export function keepTexts(config: Readonly<Record<string, unknown>>): tf.serialization.ConfigDict {
  return mapped(config, (value) => Buffer.from(JSON.stringify(value)).toString("hex"));
}

/** A layer whose configuration is saved by {@link keepTexts}. */
export abstract class KeepsTexts extends tf.layers.Layer {
  static override fromConfig<Made extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<Made>,
    config: tf.serialization.ConfigDict,
  ): Made {
    return new cls(keptTexts(config));
  }
}

/** The inverse of {@link keepTexts}. */
export function keptTexts<Args>(config: Readonly<Record<string, unknown>>): Args {
  const read = (value: unknown): unknown =>
    typeof value === "string" ? JSON.parse(Buffer.from(value, "hex").toString()) : value;
  return mapped(config, read) as Args;
}

function mapped(
  config: Readonly<Record<string, unknown>>,
  change: (value: unknown) => unknown,
): tf.serialization.ConfigDict {
  const changed = options.flatMap((name) => (config[name] == null ? [] : [[name, change(config[name])]]));
  return { ...config, ...Object.fromEntries(changed) };
}
