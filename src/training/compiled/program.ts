import type { RecordedOp, Recording, TensorId } from "../../tfjs/recording.js";
import { instructionFor } from "./instructions.js";
import { planMemory } from "./memory.js";
import { type Instruction, type Known, type Operation, product } from "./translation.js";

/** A recorded step as one op: what RnnlabProgram takes. */
export interface Program {
  /** As src/native/program.h describes it */
  readonly text: string;
  /** Which of the arguments it takes, in order: those of float32, then those of int32 */
  readonly floats: readonly TensorId[];
  readonly integers: readonly TensorId[];
  /** What it gives, in order: wanted tensors, and what arguments have become, each under its argument's number */
  readonly outputs: readonly TensorId[];
  /** Whether numbers of a batch can make it fail, after steps that went well */
  readonly canFail: boolean;
  /** How many floats of its own memory it needs */
  readonly memory: number;
}

/** Why a recording cannot become a program. */
export class NotCompiled extends Error {}

/** Operations that refuse some numbers. */
const FAILING = ["gathering", "rowGradient"];

/** An operation with the tensors that it reads and writes. */
export interface Step extends Operation {
  readonly inputs: readonly TensorId[];
  readonly outputs: readonly TensorId[];
}

/** A tensor that is another one at each step. */
export interface Argument {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
  /** Whether each of several steps has its own */
  readonly isBatch: boolean;
  /** The tensor that takes its place at the next step, which is an output */
  readonly update?: TensorId | undefined;
}

/**
 * Turns a recording into a program.
 *
 * @param recording - of one step
 * @param args - the tensors that are others at each step
 * @param wanted - what is needed of the results
 * @returns the program
 * @throws {NotCompiled} when it has an op that programs do not know
 */
export function toProgram(
  recording: Recording,
  args: ReadonlyMap<TensorId, Argument>,
  wanted: ReadonlySet<TensorId>,
): Program {
  const { steps, values } = translate(recording, args);
  const { results, updates } = ownOutputs(args, wanted, steps, values);
  const roots = new Map([...values].map(([id]) => [id, rootOf(values, id)]));
  const root = (id: TensorId) => roots.get(id) as TensorId;
  const sizes = new Map<TensorId, number>();
  for (const [id, { place, shape }] of values)
    if (["written", "rows", "integers"].includes(place) && !results.has(id) && !updates.has(id))
      sizes.set(id, product(shape));
  // What an argument becomes is written of it, whether it is read or not.
  const read = new Set([...steps.flatMap(({ inputs }) => inputs.map(root)), ...updates.values()]);
  const converted = [...read].filter((id) => values.get(id)?.place === "integers");
  const offsets = planMemory(
    [[[], converted], ...steps.map(({ inputs, outputs }) => [inputs.map(root), outputs] as const)],
    sizes,
  );
  const memory = [...offsets].reduce((most, [id, at]) => Math.max(most, at + (sizes.get(id) as number)), 0);
  return { ...write({ values, steps, results, updates, offsets, read }), memory };
}

/** What a program writes into memory of outputs. */
interface Outputs {
  /** Wanted tensors, by the values that are them */
  readonly results: ReadonlyMap<TensorId, TensorId>;
  /** Arguments, by the values that they become */
  readonly updates: ReadonlyMap<TensorId, TensorId>;
}

/**
 * Outputs have memory of their own. What is the same as another value, or an argument, is copied into it.
 *
 * @param steps - the copies are added to them, before an optimiser's, which changes arguments
 * @param values - the same
 * @returns which values the outputs are
 */
function ownOutputs(
  args: ReadonlyMap<TensorId, Argument>,
  wanted: ReadonlySet<TensorId>,
  steps: Step[],
  values: Map<TensorId, Value>,
): Outputs {
  const [results, updates] = [new Map<TensorId, TensorId>(), new Map<TensorId, TensorId>()];
  const last = steps.at(-1);
  const isOptimized = last?.kind === "optimizer";
  const copies: Step[] = [];
  const copyOf = (id: TensorId, { shape }: Value): TensorId => {
    // No tensor has a number below 0.
    const copy = -1 - copies.length;
    values.set(copy, { place: "written", shape });
    copies.push({ kind: "unary", attributes: { function: "same" }, inputs: [id], outputs: [copy] });
    return copy;
  };
  const foundValue = (id: TensorId): Value => {
    const value = values.get(id);
    if (value) return value;
    throw new NotCompiled("an output of the model, the loss or a state is not computed in the step");
  };
  for (const id of wanted) {
    const value = foundValue(id);
    results.set(value.place === "written" ? id : copyOf(id, value), id);
  }
  for (const [argument, { update }] of args) {
    if (update === undefined) continue;
    // The next step finds it where this one still reads what was there: only the optimiser may write there at once.
    const isWritten = isOptimized && last.outputs.includes(update);
    if (args.has(rootOf(values, update)) || wanted.has(argument))
      throw new NotCompiled("a state is one that the step was given");
    updates.set(isWritten ? update : copyOf(update, foundValue(update)), argument);
  }
  steps.splice(isOptimized ? -1 : steps.length, 0, ...copies);
  return { results, updates };
}

/** Where the numbers of a tensor come from. */
type Value = { readonly shape: readonly number[] } & (
  | { readonly place: "floats" | "batch" | "integers" | "written" }
  /** Its first size is the most that there may be */
  | { readonly place: "rows" }
  | { readonly place: "constant"; readonly number: number }
  | { readonly place: "view"; readonly of: TensorId }
);

function rootOf(values: ReadonlyMap<TensorId, Value>, id: TensorId): TensorId {
  const value = values.get(id);
  return value?.place === "view" ? rootOf(values, value.of) : id;
}

function translate(
  { ops, constants }: Recording,
  args: ReadonlyMap<TensorId, Argument>,
): { readonly steps: Step[]; readonly values: Map<TensorId, Value> } {
  const steps: Step[] = [];
  const values = new Map<TensorId, Value>();
  for (const [id, { shape, dtype, isBatch }] of args)
    values.set(id, { place: dtype === "int32" ? "integers" : isBatch ? "batch" : "floats", shape });
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
    isNumber: (id) => values.has(id) || addConstant(id),
  };
  for (const op of ops) {
    const instruction = instructionFor(op, known);
    if (instruction === undefined)
      throw new NotCompiled(`it uses the op ${op.name} in a way that is not compiled`);
    add(op, instruction, values, steps);
  }
  return { steps, values };
}

function add(op: RecordedOp, instruction: Instruction, values: Map<TensorId, Value>, steps: Step[]): void {
  for (const [place, { id, shape }] of op.outputs.entries()) {
    const most = "operation" in instruction ? instruction.operation.mostRows?.[place] : undefined;
    if (most !== undefined) values.set(id, { place: "rows", shape: [most, ...shape.slice(1)] });
    else if ("viewOf" in instruction) values.set(id, { place: "view", shape, of: instruction.viewOf });
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
function write({
  values,
  steps,
  results,
  updates,
  offsets,
  read,
}: Outputs & {
  readonly values: ReadonlyMap<TensorId, Value>;
  readonly steps: readonly Step[];
  readonly offsets: ReadonlyMap<TensorId, number>;
  readonly read: ReadonlySet<TensorId>;
}): Omit<Program, "memory"> {
  const [outputs, lines]: [TensorId[], string[]] = [[], []];
  const numbers = new Map<TensorId, number>();
  const line = (...words: (string | number)[]) => void lines.push(words.join(" "));
  const numberOf = (id: TensorId): number => {
    const before = numbers.get(id);
    if (before !== undefined) return before;
    const value = values.get(id) as Value;
    const [offset, result, updated] = [offsets.get(id) as number, results.get(id), updates.get(id)];
    if (value.place === "view") line("view", numberOf(value.of), ...value.shape);
    else if (value.place === "constant") line("constant", value.number, ...value.shape);
    else if (value.place === "floats") line("input", ...value.shape);
    else if (value.place === "batch") line("batch", ...value.shape);
    else if (value.place === "integers") line("integers", offset, ...value.shape);
    else if (updated !== undefined) line("update", numberOf(updated), ...value.shape);
    else if (result !== undefined) line("output", ...value.shape);
    else line(value.place === "rows" ? "rows" : "local", offset, ...value.shape);
    const output = result ?? updated;
    if (output !== undefined) outputs.push(output);
    numbers.set(id, numbers.size);
    return numbers.size - 1;
  };
  const inputs = (...places: Value["place"][]) =>
    [...read].filter((id) => places.includes((values.get(id) as Value).place));
  const [floats, integers] = [inputs("floats", "batch"), inputs("integers")];
  [...floats, ...integers].forEach(numberOf);
  for (const step of steps) {
    const [given, written] = [step.inputs.map(numberOf), step.outputs.map(numberOf)];
    const attributes = Object.entries(step.attributes).map(([name, value]) => `${name}=${value}`);
    line("run", step.kind, ...attributes, ":", ...given, ":", ...written);
  }
  const canFail = steps.some(({ kind }) => FAILING.includes(kind));
  return { text: lines.join("\n"), floats, integers, outputs, canFail };
}
