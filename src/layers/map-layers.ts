import * as tf from "../tensorflow.js";
import { encoded, encodedShape, modeRule, type OutputMode } from "./categories.js";
import { mapLayer } from "./map-layer.js";

type Shape = (number | null)[];
/** How much comes off, or is added, before and after each axis. */
type Margins = readonly (readonly [before: number, after: number])[];

/** Keras's ways to say it: a number, one for each axis, or two for each. */
function margins(value: unknown, axes: number): Margins {
  if (typeof value === "number") return Array.from({ length: axes }, () => [value, value]);
  const list = value as (number | [number, number])[];
  if (axes === 1) return [list as [number, number]];
  return list.map((each) => (typeof each === "number" ? [each, each] : each));
}

/** A change of the axes between the batch and the channels. */
const inner = (shape: Shape, change: (size: number, axis: number) => number): Shape =>
  shape.map((size, i) => (i === 0 || i === shape.length - 1 || size === null ? size : change(size, i - 1)));

const padding = (className: string, axes: number) =>
  mapLayer<{ padding: unknown }>(className, {
    defaults: { padding: 1 },
    compute: (x, { padding }) => tf.pad(x, [[0, 0], ...margins(padding, axes), [0, 0]] as [number, number][]),
    shape: (shape, args) => {
      const all = margins(args.padding, axes);
      return inner(shape, (size, i) => size + (all[i]?.[0] ?? 0) + (all[i]?.[1] ?? 0));
    },
  });

const cropping = (className: string, axes: number) =>
  mapLayer<{ cropping: unknown }>(className, {
    defaults: { cropping: axes === 1 ? [1, 1] : 0 },
    compute: (x, { cropping }) => {
      const all = margins(cropping, axes);
      const left = inner(x.shape, (size, i) => size - (all[i]?.[0] ?? 0) - (all[i]?.[1] ?? 0)) as number[];
      return tf.slice(x, [0, ...all.map(([before]) => before), 0], left);
    },
    shape: (shape, args) => {
      const all = margins(args.cropping, axes);
      return inner(shape, (size, i) => size - (all[i]?.[0] ?? 0) - (all[i]?.[1] ?? 0));
    },
  });

function repeated(x: tf.Tensor, axis: number, times: number): tf.Tensor {
  const shape = [...x.shape];
  const wide = tf.tile(
    tf.expandDims(x, axis + 1),
    [...x.shape, 1].map((_, i) => (i === axis + 1 ? times : 1)),
  );
  shape[axis] = (shape[axis] ?? 0) * times;
  return tf.reshape(wide, shape);
}

const pair = (size: unknown) => (typeof size === "number" ? [size, size] : size) as [number, number];

const pooling = (
  className: string,
  axes: number[],
  pool: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor,
) =>
  mapLayer<{ keepdims: boolean }>(className, {
    defaults: { keepdims: false },
    compute: (x, { keepdims }) => pool(x, axes, keepdims),
    shape: (shape, { keepdims }) =>
      shape.flatMap((size, i) => (axes.includes(i) ? (keepdims ? [1] : []) : [size])),
  });
const mean = (x: tf.Tensor, axes: number[], keep: boolean) => tf.mean(x, axes, keep);
const max = (x: tf.Tensor, axes: number[], keep: boolean) => tf.max(x, axes, keep);

/** Layers of Keras's without weights that tfjs lacks, or has with fewer options, by their classes. */
export const mapLayers = {
  Rescaling: mapLayer<{ scale: number | number[]; offset: number | number[] }>("Rescaling", {
    defaults: { scale: 1, offset: 0 },
    keepsMask: true,
    compute: (x, { scale, offset }) => tf.add(tf.mul(tf.cast(x, "float32"), scale), offset),
  }),
  Identity: mapLayer<object>("IdentityLayer", { defaults: {}, keepsMask: true, compute: (x) => x }),
  Flatten: mapLayer<{ dataFormat: string }>("Flatten", {
    defaults: { dataFormat: "channelsLast" },
    compute: (x, { dataFormat }) => {
      const [batch = 0, ...sizes] = x.shape;
      const isFirst = dataFormat === "channelsFirst" && x.rank > 2;
      const last = isFirst ? tf.transpose(x, [0, ...sizes.slice(1).map((_, i) => i + 2), 1]) : x;
      return tf.reshape(last, [batch, tf.util.sizeFromShape(sizes)]);
    },
    shape: ([batch = null, ...sizes]) => [
      batch,
      sizes.reduce((all, size) => (all === null || size === null ? null : all * size), 1),
    ],
  }),
  ThresholdedReLU: mapLayer<{ theta: number }>("ThresholdedReLU", {
    defaults: { theta: 1 },
    keepsMask: true,
    compute: (x, { theta }) => tf.mul(x, tf.cast(tf.greater(x, theta), "float32")),
  }),
  SpatialDropout2D: mapLayer<{ rate: number; seed: number | null }>("SpatialDropout2D", {
    defaults: { rate: 0, seed: null },
    keepsMask: true,
    compute: (x, { rate, seed }, isTraining) => {
      const [batch = 1, , , channels = 1] = x.shape;
      return isTraining
        ? tf.mul(x, tf.dropout(tf.ones([batch, 1, 1, channels]), rate, undefined, seed ?? undefined))
        : x;
    },
  }),
  UnitNormalization: mapLayer<{ axis: number | number[] }>("UnitNormalization", {
    defaults: { axis: -1 },
    keepsMask: true,
    compute: (x, { axis }) => {
      const axes = [axis].flat().map((each) => (each < 0 ? each + x.rank : each));
      return tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), axes, true), 1e-12)));
    },
  }),
  ZeroPadding1D: padding("ZeroPadding1D", 1),
  ZeroPadding2D: padding("ZeroPadding2D", 2),
  Cropping1D: cropping("Cropping1D", 1),
  Cropping2D: cropping("Cropping2D", 2),
  UpSampling1D: mapLayer<{ size: number }>("UpSampling1D", {
    defaults: { size: 2 },
    compute: (x, { size }) => repeated(x, 1, size),
    shape: (shape, { size }) => inner(shape, (time) => time * size),
  }),
  UpSampling2D: mapLayer<{ size: unknown; interpolation: string }>("UpSampling2D", {
    defaults: { size: 2, interpolation: "nearest" },
    compute: (x, { size, interpolation }) => {
      const [rows, columns] = pair(size);
      if (interpolation === "nearest") return repeated(repeated(x, 1, rows), 2, columns);
      const [, height = 0, width = 0] = x.shape;
      return tf.image.resizeBilinear(x as tf.Tensor4D, [height * rows, width * columns], false, true);
    },
    shape: (shape, { size }) => inner(shape, (side, i) => side * (pair(size)[i] ?? 1)),
    check: ({ interpolation }) =>
      ["nearest", "bilinear"].includes(interpolation)
        ? undefined
        : `interpolation must be nearest or bilinear, got ${interpolation}`,
  }),
  GlobalMaxPooling1D: pooling("GlobalMaxPooling1D", [1], max),
  GlobalMaxPooling2D: pooling("GlobalMaxPooling2D", [1, 2], max),
  GlobalAveragePooling2D: pooling("GlobalAveragePooling2D", [1, 2], mean),
  CategoryEncoding: mapLayer<{ numTokens: number; outputMode: OutputMode }>("CategoryEncoding", {
    defaults: { numTokens: 0, outputMode: "multiHot" },
    compute: (x, { numTokens, outputMode }) => encoded(x, numTokens, outputMode),
    shape: (shape, { numTokens, outputMode }) => encodedShape(shape, numTokens, outputMode),
    check: (args) =>
      args.numTokens > 0
        ? modeRule(args.outputMode)
        : `num_tokens must be a positive integer, got ${args.numTokens}`,
  }),
  Discretization: mapLayer<{ binBoundaries: number[]; outputMode: OutputMode }>("Discretization", {
    defaults: { binBoundaries: [], outputMode: "int" },
    compute: (x, { binBoundaries, outputMode }) => {
      // How many boundaries are at or below it.
      const reached = tf.greaterEqual(tf.expandDims(tf.cast(x, "float32"), -1), tf.tensor1d(binBoundaries));
      return encoded(tf.sum(tf.cast(reached, "int32"), -1), binBoundaries.length + 1, outputMode);
    },
    shape: (shape, { binBoundaries, outputMode }) =>
      encodedShape(shape, binBoundaries.length + 1, outputMode),
    check: (args) =>
      args.binBoundaries.length > 0
        ? modeRule(args.outputMode)
        : "bin_boundaries must be given or learned, got none",
  }),
} as const;
