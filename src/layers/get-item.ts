import * as tf from "../tensorflow.js";
import { oneTensor } from "./one-tensor.js";

type Shape = (number | null)[];

/** Python's `start:stop:step`; what is missing is null. */
export interface Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
}

/** What stands between the brackets for one axis: an index, which takes the axis away, or a slice. */
export type ItemKey = readonly (number | Slice)[];

/** Arguments of GetItem. */
export type GetItemArgs = ConstructorParameters<typeof tf.layers.Layer>[0] & {
  /** For the first axes; the others stay as they are */
  key: ItemKey;
};

/** Slicing as Python has it, `x[:, -1]`, which functional models of Keras write as an operation. A mask ends here. */
export class GetItem extends tf.layers.Layer {
  static readonly className = "GetItem";
  readonly #key: ItemKey;

  constructor({ key, ...args }: GetItemArgs) {
    super(args);
    this.#key = key;
    const [batch] = key;
    if (typeof batch === "number" || (batch && (batch.start ?? batch.stop ?? batch.step) !== null))
      throw new RangeError("Cannot build GetItem: the axis of the batch must be whole (:), got a part of it");
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = inputShape as Shape;
    if (this.#key.length > shape.length)
      throw new RangeError(
        `Cannot apply GetItem: the key must have at most ${shape.length} places, got ${this.#key.length}`,
      );
    return shape.flatMap((size, axis) => {
      const key = this.#key[axis];
      if (key === undefined || size === null) return typeof key === "number" ? [] : [size];
      if (typeof key !== "number") return [indices(size, key).length];
      if (key >= size || key < -size)
        throw new RangeError(`Cannot apply GetItem: an index must be within ${size}, got ${key}`);
      return [];
    });
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "GetItem");
      this.computeOutputShape(x.shape);
      let result = x;
      // From the last axis on, so that the numbers of those before stay.
      for (const [axis, key] of [...this.#key.entries()].reverse()) {
        const size = x.shape[axis] ?? 0;
        const part = (start: number, count: number) => {
          const begin = result.shape.map((_, i) => (i === axis ? start : 0));
          return tf.slice(
            result,
            begin,
            result.shape.map((all, i) => (i === axis ? count : all)),
          );
        };
        if (typeof key === "number") {
          result = tf.squeeze(part(key < 0 ? key + size : key, 1), [axis]);
          continue;
        }
        const places = indices(size, key);
        if (places.length === size && (key.step ?? 1) === 1) continue;
        // tfjs has no gradient of a strided slice.
        result =
          (key.step ?? 1) === 1
            ? part(places[0] ?? 0, places.length)
            : tf.gather(result, tf.tensor1d(places, "int32"), axis);
      }
      return result === x ? x.clone() : result;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), key: this.#key as never };
  }
}

/** The places that Python's slice takes of an axis. */
function indices(size: number, { start, stop, step }: Slice): number[] {
  const stride = step ?? 1;
  if (stride === 0) throw new RangeError("Cannot apply GetItem: a step must not be 0, got 0");
  const [least, most] = stride > 0 ? [0, size] : [-1, size - 1];
  const bound = (value: number | null, missing: number) =>
    value === null ? missing : Math.min(Math.max(value < 0 ? value + size : value, least), most);
  const first = bound(start, stride > 0 ? least : most);
  const end = bound(stop, stride > 0 ? most : least);
  const count = Math.max(0, Math.ceil((end - first) / stride));
  return Array.from({ length: count }, (_, i) => first + i * stride);
}
