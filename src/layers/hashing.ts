import { requireInteger } from "../arguments.js";
import * as tf from "../tensorflow.js";
import { encoded, encodedShape, type OutputMode, requireMode } from "./categories.js";
import { KeepsTexts, keepTexts } from "./kept-text.js";
import { oneTensor } from "./one-tensor.js";

type Shape = (number | null)[];

/**
 * The part of a token among others, which TensorFlow computes: of texts by their fingerprint, of numbers by the rest.
 *
 * @param token - a text, or a whole number
 * @param count - of parts
 * @returns from 0 to count − 1
 */
export function hashBucket(token: string | number, count: number): number {
  if (typeof token === "number") return ((token % count) + count) % count;
  return tf.util.fingerPrint64(Buffer.from(token)).toUnsigned().modulo(count).toNumber();
}

/** Arguments of Hashing. */
export type HashingArgs = ConstructorParameters<typeof tf.layers.Layer>[0] & {
  numBins: number;
  /** What becomes 0, which then nothing else does */
  maskValue?: string | number | null;
  /** `"int"` if missing */
  outputMode?: OutputMode;
};

/** Spreads texts or whole numbers over bins, `[…]` to `[…]`, or counts them. */
export class Hashing extends KeepsTexts {
  static readonly className = "Hashing";
  readonly #args: HashingArgs;

  /** @throws {RangeError} when there are no bins, or the mode is unknown */
  constructor(args: HashingArgs) {
    super(args);
    this.#args = args;
    requireInteger("build Hashing", "num_bins", args.numBins, 1);
    requireMode("Hashing", this.#mode);
  }

  get #mode(): OutputMode {
    return this.#args.outputMode ?? "int";
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return encodedShape(inputShape as Shape, this.#args.numBins, this.#mode);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "Hashing");
      const { numBins, maskValue } = this.#args;
      const tokens = x.dataSync<"string">() as readonly (string | number)[];
      const bins = Int32Array.from(tokens, (token) => {
        // Numbers are hashed as texts, too.
        if (maskValue == null) return hashBucket(String(token), numBins);
        return token === maskValue ? 0 : 1 + hashBucket(String(token), numBins - 1);
      });
      return encoded(tf.tensor(bins, x.shape, "int32"), numBins, this.#mode);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { numBins, maskValue } = this.#args;
    return keepTexts({ ...super.getConfig(), numBins, maskValue: maskValue ?? null, outputMode: this.#mode });
  }
}
