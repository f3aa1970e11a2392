import type { RecordedOp } from "../../tfjs/recording.js";
import {
  concatenation,
  gathering,
  oneHot,
  padding,
  reversal,
  slice,
  split,
  stack,
  tiling,
  transposition,
  unstack,
} from "./arrangements.js";
import { type Instruction, type Known, type Operation, product, type Translation } from "./translation.js";

/** TensorFlow's numbers for the types of tensors that programs know; in them all are floats. */
const [FLOAT, INTEGER, BOOL] = [1, 3, 10];

const run =
  (kind: string, attributes: Operation["attributes"] = {}): Translation =>
  () => ({ operation: { kind, attributes } });
const unary = (name: string) => run("unary", { function: name });
const binary = (name: string) => run("binary", { function: name });
/** Its attributes are those of the operation. */
const same =
  (kind: string): Translation =>
  ({ attributes }) => ({ operation: { kind, attributes } });
const select: Translation = ({ inputs }, known) => {
  const [condition, ...others] = inputs.map((id) => known.shapeOf(id).join());
  return others.every((shape) => shape === condition)
    ? { operation: { kind: "select", attributes: {} } }
    : undefined;
};

/** Over axes that are neighbours. */
const reduction =
  (name: "sum" | "mean" | "maximum" | "minimum" | "position"): Translation =>
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

const view: Translation = ({ inputs: [x] }, known) =>
  x !== undefined && known.isNumber(x) ? { viewOf: x } : undefined;

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

/** A stack of one matrix with another. */
const stackedProduct: Translation = ({ attributes, inputs }, known) => {
  if (inputs.some((id) => product(known.shapeOf(id).slice(0, -2)) !== 1)) return undefined;
  const { adj_x = false, adj_y = false } = attributes;
  return { operation: { kind: "product", attributes: { transpose_a: adj_x, transpose_b: adj_y } } };
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
  ArgMax: reduction("position"),
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
  OneHot: oneHot,
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
