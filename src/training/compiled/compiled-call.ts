import * as tf from "../../tensorflow.js";
import { nodeBackend, type OpAttributes, opAttributes } from "../../tfjs/backend.js";
import { type Draw, record, type TensorId } from "../../tfjs/recording.js";
import { keepStates, partStates, statesOf } from "./kept-states.js";
import { type Argument, NotCompiled, toProgram } from "./program.js";

/** A program for more floats of its own memory is not kept: what takes so long gains nothing, and holds its memory. */
const MOST_MEMORY = 2 ** 23;

/** What a model computes of a batch: its outputs, or what is measured of them. */
export type Call = (batch: readonly tf.Tensor[]) => tf.Tensor[];

/** What belongs to a model that is called. */
export interface CallContext {
  /** All weights of the model */
  readonly weights: readonly tf.Variable[];
  /** Its layers that keep states */
  readonly stateful: readonly tf.RNN[];
}

/** A model's call as one op. */
export interface CompiledCall {
  readonly attributes: OpAttributes;
  /** Whether the op may take several batches in one call */
  readonly isRepeatable: boolean;
  /** Where each input is found among tensors of the batch, weights, states and draws */
  readonly inputs: readonly number[];
  /** How many outputs there are, and which of them are the results */
  readonly outputs: number;
  readonly values: readonly number[];
  /** Which outputs have the states that layers keep */
  readonly states: readonly number[];
  /** What is drawn anew: for a layer that was called for training for good */
  readonly draws: readonly Draw[];
}

/**
 * Calls a model op by op, and makes one op of what was done.
 *
 * @param call - what it computes
 * @param context - the model's own
 * @param batch - what it is called on
 * @returns the results, and the compiled call, or why there is none; call it within a tidy
 */
export function compileCall(
  call: Call,
  { weights, stateful }: CallContext,
  batch: readonly tf.Tensor[],
): { readonly values: tf.Tensor[]; readonly compiled: CompiledCall | NotCompiled } {
  partStates(stateful);
  const states = statesOf(stateful);
  const given = [...batch, ...weights, ...states];
  const ids = idsOf(given);
  if (new Set(ids).size < ids.length)
    return { values: call(batch), compiled: new NotCompiled("two of its tensors are the same") };
  const { result: values, recording } = record(() => tf.tidy(() => call(batch)));
  const draws = recording.draws.map(({ id, shape }) => ({ id, shape, dtype: "float32" }));
  const all = [...given.map(({ shape, dtype }, i) => ({ id: ids[i] as TensorId, shape, dtype })), ...draws];
  const kept = ids.slice(ids.length - states.length);
  const next = new Map(idsOf(statesOf(stateful)).map((id, i) => [kept[i] as TensorId, id]));
  const args = all.flatMap(({ id, shape, dtype }, i): [TensorId, Argument][] =>
    dtype === "float32" || dtype === "int32"
      ? [[id, { shape, dtype, isBatch: i < batch.length || i >= given.length, update: next.get(id) }]]
      : [],
  );
  try {
    if (values.some(({ dtype }) => dtype !== "float32")) throw new NotCompiled("a result is not of float32");
    const results = idsOf(values);
    const program = toProgram(recording, new Map(args), new Set(results));
    if (program.memory > MOST_MEMORY) throw new NotCompiled("it needs too much memory");
    const order = all.map(({ id }) => id);
    const read = [...program.floats, ...program.integers].map((id) => order.indexOf(id));
    const [rows] = batch[0]?.shape ?? [];
    const compiled = {
      attributes: opAttributes({
        program: program.text,
        input_count: program.floats.length,
        integer_count: program.integers.length,
        output_count: program.outputs.length,
      }),
      // Batches lie one below the other: each tensor must have its rows, and one of them must tell how many there are.
      isRepeatable:
        draws.length === 0 &&
        read.some((at) => at < batch.length) &&
        [...batch, ...values].every(({ shape }) => shape[0] === rows) &&
        weights.every(({ dtype }) => dtype === "float32"),
      inputs: read,
      outputs: program.outputs.length,
      values: results.map((id) => program.outputs.indexOf(id)),
      states: kept.map((id) => program.outputs.indexOf(id)),
      draws: recording.draws,
    };
    return { values, compiled };
  } catch (error) {
    if (error instanceof NotCompiled) return { values, compiled: error };
    throw error;
  }
}

/**
 * Calls a model by one op.
 *
 * @param compiled - the call
 * @param context - of the model it was compiled for
 * @param batch - of the shapes that it was compiled for, or several such batches if it is repeatable
 * @returns the results; call it within a tidy
 */
export function runCall(
  compiled: CompiledCall,
  { weights, stateful }: CallContext,
  batch: readonly tf.Tensor[],
): tf.Tensor[] {
  const backend = nodeBackend();
  // In the order in which the arguments were given to the recording.
  const ids = idsOf([
    ...batch,
    ...weights,
    ...statesOf(stateful),
    ...compiled.draws.map(({ make }) => make()),
  ]);
  const args = compiled.inputs.map((at) => ids[at] as TensorId);
  const results = backend.binding
    .executeOp("RnnlabProgram", compiled.attributes, args, compiled.outputs)
    .map((handle) => backend.createOutputTensor(handle));
  const result = (at: number) => results[at] as tf.Tensor;
  keepStates(stateful, compiled.states.map(result));
  return compiled.values.map(result);
}

function idsOf(tensors: readonly tf.Tensor[]): TensorId[] {
  return nodeBackend().getInputTensorIds(tensors);
}
