import type { RecordedOp, Recording, TensorId } from "../../tfjs/recording.js";
import {
  FLOAT,
  type Instruction,
  instructionFor,
  type Known,
  type Operation,
  product,
} from "./instructions.js";
import { planMemory } from "./memory.js";

/** TensorFlow's number for bool. */
const BOOL = 10;

/** A recorded step as one op: what RnnlabProgram takes. */
export interface Program {
  /** As src/native/program.h describes it */
  readonly text: string;
  /** Which of the arguments it takes, in order */
  readonly inputs: readonly TensorId[];
  /** Which of the wanted tensors it gives, in order */
  readonly outputs: readonly TensorId[];
}

/** Why a recording cannot become a program. */
export class NotCompiled extends Error {}

/** An operation with the tensors that it reads and writes. */
export interface Step extends Operation {
  readonly inputs: readonly TensorId[];
  readonly outputs: readonly TensorId[];
}

/**
 * Turns a recording into a program.
 *
 * @param recording - of one step
 * @param args - the shapes of tensors that are others at each step; all of float32
 * @param wanted - what is needed of the results
 * @returns the program
 * @throws {NotCompiled} when it has an op that programs do not know
 */
export function toProgram(
  recording: Recording,
  args: ReadonlyMap<TensorId, readonly number[]>,
  wanted: ReadonlySet<TensorId>,
): Program {
  const { steps, values } = translate(recording, args);
  const roots = new Map([...values].map(([id]) => [id, rootOf(values, id)]));
  const root = (id: TensorId) => roots.get(id) as TensorId;
  for (const id of wanted) {
    if (values.get(id)?.place !== "written")
      throw new NotCompiled("an output of the model or the loss is not computed in the step");
  }
  const sizes = new Map<TensorId, number>();
  for (const [id, { place, shape }] of values)
    if (place === "written" && !wanted.has(id)) sizes.set(id, product(shape));
  const offsets = planMemory(
    steps.map(({ inputs, outputs }) => [inputs.map(root), outputs]),
    sizes,
  );
  return write(values, steps, wanted, offsets);
}

/** Where the numbers of a tensor come from. */
type Value = { readonly shape: readonly number[] } & (
  | { readonly place: "argument" | "written" }
  | { readonly place: "constant"; readonly number: number }
  | { readonly place: "view"; readonly of: TensorId }
);

function rootOf(values: ReadonlyMap<TensorId, Value>, id: TensorId): TensorId {
  const value = values.get(id);
  return value?.place === "view" ? rootOf(values, value.of) : id;
}

function translate(
  { ops, constants }: Recording,
  args: ReadonlyMap<TensorId, readonly number[]>,
): { readonly steps: readonly Step[]; readonly values: ReadonlyMap<TensorId, Value> } {
  const steps: Step[] = [];
  const values = new Map<TensorId, Value>();
  for (const [id, shape] of args) values.set(id, { place: "argument", shape });
  const shapeOf = (id: TensorId): readonly number[] => {
    const shape = values.get(id)?.shape ?? constants.get(id)?.shape;
    if (shape === undefined) throw new NotCompiled("it uses a tensor that is none of the model or the batch");
    return shape;
  };
  /** Only what is one number everywhere is written into a program. */
  const addConstant = (id: TensorId): boolean => {
    const { shape, values: numbers } = constants.get(id) ?? { shape: [], values: [] };
    const [number] = Array.from(numbers);
    if (typeof number !== "number" || Array.from(numbers).some((each) => each !== number)) return false;
    values.set(id, { place: "constant", shape, number });
    return true;
  };
  const known: Known = {
    shapeOf,
    constant: (id) => (args.has(id) ? undefined : constants.get(id)),
    isFloat: (id) => values.has(id) || addConstant(id),
  };
  for (const op of ops) {
    const instruction = instructionFor(op, known);
    if (instruction === undefined)
      throw new NotCompiled(`it uses the op ${op.name} in a way that is not compiled`);
    for (const { dtype } of op.outputs)
      if (dtype !== FLOAT && dtype !== BOOL)
        throw new NotCompiled(`the op ${op.name} gives other numbers than float32`);
    add(op, instruction, values, steps);
  }
  return { steps, values };
}

function add(op: RecordedOp, instruction: Instruction, values: Map<TensorId, Value>, steps: Step[]): void {
  for (const { id, shape } of op.outputs) {
    if ("viewOf" in instruction) values.set(id, { place: "view", shape, of: instruction.viewOf });
    else if ("constant" in instruction)
      values.set(id, { place: "constant", shape, number: instruction.constant });
    else values.set(id, { place: "written", shape });
  }
  if (!("operation" in instruction)) return;
  const { operation } = instruction;
  steps.push({
    ...operation,
    inputs: operation.inputs ?? op.inputs,
    outputs: op.outputs.map(({ id }) => id),
  });
}

/** Writes the text; what nothing reads or writes has no line. */
function write(
  values: ReadonlyMap<TensorId, Value>,
  steps: readonly Step[],
  wanted: ReadonlySet<TensorId>,
  offsets: ReadonlyMap<TensorId, number>,
): Program {
  const [inputs, outputs, lines]: [TensorId[], TensorId[], string[]] = [[], [], []];
  const numbers = new Map<TensorId, number>();
  const line = (...words: (string | number)[]) => void lines.push(words.join(" "));
  const numberOf = (id: TensorId): number => {
    const before = numbers.get(id);
    if (before !== undefined) return before;
    const value = values.get(id) as Value;
    if (value.place === "view") line("view", numberOf(value.of), ...value.shape);
    else if (value.place === "constant") line("constant", value.number, ...value.shape);
    else if (value.place === "argument") line("input", ...value.shape);
    else if (wanted.has(id)) line("output", ...value.shape);
    else line("local", offsets.get(id) as number, ...value.shape);
    if (value.place === "argument") inputs.push(id);
    if (wanted.has(id)) outputs.push(id);
    numbers.set(id, numbers.size);
    return numbers.size - 1;
  };
  for (const step of steps) {
    const [read, written] = [step.inputs.map(numberOf), step.outputs.map(numberOf)];
    const attributes = Object.entries(step.attributes).map(([name, value]) => `${name}=${value}`);
    line("run", step.kind, ...attributes, ":", ...read, ":", ...written);
  }
  return { text: lines.join("\n"), inputs, outputs };
}
