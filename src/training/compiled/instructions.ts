import type { AttributeValue, RecordedConstant, RecordedOp, TensorId } from "../../tfjs/recording.js";

/** An operation of a native program: what `kinds` of src/native/program.cc lists. */
export interface Operation {
  readonly kind: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Those of the recorded op that are read; all unless given */
  readonly inputs?: readonly TensorId[];
  /** The most rows of an output, by its place, whose number of rows depends on the batch's numbers */
  readonly mostRows?: Readonly<Record<number, number>>;
}

/** TensorFlow's numbers for the types of tensors that programs know; in them all are floats. */
const [FLOAT, INTEGER, BOOL] = [1, 3, 10];

/** What a recorded op becomes. */
export type Instruction =
  | { readonly operation: Operation }
  /** The same numbers in the shape of the op's output */
  | { readonly viewOf: TensorId }
  /** The same number everywhere */
  | { readonly constant: number };

/** What is known of the tensors of a recording. */
export interface Known {
  shapeOf(id: TensorId): readonly number[];
  /** The numbers of one that came from JavaScript */
  constant(id: TensorId): RecordedConstant | undefined;
  /** Whether its numbers are the program's, or the same number everywhere */
  isNumber(id: TensorId): boolean;
}

/** Nothing where the op is used in a way that programs do not know. */
type Translation = (op: RecordedOp, known: Known) => Instruction | undefined;

const run =
  (kind: string, attributes: Operation["attributes"] = {}): Translation =>
  () => ({ operation: { kind, attributes } });
const unary = (name: string) => run("unary", { function: name });
const binary = (name: string) => run("binary", { function: name });
/** Its attributes are those of the operation. */
const same =
  (kind: string): Translation =>
  ({ attributes }) => ({ operation: { kind, attributes } });
const view: Translation = ({ inputs: [x] }, known) =>
  x !== undefined && known.isNumber(x) ? { viewOf: x } : undefined;

const select: Translation = ({ inputs }, known) => {
  const [condition, ...others] = inputs.map((id) => known.shapeOf(id).join());
  return others.every((shape) => shape === condition)
    ? { operation: { kind: "select", attributes: {} } }
    : undefined;
};

/** Over axes that are neighbours. */
const reduction =
  (name: "sum" | "mean" | "maximum" | "minimum"): Translation =>
  ({ inputs: [x, axes] }, known) => {
    if (x === undefined || axes === undefined) return undefined;
    const shape = known.shapeOf(x);
    const given = known.constant(axes)?.values;
    if (given === undefined) return undefined;
    const numbers = Array.from(given, (axis) => (axis < 0 ? axis + shape.length : axis)).sort(
      (a, b) => a - b,
    );
    const [first = 0] = numbers;
    if (numbers.some((axis, i) => axis !== first + i)) return undefined;
    const attributes = {
      function: name,
      outer: product(shape.slice(0, first)),
      inner: product(shape.slice(first + numbers.length)),
    };
    return { operation: { kind: "reduction", attributes, inputs: [x] } };
  };

/** The sum of all rows. */
const columnSums: Translation = ({ inputs: [dy] }, known) => {
  const inner = dy === undefined ? undefined : known.shapeOf(dy).at(-1);
  return inner === undefined
    ? undefined
    : { operation: { kind: "reduction", attributes: { function: "sum", outer: 1, inner } } };
};

const fill: Translation = ({ inputs: [, value] }, known) => {
  const number = value === undefined ? undefined : known.constant(value)?.values[0];
  return number === undefined ? undefined : { constant: number };
};

const cast: Translation = (op, known) => {
  const { SrcT: from, DstT: to } = op.attributes;
  if (from === to || to === FLOAT || (from === BOOL && to === INTEGER)) return view(op, known);
  return to === INTEGER ? unary("truncated")(op, known) : undefined;
};

/** A recurrent layer keeps numbers for its gradient, of as many steps as its mask lets count. */
const recurrent: Translation = ({ attributes, inputs: [x], outputs }, known) => {
  if (x === undefined) return undefined;
  const [batch = 0, time = 0] = known.shapeOf(x);
  const mostRows = attributes.masks ? { [outputs.length - 1]: batch * (time + 1) } : {};
  return { operation: { kind: "recurrent", attributes, mostRows } };
};

const rowGradient: Translation = ({ attributes, inputs: [numbers] }, known) => {
  if (numbers === undefined) return undefined;
  const mostRows = { 0: Math.min(Number(attributes.rows), product(known.shapeOf(numbers))) };
  return { operation: { kind: "rowGradient", attributes, mostRows } };
};

const rowSum: Translation = ({ inputs }, known) => {
  const mostRows = { 0: inputs.reduce((sum, id) => sum + (known.shapeOf(id)[0] ?? 0), 0) };
  return { operation: { kind: "rowSum", attributes: {}, mostRows } };
};

/** An axis of a tensor, with how many numbers lie before and after it; counted from the end where it is negative. */
function around(shape: readonly number[], axis: number) {
  const at = axis < 0 ? axis + shape.length : axis;
  return { outer: product(shape.slice(0, at)), size: shape[at] ?? 1, inner: product(shape.slice(at + 1)) };
}

/** The integers of an input that came from JavaScript. */
function integers(id: TensorId | undefined, known: Known): readonly number[] | undefined {
  const constant = id === undefined ? undefined : known.constant(id);
  return constant && Array.from(constant.values);
}

const concatenation: Translation = ({ inputs }, known) => {
  const [parts, [axis] = []] = [inputs.slice(0, -1), integers(inputs.at(-1), known)];
  const [first] = parts;
  if (first === undefined || axis === undefined) return undefined;
  const { outer } = around(known.shapeOf(first), axis);
  return { operation: { kind: "concatenation", attributes: { outer, count: parts.length }, inputs: parts } };
};

/** Along a new axis. */
const stack: Translation = ({ attributes: { axis }, inputs }, known) => {
  const [first] = inputs;
  if (first === undefined) return undefined;
  const { outer } = around([...known.shapeOf(first), 1], Number(axis));
  return { operation: { kind: "concatenation", attributes: { outer, count: inputs.length } } };
};

const unstack: Translation = ({ attributes: { axis }, inputs: [x] }, known) => {
  if (x === undefined) return undefined;
  const { outer, size, inner } = around(known.shapeOf(x), Number(axis));
  return { operation: { kind: "split", attributes: { outer, widths: Array(size).fill(inner).join() } } };
};

const split: Translation = ({ inputs: [x, sizes, axis] }, known) => {
  const [numbers, [at] = []] = [integers(sizes, known), integers(axis, known)];
  if (x === undefined || numbers === undefined || at === undefined) return undefined;
  const { outer, inner } = around(known.shapeOf(x), at);
  const widths = numbers.map((size) => size * inner).join();
  return { operation: { kind: "split", attributes: { outer, widths }, inputs: [x] } };
};

/** Along one axis: the others are as they were. */
const slice: Translation = ({ inputs: [x, begin], outputs: [output] }, known) => {
  const from = integers(begin, known);
  if (x === undefined || output === undefined || from === undefined) return undefined;
  const shape = known.shapeOf(x);
  const cut = shape.flatMap((size, axis) => (size === output.shape[axis] ? [] : [axis]));
  if (cut.length > 1) return undefined;
  const { outer, inner } = around(shape, cut[0] ?? 0);
  const [first, width] = [(from[cut[0] ?? 0] ?? 0) * inner, (output.shape[cut[0] ?? 0] ?? 1) * inner];
  return { operation: { kind: "split", attributes: { outer, first, widths: String(width) }, inputs: [x] } };
};

/** The gradient of a slice: zeros along one axis. */
const padding: Translation = ({ inputs: [x, widths, value] }, known) => {
  const [numbers, [zero] = []] = [integers(widths, known), integers(value, known)];
  if (x === undefined || numbers === undefined || zero !== 0) return undefined;
  const shape = known.shapeOf(x);
  const padded = shape.flatMap((_, axis) => (numbers[2 * axis] || numbers[2 * axis + 1] ? [axis] : []));
  if (padded.length > 1) return undefined;
  const axis = padded[0] ?? 0;
  const { outer, inner } = around(shape, axis);
  const [before, after] = [(numbers[2 * axis] ?? 0) * inner, (numbers[2 * axis + 1] ?? 0) * inner];
  return { operation: { kind: "padding", attributes: { outer, before, after }, inputs: [x] } };
};

const reversal: Translation = ({ inputs: [x, axes] }, known) => {
  const [axis, ...others] = integers(axes, known) ?? [];
  if (x === undefined || axis === undefined || others.length > 0) return undefined;
  const { outer, inner } = around(known.shapeOf(x), axis);
  return { operation: { kind: "reversal", attributes: { outer, inner }, inputs: [x] } };
};

const transposition: Translation = ({ inputs: [x, axes] }, known) => {
  const order = integers(axes, known);
  if (x === undefined || order === undefined) return undefined;
  const isTheSame = order.every((axis, i) => axis === i);
  return isTheSame
    ? { viewOf: x }
    : { operation: { kind: "transposition", attributes: { order: order.join() }, inputs: [x] } };
};

const tiling: Translation = ({ inputs: [x, multiples] }, known) => {
  const times = integers(multiples, known)?.join();
  return x === undefined || times === undefined
    ? undefined
    : { operation: { kind: "tiling", attributes: { times }, inputs: [x] } };
};

/** A stack of one matrix with another. */
const stackedProduct: Translation = ({ attributes, inputs }, known) => {
  if (inputs.some((id) => product(known.shapeOf(id).slice(0, -2)) !== 1)) return undefined;
  const { adj_x = false, adj_y = false } = attributes;
  return { operation: { kind: "product", attributes: { transpose_a: adj_x, transpose_b: adj_y } } };
};

/** Rows of a table. */
const gathering: Translation = ({ attributes, inputs: [table, numbers, axis] }, known) => {
  const [at] = integers(axis, known) ?? [];
  if (table === undefined || numbers === undefined || at !== 0 || Number(attributes.batch_dims) !== 0)
    return undefined;
  return { operation: { kind: "gathering", attributes: {}, inputs: [table, numbers] } };
};

/** The ops of TensorFlow that a program knows. */
const translations: Readonly<Record<string, Translation>> = {
  Add: binary("add"),
  AddV2: binary("add"),
  BiasAdd: binary("add"),
  Sub: binary("subtract"),
  Mul: binary("multiply"),
  RealDiv: binary("divide"),
  Maximum: binary("maximum"),
  Minimum: binary("minimum"),
  Equal: binary("equal"),
  NotEqual: binary("notEqual"),
  Greater: binary("greater"),
  GreaterEqual: binary("greaterEqual"),
  Less: binary("less"),
  LessEqual: binary("lessEqual"),
  LogicalAnd: binary("minimum"),
  LogicalOr: binary("maximum"),
  Abs: unary("absolute"),
  Elu: unary("elu"),
  EluGrad: binary("eluGradient"),
  Exp: unary("exponential"),
  Floor: unary("floor"),
  IsNan: unary("isNan"),
  Log: unary("logarithm"),
  Log1p: unary("logarithm1p"),
  LogicalNot: unary("logicalNot"),
  Neg: unary("negative"),
  Reciprocal: unary("reciprocal"),
  Relu: unary("relu"),
  Rsqrt: unary("reciprocalRoot"),
  Sigmoid: unary("sigmoid"),
  Sign: unary("sign"),
  Softplus: unary("softplus"),
  Sqrt: unary("root"),
  Square: unary("square"),
  Tanh: unary("tanh"),
  Select: select,
  Cast: cast,
  Reshape: (op, known) => view({ ...op, inputs: op.inputs.slice(0, 1) }, known),
  ExpandDims: (op, known) => view({ ...op, inputs: op.inputs.slice(0, 1) }, known),
  Fill: fill,
  ZerosLike: () => ({ constant: 0 }),
  OnesLike: () => ({ constant: 1 }),
  Mean: reduction("mean"),
  Sum: reduction("sum"),
  Max: reduction("maximum"),
  Min: reduction("minimum"),
  Any: reduction("maximum"),
  All: reduction("minimum"),
  BiasAddGrad: columnSums,
  ConcatV2: concatenation,
  Pack: stack,
  Unpack: unstack,
  SplitV: split,
  Slice: slice,
  PadV2: padding,
  ReverseV2: reversal,
  Transpose: transposition,
  Tile: tiling,
  GatherV2: gathering,
  MatMul: same("product"),
  BatchMatMulV2: stackedProduct,
  Softmax: run("softmax"),
  SoftmaxCrossEntropyWithLogits: run("crossEntropy"),
  SparseSoftmaxCrossEntropyWithLogits: run("sparseCrossEntropy"),
  RnnlabRecurrent: recurrent,
  RnnlabRecurrentGrad: same("recurrentGradient"),
  RnnlabRowGradient: rowGradient,
  RnnlabRowSum: rowSum,
  RnnlabOptimizer: same("optimizer"),
};

/**
 * Finds what a program does for an op.
 *
 * @param op - as it was recorded
 * @param known - of its inputs and outputs
 * @returns the instruction; nothing if programs do not know the op, or not this use of it
 */
export function instructionFor(op: RecordedOp, known: Known): Instruction | undefined {
  if (op.outputs.some(({ dtype }) => ![FLOAT, INTEGER, BOOL].includes(dtype))) return undefined;
  const instruction = translations[op.name]?.(op, known);
  const read = instruction && "operation" in instruction ? (instruction.operation.inputs ?? op.inputs) : [];
  return read.every((id) => known.isNumber(id)) ? instruction : undefined;
}

/** How many numbers a shape has. */
export function product(shape: readonly number[]): number {
  return shape.reduce((size, each) => size * each, 1);
}
