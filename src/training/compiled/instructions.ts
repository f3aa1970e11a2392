import type { AttributeValue, RecordedConstant, RecordedOp, TensorId } from "../../tfjs/recording.js";

/** An operation of a native program: what `kinds` of src/native/program.cc lists. */
export interface Operation {
  readonly kind: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Those of the recorded op that are read; all unless given */
  readonly inputs?: readonly TensorId[];
}

/** TensorFlow's number for float32. */
export const FLOAT = 1;

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
  /** Whether it has only numbers that programs have: float32, and comparisons of them */
  isFloat(id: TensorId): boolean;
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
  ({ attributes }) =>
    attributes.masks ? undefined : { operation: { kind, attributes } };
const view: Translation = ({ inputs: [x] }, known) =>
  x !== undefined && known.isFloat(x) ? { viewOf: x } : undefined;

const select: Translation = ({ inputs }, known) => {
  const [condition, ...others] = inputs.map((id) => known.shapeOf(id).join());
  return others.every((shape) => shape === condition)
    ? { operation: { kind: "select", attributes: {} } }
    : undefined;
};

/** Sums over axes that are neighbours. */
const reduction =
  (mean: boolean): Translation =>
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
      mean,
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
    : { operation: { kind: "reduction", attributes: { mean: false, outer: 1, inner } } };
};

const fill: Translation = ({ inputs: [, value] }, known) => {
  const number = value === undefined ? undefined : known.constant(value)?.values[0];
  return number === undefined ? undefined : { constant: number };
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
  Greater: binary("greater"),
  Abs: unary("absolute"),
  Exp: unary("exponential"),
  IsNan: unary("isNan"),
  Log1p: unary("logarithm1p"),
  Neg: unary("negative"),
  Relu: unary("relu"),
  Sigmoid: unary("sigmoid"),
  Sqrt: unary("root"),
  Square: unary("square"),
  Tanh: unary("tanh"),
  Select: select,
  Cast: (op, known) => (op.attributes.DstT === FLOAT ? view(op, known) : undefined),
  Reshape: (op, known) => view({ ...op, inputs: op.inputs.slice(0, 1) }, known),
  Fill: fill,
  Mean: reduction(true),
  Sum: reduction(false),
  BiasAddGrad: columnSums,
  MatMul: same("product"),
  Softmax: run("softmax"),
  SoftmaxCrossEntropyWithLogits: run("crossEntropy"),
  RnnlabRecurrent: same("recurrent"),
  RnnlabRecurrentGrad: same("recurrentGradient"),
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
  const instruction = translations[op.name]?.(op, known);
  const read = instruction && "operation" in instruction ? (instruction.operation.inputs ?? op.inputs) : [];
  return read.every((id) => known.isFloat(id)) ? instruction : undefined;
}

/** How many numbers a shape has. */
export function product(shape: readonly number[]): number {
  return shape.reduce((size, each) => size * each, 1);
}
