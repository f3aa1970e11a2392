import * as tf from "../tensorflow.js";

type Shape = readonly (number | null)[];
/** Options by Keras 3's names. */
export type OperationOptions = Readonly<Record<string, unknown>>;

/** What an operation of Keras 3's computes of tensors. */
export interface OperationDefinition {
  /** Of `keras.src.ops`, in which its class is */
  readonly module: "numpy" | "nn" | "core";
  /** Names of its options, with what they are if missing */
  readonly options: OperationOptions;
  /** How many tensors it takes; any number unless given */
  readonly count?: number;
  /** Whether they come as one list */
  readonly isList?: boolean;
  compute(x: readonly tf.Tensor[], options: OperationOptions): tf.Tensor;
  /** Shape of the output */
  shape(shapes: readonly Shape[], options: OperationOptions): Shape;
}

const one = ([x]: readonly tf.Tensor[]) => x as tf.Tensor;
const float = (x: tf.Tensor) => (x.dtype === "float32" ? x : tf.cast(x, "float32"));
const first = ([shape]: readonly Shape[]) => shape as Shape;

/** NumPy's rule: axes from the last one on must be equal, or 1, or missing. */
function broadcast(shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, i) => {
    const known = shapes
      .map((shape) => shape[i - rank + shape.length])
      .filter((size) => size !== undefined && size !== 1);
    const size = known.find((each) => each !== null) ?? (known.length > 0 ? null : 1);
    if (known.every((each) => each === size || each === null)) return size;
    throw new RangeError(
      `Cannot compute: shapes must agree, or be 1, got ${shapes.map((shape) => `[${shape.join(", ")}]`).join(" and ")}`,
    );
  });
}

const binary = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): OperationDefinition => ({
  ...{ module: "numpy", options: {}, count: 2, shape: broadcast },
  compute: ([a, b]) => f(a as tf.Tensor, b as tf.Tensor),
});
const unary = (
  f: (x: tf.Tensor, options: OperationOptions) => tf.Tensor,
  module: OperationDefinition["module"] = "numpy",
  options: OperationOptions = {},
): OperationDefinition => ({
  ...{ module, options, count: 1, shape: first },
  compute: (x, given) => f(one(x), given),
});

/** Axes as numbers from 0 on; all if none is given. */
function axesOf(axis: unknown, rank: number): number[] {
  const given = axis == null ? Array.from({ length: rank }, (_, i) => i) : ([axis].flat() as number[]);
  return given.map((each) => (each < 0 ? each + rank : each));
}

const reduction = (
  f: (x: tf.Tensor, axes: number[], keepdims: boolean) => tf.Tensor,
): OperationDefinition => ({
  ...{ module: "numpy", options: { axis: null, keepdims: false }, count: 1 },
  compute: (x, { axis, keepdims }) => f(one(x), axesOf(axis, one(x).rank), keepdims === true),
  shape: (shapes, { axis, keepdims }) => {
    const shape = first(shapes);
    const axes = axesOf(axis, shape.length);
    if (axes.includes(0))
      throw new RangeError(
        `Cannot compute: the axis of the batch must stay, got axis ${JSON.stringify(axis ?? null)}`,
      );
    return shape.flatMap((size, i) => (axes.includes(i) ? (keepdims ? [1] : []) : [size]));
  },
});

/** An axis that is among those of the output, from 0 on. */
const newAxis = (axis: unknown, rank: number) => (Number(axis) < 0 ? Number(axis) + rank + 1 : Number(axis));
const inserted = (shape: Shape, at: number, size: number): Shape => [
  ...shape.slice(0, at),
  size,
  ...shape.slice(at),
];
const variance = (x: tf.Tensor, axes: number[], keepdims: boolean) =>
  tf.moments(float(x), axes, keepdims).variance;

function reshaped(shape: Shape, to: readonly number[]): Shape {
  const product = (sizes: Shape) => sizes.reduce<number>((all, size) => all * (size ?? 1), 1);
  // An unknown batch is what is left where the rest has its own size.
  const rest = product(to.filter((size) => size !== -1));
  const isWhole = shape.includes(null);
  return to.map((size) =>
    size !== -1 ? size : isWhole && product(shape) === rest ? null : isWhole ? null : product(shape) / rest,
  );
}

function softmax(x: tf.Tensor, axis: unknown): tf.Tensor {
  const axes = axesOf(axis ?? -1, x.rank);
  return tf.exp(tf.sub(x, tf.logSumExp(x, axes, true)));
}

/** The operations that functional models of Keras may have between layers, by Keras 3's classes. */
export const operations: Readonly<Record<string, OperationDefinition>> = {
  Add: binary(tf.add),
  Subtract: binary(tf.sub),
  Multiply: binary(tf.mul),
  TrueDivide: binary((a, b) => tf.div(float(a), float(b))),
  Divide: binary((a, b) => tf.div(float(a), float(b))),
  FloorDivide: binary((a, b) => tf.floor(tf.div(float(a), float(b)))),
  Mod: binary(tf.mod),
  Power: binary(tf.pow),
  Maximum: binary(tf.maximum),
  Minimum: binary(tf.minimum),
  Equal: binary(tf.equal),
  NotEqual: binary(tf.notEqual),
  Greater: binary(tf.greater),
  GreaterEqual: binary(tf.greaterEqual),
  Less: binary(tf.less),
  LessEqual: binary(tf.lessEqual),
  LogicalAnd: binary((a, b) => tf.logicalAnd(tf.cast(a, "bool"), tf.cast(b, "bool"))),
  LogicalOr: binary((a, b) => tf.logicalOr(tf.cast(a, "bool"), tf.cast(b, "bool"))),
  LogicalNot: unary((x) => tf.logicalNot(tf.cast(x, "bool"))),
  Where: {
    ...{ module: "numpy", options: {}, count: 3, shape: broadcast },
    compute: ([condition, a, b]) =>
      tf.where(tf.cast(condition as tf.Tensor, "bool"), a as tf.Tensor, b as tf.Tensor),
  },
  Negative: unary(tf.neg),
  Absolute: unary(tf.abs),
  Abs: unary(tf.abs),
  Exp: unary((x) => tf.exp(float(x))),
  Log: unary((x) => tf.log(float(x))),
  Sqrt: unary((x) => tf.sqrt(float(x))),
  Square: unary(tf.square),
  Reciprocal: unary((x) => tf.reciprocal(float(x))),
  Sign: unary(tf.sign),
  Sin: unary((x) => tf.sin(float(x))),
  Cos: unary((x) => tf.cos(float(x))),
  Tanh: unary((x) => tf.tanh(float(x))),
  Sigmoid: unary(tf.sigmoid, "nn"),
  Relu: unary(tf.relu, "nn"),
  Relu6: unary(tf.relu6, "nn"),
  Elu: unary(tf.elu, "nn"),
  Selu: unary(tf.selu, "nn"),
  Softplus: unary(tf.softplus, "nn"),
  Silu: unary((x) => tf.mul(x, tf.sigmoid(x)), "nn"),
  LeakyRelu: unary((x, { negative_slope: slope }) => tf.leakyRelu(x, slope as number), "nn", {
    negative_slope: 0.2,
  }),
  Softmax: unary((x, { axis }) => softmax(x, axis), "nn", { axis: -1 }),
  LogSoftmax: unary((x, { axis }) => tf.log(softmax(x, axis)), "nn", { axis: -1 }),
  Clip: unary(
    (x, { x_min: least, x_max: most }) => tf.clipByValue(x, least as number, most as number),
    "numpy",
    {
      ...{ x_min: null, x_max: null },
    },
  ),
  Cast: unary((x, { dtype }) => tf.cast(x, dtypes[String(dtype)] ?? unknownType(dtype)), "core", {
    dtype: "float32",
  }),
  Mean: reduction((x, axes, keepdims) => tf.mean(float(x), axes, keepdims)),
  Sum: reduction((x, axes, keepdims) => tf.sum(x, axes, keepdims)),
  Max: reduction((x, axes, keepdims) => tf.max(x, axes, keepdims)),
  Min: reduction((x, axes, keepdims) => tf.min(x, axes, keepdims)),
  Any: reduction((x, axes, keepdims) => tf.any(tf.cast(x, "bool"), axes, keepdims)),
  All: reduction((x, axes, keepdims) => tf.all(tf.cast(x, "bool"), axes, keepdims)),
  Var: reduction(variance),
  Std: reduction((x, axes, keepdims) => tf.sqrt(variance(x, axes, keepdims))),
  Argmax: {
    ...{ module: "numpy", options: { axis: null, keepdims: false }, count: 1 },
    compute: (x, { axis }) => tf.argMax(one(x), Number(axis)),
    shape: (shapes, { axis }) => {
      const [at] = axesOf(axis ?? 0, first(shapes).length);
      if (at === 0) throw new RangeError(`Cannot compute: the axis of the batch must stay, got axis ${axis}`);
      return first(shapes).filter((_, i) => i !== at);
    },
  },
  Reshape: {
    ...{ module: "numpy", options: { newshape: null }, count: 1 },
    compute: (x, { newshape }) => tf.reshape(one(x), newshape as number[]),
    shape: (shapes, { newshape }) => reshaped(first(shapes), newshape as number[]),
  },
  ExpandDims: {
    ...{ module: "numpy", options: { axis: null }, count: 1 },
    compute: (x, { axis }) => tf.expandDims(one(x), newAxis(axis, one(x).rank)),
    shape: (shapes, { axis }) => inserted(first(shapes), newAxis(axis, first(shapes).length), 1),
  },
  Squeeze: {
    ...{ module: "numpy", options: { axis: null }, count: 1 },
    compute: (x, { axis }) => tf.squeeze(one(x), axis == null ? undefined : axesOf(axis, one(x).rank)),
    shape: (shapes, { axis }) => {
      const shape = first(shapes);
      const axes =
        axis == null ? shape.flatMap((size, i) => (size === 1 ? [i] : [])) : axesOf(axis, shape.length);
      return shape.filter((_, i) => !axes.includes(i));
    },
  },
  Transpose: {
    ...{ module: "numpy", options: { axes: null }, count: 1 },
    compute: (x, { axes }) => tf.transpose(one(x), (axes as number[] | null) ?? undefined),
    shape: (shapes, { axes }) => {
      const shape = first(shapes);
      return axes == null
        ? [...shape].reverse()
        : axesOf(axes, shape.length).map((axis) => shape[axis] ?? null);
    },
  },
  Flip: unary((x, { axis }) => tf.reverse(x, axesOf(axis, x.rank)), "numpy", { axis: null }),
  Tile: {
    ...{ module: "numpy", options: { repeats: null }, count: 1 },
    compute: (x, { repeats }) => tf.tile(one(x), repeats as number[]),
    shape: (shapes, { repeats }) =>
      first(shapes).map((size, i) => (size === null ? null : size * ((repeats as number[])[i] ?? 1))),
  },
  Concatenate: {
    ...{ module: "numpy", options: { axis: -1 }, isList: true },
    compute: (x, { axis }) => tf.concat([...x], axesOf(axis, one(x).rank)[0]),
    shape: (shapes, { axis }) => {
      const [at] = axesOf(axis, first(shapes).length);
      const sizes = shapes.map((shape) => shape[at ?? 0] ?? null);
      const sum = sizes.reduce((all, size) => (all === null || size === null ? null : all + size));
      return first(shapes).map((size, i) => (i === at ? sum : size));
    },
  },
  Stack: {
    ...{ module: "numpy", options: { axis: 0 }, isList: true },
    compute: (x, { axis }) => tf.stack([...x], newAxis(axis, one(x).rank)),
    shape: (shapes, { axis }) => inserted(first(shapes), newAxis(axis, first(shapes).length), shapes.length),
  },
  Matmul: {
    ...{ module: "numpy", options: { transpose_b: false }, count: 2 },
    compute: ([a, b], { transpose_b: isTurned }) =>
      product(a as tf.Tensor, b as tf.Tensor, isTurned === true),
    shape: ([a = [], b = []], { transpose_b: isTurned }) => {
      const batch = broadcast([a.slice(0, -2), b.slice(0, -2)]);
      return [...batch, a.at(-2) ?? null, b.at(isTurned ? -2 : -1) ?? null];
    },
  },
};

/** tfjs does not multiply a stack of matrices by one. */
function product(a: tf.Tensor, b: tf.Tensor, isTurned: boolean): tf.Tensor {
  if (a.rank === b.rank) return tf.matMul(a, b, false, isTurned);
  if (b.rank > 2 || a.rank < 2)
    throw new RangeError(
      `Cannot compute Matmul: the second factor must have 2 axes or as many, got ${b.rank}`,
    );
  const rows = tf.reshape(a, [-1, a.shape.at(-1) ?? 1]);
  const found = tf.matMul(rows, b, false, isTurned);
  return tf.reshape(found, [...a.shape.slice(0, -1), found.shape[1] ?? 1]);
}

const dtypes: Readonly<Record<string, "float32" | "int32" | "bool">> = {
  ...{ float32: "float32", float64: "float32", int32: "int32", int64: "int32", bool: "bool" },
};

function unknownType(dtype: unknown): never {
  throw new RangeError(`Cannot compute Cast: dtype must be ${Object.keys(dtypes).join(", ")}, got ${dtype}`);
}
