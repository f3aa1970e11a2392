import * as tf from "../tensorflow.js";
import { noMask } from "../tfjs/no-mask.js";
import { replaceMembers } from "../tfjs/patches.js";
import { type CallArguments, registeredClass, stock } from "../tfjs/stock.js";
import type { Masks } from "./attention-weights.js";
import { Subtract } from "./subtract.js";

type Args = ConstructorParameters<typeof tf.layers.Layer>[0] & { axis?: number; maskRule?: MaskRule };
type Merging = new (args: Args) => tf.layers.Layer;

/**
 * When a step counts after layers with masks are merged: if it does in `all` of them, as in Keras 2 and 3.0 to 3.3 and in
 * tfjs, or in `any`, as in Keras from 3.4 on. With `any`, an input without a mask counts everywhere, and Multiply, Maximum
 * and Minimum leave out what is masked.
 */
export type MaskRule = "all" | "any";

/** A layer that merges its inputs, and their masks. */
export interface MergingLayer extends tf.layers.Layer {
  readonly maskRule: MaskRule;
}

/** Extends one of tfjs's layers by the rule for masks, an option that configurations keep; `"all"` if missing. */
function merging(Stock: Merging): Merging {
  return class extends Stock {
    /** Masks of all inputs come as a list. */
    readonly takesMasks = true;
    readonly maskRule: MaskRule;
    readonly #axis: number;

    constructor({ maskRule = "all", ...args }: Args = {}) {
      super(args);
      this.supportsMasking = true;
      this.maskRule = maskRule;
      this.#axis = args.axis ?? -1;
    }

    override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments = {}): tf.Tensor | tf.Tensor[] {
      const kind = this.getClassName();
      const masks = (args.mask ?? []) as Masks;
      if (this.maskRule !== "any" || masks.every((mask) => mask == null)) return super.call(inputs, args);
      if (kind === "Multiply") return tf.tidy(() => product([inputs].flat(), masks));
      if (kind === "Maximum") return tf.tidy(() => extreme([inputs].flat(), masks, tf.maximum));
      if (kind === "Minimum") return tf.tidy(() => extreme([inputs].flat(), masks, tf.minimum));
      return super.call(inputs, args);
    }

    override computeMask(inputs: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const axis = this.getClassName() === "Concatenate" ? this.#axis : undefined;
      return maskOfMerged([inputs].flat(), mask, axis, this.maskRule);
    }

    override getConfig(): tf.serialization.ConfigDict {
      return { ...super.getConfig(), maskRule: this.maskRule };
    }
  };
}

/** What counts of a tensor, as bool of its shape. */
function counting(x: tf.Tensor, mask: tf.Tensor | null | undefined): tf.Tensor | undefined {
  if (mask == null) return undefined;
  return tf.cast(tf.broadcastTo(tf.expandDims(tf.cast(mask, "int32"), -1), x.shape), "bool");
}

/** The product of what counts; zero where all inputs are masked. */
function product(inputs: readonly tf.Tensor[], masks: Masks): tf.Tensor {
  const counts = inputs.map((x, i) => counting(x, masks[i]));
  const factors = inputs.map((x, i) => {
    const own = counts[i];
    return own ? tf.where(own, x, tf.onesLike(x)) : x;
  });
  const result = factors.reduce((before, factor) => tf.mul(before, factor));
  if (counts.some((own) => own === undefined)) return result;
  const some = (counts as tf.Tensor[]).reduce((before, own) => tf.logicalOr(before, own));
  return tf.where(some, result, tf.zerosLike(result));
}

/** The least or greatest of what counts, one input after the other as Keras does it. */
function extreme(
  inputs: readonly tf.Tensor[],
  masks: Masks,
  choose: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const [first, ...others] = inputs as [tf.Tensor, ...tf.Tensor[]];
  let output = first;
  let counts = counting(first, masks[0]);
  others.forEach((input, i) => {
    const own = counting(input, masks[i + 1]);
    const x = own ? tf.where(own, input, output) : input;
    const before = counts ? tf.where(counts, output, x) : output;
    counts = counts && own ? tf.logicalOr(counts, own) : undefined;
    output = choose(before, x);
  });
  return output;
}

/** The mask of inputs that are merged, or concatenated along an axis. */
function maskOfMerged(
  inputs: readonly tf.Tensor[],
  mask: tf.Tensor | tf.Tensor[] | undefined,
  axis: number | undefined,
  rule: MaskRule,
): tf.Tensor {
  const masks: Masks = Array.isArray(mask) ? mask : [mask];
  if (masks.every((each) => each == null)) return noMask;
  if (axis !== undefined) return concatenated(inputs, masks, axis, rule);
  if (rule === "any" && masks.some((each) => each == null)) return noMask;
  const given = masks.flatMap((each) => (each == null ? [] : [tf.cast(each, "bool")]));
  const both = rule === "any" ? tf.logicalOr : tf.logicalAnd;
  return given.reduce((before, each) => both(before, each));
}

/** The masks of what is concatenated, along the axis of the features or of time. */
function concatenated(inputs: readonly tf.Tensor[], masks: Masks, axis: number, rule: MaskRule): tf.Tensor {
  return tf.tidy(() => {
    const whole = inputs.map((input, i) => {
      const mask = masks[i];
      if (mask == null) return tf.ones(input.shape, "bool");
      if (mask.rank !== input.rank - 1)
        throw new RangeError(
          `Cannot concatenate masks: each must have one axis less than its input, [${input.shape.join(", ")}], got [${mask.shape.join(", ")}]`,
        );
      return tf.cast(tf.broadcastTo(tf.expandDims(tf.cast(mask, "int32"), -1), input.shape), "bool");
    });
    const all = tf.concat(whole, axis);
    return rule === "any" ? tf.any(all, -1) : tf.all(all, -1);
  });
}

const { prototype: stockConcatenate } = stock.Concatenate;
replaceMembers("tfjs's Concatenate", stockConcatenate, {
  call(inputs) {
    return tf.concat([inputs].flat(), this.axis);
  },
  computeMask(inputs, mask) {
    return maskOfMerged([inputs].flat(), mask, this.axis, "all");
  },
});
// The class that Concatenate, Add and the like extend.
const stockMerge: tf.layers.Layer = Object.getPrototypeOf(stockConcatenate);
replaceMembers("tfjs's merging layers", stockMerge, {
  computeMask(inputs, mask) {
    return maskOfMerged([inputs].flat(), mask, undefined, "all");
  },
});

/** The layers by their classes; made of tfjs's before ours replace them in its registry. */
export const mergingLayers: Readonly<Record<string, Merging>> = Object.fromEntries([
  ...["Concatenate", "Add", "Multiply", "Average", "Maximum", "Minimum"].map((name) => [
    name,
    merging(registeredClass<Merging>(name)),
  ]),
  ["Subtract", merging(Subtract)],
]);
