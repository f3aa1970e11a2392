import * as tf from "../tensorflow.js";
import { oneTensor } from "./one-tensor.js";

type Shape = (number | null)[];

/** Python's `start:stop:step`; what is missing is null. */
export interface Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
}

/**
 * What stands between the brackets: for one axis an index, which takes the axis away, or a slice; `"..."` for the axes
 * that the others leave; null for a new axis.
 */
export type ItemKey = readonly (number | Slice | "..." | null)[];

/** Arguments of GetItem. */
export type GetItemArgs = ConstructorParameters<typeof tf.layers.Layer>[0] & {
  /** For the first axes, unless it has `"..."`; the others stay as they are */
  key: ItemKey;
};

/** Slicing as Python has it, `x[:, -1]`, which functional models of Keras write as an operation. A mask ends here. */
export class GetItem extends tf.layers.Layer {
  static readonly className = "GetItem";
  readonly #key: ItemKey;

  constructor({ key, ...args }: GetItemArgs) {
    super(args);
    this.#key = key;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const left = [...(inputShape as Shape)];
    const shape = whole(this.#key, left.length).flatMap((key) => {
      if (key === null) return [1];
      const size = left.shift() ?? null;
      if (typeof key !== "number") return [size === null ? null : indices(size, key).length];
      if (size !== null && (key >= size || key < -size))
        throw new RangeError(`Cannot apply GetItem: an index must be within ${size}, got ${key}`);
      return [];
    });
    return [...shape, ...left];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "GetItem");
      let result = x;
      const shape = this.computeOutputShape(x.shape) as number[];
      const keys = whole(this.#key, x.rank).filter((key) => key !== null);
      for (const [axis, key] of keys.entries()) {
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
          result = part(key < 0 ? key + size : key, 1);
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
      return tf.reshape(result, shape);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), key: this.#key as never };
  }
}

const ALL: Slice = { start: null, stop: null, step: null };

/** A key with slices in the place of its `"..."`. */
function whole(key: ItemKey, rank: number): (number | Slice | null)[] {
  const taken = key.filter((part) => part !== null && part !== "...").length;
  if (taken > rank)
    throw new RangeError(`Cannot apply GetItem: the key must have at most ${rank} places, got ${taken}`);
  const parts = key.flatMap((part) =>
    part === "..." ? Array.from({ length: rank - taken }, () => ALL) : [part],
  );
  const [batch = ALL] = parts;
  if (batch === null || typeof batch === "number" || (batch.start ?? batch.stop ?? batch.step) !== null)
    throw new RangeError("Cannot apply GetItem: the axis of the batch must be whole (:), got a part of it");
  return parts;
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
