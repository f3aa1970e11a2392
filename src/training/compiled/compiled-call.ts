import * as tf from "../../tensorflow.js";
import { nodeBackend, type OpAttributes, opAttributes } from "../../tfjs/backend.js";
import { type Draw, record, type TensorId } from "../../tfjs/recording.js";
import { type Argument, NotCompiled, toProgram } from "./program.js";

/** A program for more floats of its own memory is not kept: what takes so long gains nothing, and holds its memory. */
const MOST_MEMORY = 2 ** 23;

/** What a model computes of a batch: its outputs, or what is measured of them. */
export type Call = (batch: readonly tf.Tensor[]) => tf.Tensor[];

/** A model's call as one op. */
export interface CompiledCall {
  readonly attributes: OpAttributes;
  /** Whether the op may take several batches in one call */
  readonly isRepeatable: boolean;
  /** Where each input is found among tensors of the batch, weights and draws */
  readonly inputs: readonly number[];
  /** How many outputs there are, and which of them are the results */
  readonly outputs: number;
  readonly values: readonly number[];
  /** What is drawn anew: for a layer that was called for training for good */
  readonly draws: readonly Draw[];
}

/**
 * Calls a model op by op, and makes one op of what was done.
 *
 * @param call - what it computes
 * @param weights - all weights of the model
 * @param batch - what it is called on
 * @returns the results, and the compiled call, or why there is none; call it within a tidy
 */
export function compileCall(
  call: Call,
  weights: readonly tf.Variable[],
  batch: readonly tf.Tensor[],
): { readonly values: tf.Tensor[]; readonly compiled: CompiledCall | NotCompiled } {
  const given = [...batch, ...weights];
  const ids = idsOf(given);
  if (new Set(ids).size < ids.length)
    return { values: call(batch), compiled: new NotCompiled("two of its tensors are the same") };
  const { result: values, recording } = record(() => tf.tidy(() => call(batch)));
  const draws = recording.draws.map(({ id, shape }) => ({ id, shape, dtype: "float32" }));
  const all = [...given.map(({ shape, dtype }, i) => ({ id: ids[i] as TensorId, shape, dtype })), ...draws];
  const args = all.flatMap(({ id, shape, dtype }, i): [TensorId, Argument][] =>
    dtype === "float32" || dtype === "int32"
      ? [[id, { shape, dtype, isBatch: i < batch.length || i >= given.length }]]
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
 * @param weights - of the model it was compiled for
 * @param batch - of the shapes that it was compiled for, or several such batches if it is repeatable
 * @returns the results; call it within a tidy
 */
export function runCall(
  compiled: CompiledCall,
  weights: readonly tf.Variable[],
  batch: readonly tf.Tensor[],
): tf.Tensor[] {
  const backend = nodeBackend();
  // In the order in which the arguments were given to the recording.
  const ids = idsOf([...batch, ...weights, ...compiled.draws.map(({ make }) => make())]);
  const args = compiled.inputs.map((at) => ids[at] as TensorId);
  const results = backend.binding
    .executeOp("RnnlabProgram", compiled.attributes, args, compiled.outputs)
    .map((handle) => backend.createOutputTensor(handle));
  return compiled.values.map((at) => results[at] as tf.Tensor);
}

function idsOf(tensors: readonly tf.Tensor[]): TensorId[] {
  return nodeBackend().getInputTensorIds(tensors);
}
