import * as tf from "../tensorflow.js";
import { replaceMembers } from "../tfjs/patches.js";
import { type CallArguments, type StockBatchNormalization, stock } from "../tfjs/stock.js";
import { normalized } from "./normalized.js";
import { oneTensor } from "./one-tensor.js";

/** Added to the number of steps that count, which may be none, as in Keras. */
const LEAST = 1e-7;

const { prototype } = stock.BatchNormalization;
const { call } = prototype;
replaceMembers("tfjs's BatchNormalization", prototype, {
  call(inputs, args: CallArguments = {}) {
    if (args.training !== true || isFrozen(this))
      return call.call(this, inputs, { ...args, training: false });
    return tf.tidy(() => normalizedByBatch(this, oneTensor(inputs, "BatchNormalization"), args.mask));
  },
});

/** Whether it is not trained: it then keeps to the mean and variance that it has learned, as in Keras. */
function isFrozen({ trainable, gamma, beta }: StockBatchNormalization): boolean {
  const own = [gamma, beta].filter((weight) => weight != null);
  // A model that is not trainable says so of the weights alone.
  return !trainable || (own.length > 0 && own.every((weight) => !weight.trainable));
}

/** Normalises by the mean and variance of a batch, in which masked steps have no part, and learns these. */
function normalizedByBatch(
  layer: StockBatchNormalization,
  x: tf.Tensor,
  mask: tf.Tensor | undefined,
): tf.Tensor {
  const { axis, epsilon, momentum, movingMean, movingVariance } = layer;
  const own = axis < 0 ? axis + x.rank : axis;
  const others = x.shape.map((_, i) => i).filter((i) => i !== own);
  const { mean, variance } = mask ? countedMoments(x, mask, others) : tf.moments(x, others, true);
  learn(movingMean, mean, momentum);
  learn(movingVariance, variance, momentum);
  return normalized(x, { mean, variance, epsilon }, layer, mean.shape);
}

function countedMoments(
  x: tf.Tensor,
  mask: tf.Tensor,
  axes: number[],
): { mean: tf.Tensor; variance: tf.Tensor } {
  if (mask.rank !== x.rank - 1)
    throw new RangeError(
      `Cannot apply BatchNormalization: the mask must have ${x.rank - 1} axes, got ${mask.rank}`,
    );
  const counts = tf.cast(tf.broadcastTo(tf.expandDims(tf.cast(mask, "int32"), -1), x.shape), "bool");
  const count = tf.add(tf.sum(tf.cast(counts, "float32"), axes, true), LEAST);
  const meanOf = (values: tf.Tensor) =>
    tf.div(tf.sum(tf.where(counts, values, tf.zerosLike(values)), axes, true), count);
  const mean = meanOf(x);
  return { mean, variance: meanOf(tf.square(tf.sub(x, mean))) };
}

function learn(moving: tf.LayerVariable, found: tf.Tensor, momentum: number): void {
  const before = moving.read();
  const value = tf.reshape(found, before.shape);
  moving.write(tf.add(tf.mul(before, momentum), tf.mul(value, 1 - momentum)));
}
