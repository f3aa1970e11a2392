import type { FusedOptimizer } from "../../optimizers/index.js";
import * as tf from "../../tensorflow.js";
import { nodeBackend, type OpAttributes, opAttributes } from "../../tfjs/backend.js";
import type { Handle } from "../../tfjs/hidden.js";
import { type Draw, type RecordedOp, type Recording, record, type TensorId } from "../../tfjs/recording.js";
import type { Columns } from "../data/batches.js";
import { type Batch, type Taken, takeStep, takeTest } from "../train-step.js";
import { keepStates, partStates, statesOf } from "./kept-states.js";
import { NotCompiled, toProgram } from "./program.js";
import { type RecordedMetrics, recordMetrics } from "./recorded-metrics.js";

/** The op that a step ends with. */
const UPDATE = "RnnlabOptimizer";
/** How many numbers that op takes beside tensors. */
const SETTINGS = 8;

/** A step as one op. */
export interface CompiledStep {
  readonly attributes: OpAttributes;
  /** Whether the op may take several steps in one call: nothing is drawn for each, and none of them can fail */
  readonly isRepeatable: boolean;
  /** Where each input is found among those of {@link argumentsOf} */
  readonly inputs: readonly number[];
  /** How many outputs there are; which of them are the loss, and the masks of the predictions, if they have any */
  readonly outputs: number;
  readonly loss: number;
  readonly masks: readonly (number | undefined)[];
  /** Which outputs are what metrics have computed, with the shapes of one step; undefined if it computes none */
  readonly metrics: readonly { readonly at: number; readonly shape: readonly number[] }[] | undefined;
  /** Which outputs are the predictions, where metrics are yet to be computed of them */
  readonly predictions: readonly number[];
  /** What is drawn anew */
  readonly draws: readonly Draw[];
  /** The variables that the step changes, and which outputs have their values */
  readonly changed: readonly tf.Variable[];
  readonly values: readonly number[];
  /** Which outputs have the states that layers keep */
  readonly states: readonly number[];
}

/** What a step is computed with. */
export interface StepContext {
  /** A compiled model, not a sequential one but the one inside */
  readonly model: tf.LayersModel;
  /** None for a test, which is a step that changes nothing */
  readonly optimizer: FusedOptimizer | undefined;
  /** The model's weights, those that are not trained among them */
  readonly weights: readonly tf.Variable[];
  /** Its layers that keep states */
  readonly stateful: readonly tf.RNN[];
}

/**
 * Takes a step op by op, and makes one op of what was done.
 *
 * @param context - what it is computed with
 * @param batch - the samples
 * @returns the step that was taken, and the compiled one, or why there is none
 */
export function compileStep(
  context: StepContext,
  batch: Batch,
): { readonly taken: Taken; readonly compiled: CompiledStep | NotCompiled } {
  const { model, optimizer, weights, stateful } = context;
  const take = () => (optimizer ? takeStep : takeTest)(model, batch);
  partStates(stateful);
  const tensors = [...tensorsOf(batch), ...weights, ...statesOf(stateful)];
  const before = tensors.map(({ shape, dtype }) => ({ shape, dtype }));
  const ids = idsOf(tensors);
  const own = tensorsOf(batch).length;
  if (new Set(ids).size < ids.length) {
    const reason =
      "two tensors of the batch and the model are the same, and nobody knows which one a step reads";
    return { taken: take(), compiled: new NotCompiled(reason) };
  }
  const { result: taken, recording } = record(take);
  const given = before.map((each, i) => ({ ...each, id: ids[i] as TensorId, isBatch: i < own }));
  try {
    const metrics = recordMetrics(model, batch, taken);
    const compile = (metrics?: RecordedMetrics) => compiledFrom(context, given, taken, recording, metrics);
    const measured = metrics && unlessNotCompiled(() => compile(metrics));
    const isWhole = measured !== undefined && !(measured instanceof NotCompiled);
    return { taken, compiled: isWhole ? measured : unlessNotCompiled(compile) };
  } catch (error) {
    taken.dispose();
    throw error;
  }
}

function unlessNotCompiled(compile: () => CompiledStep): CompiledStep | NotCompiled {
  try {
    return compile();
  } catch (error) {
    if (error instanceof NotCompiled) return error;
    throw error;
  }
}

/** A tensor as it was before the step. */
interface Given {
  readonly id: TensorId;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  /** Whether each of several steps has its own */
  readonly isBatch: boolean;
}

function compiledFrom(
  context: StepContext,
  given: readonly Given[],
  taken: Taken,
  recording: Recording,
  metrics: RecordedMetrics | undefined,
): CompiledStep {
  const { model, stateful } = context;
  const { ops, update, slots, settings, changed, after } = updateOf(context, given, recording.ops);
  const kept = given.slice(given.length - statesOf(stateful).length).map(({ id }) => id);
  const next = new Map([
    ...after,
    ...idsOf(statesOf(stateful)).map((id, i) => [kept[i] as TensorId, id] as const),
  ]);
  const drawn = [...settings, ...recording.draws].map((each) => ({ ...each, isBatch: true }));
  const floats = [...slots, ...drawn].map((each) => ({ ...each, dtype: "float32" as const }));
  const all: readonly Given[] = [...given, ...floats];
  const args = all.flatMap(({ id, shape, dtype, isBatch }) =>
    dtype === "float32" || dtype === "int32"
      ? [[id, { shape, dtype, isBatch, update: next.get(id) }] as const]
      : [],
  );
  const [loss] = idsOf([taken.loss]) as [TensorId];
  const isMeasured = model.metricsTensors.length > 0;
  const predictions = isMeasured && metrics === undefined ? idsOf(taken.predictions.values) : [];
  const numbers = metrics?.numbers.map(({ id }) => id) ?? [];
  const masks = isMeasured ? taken.predictions.masks.map((mask) => mask && idsOf([mask])[0]) : [];
  const program = toProgram(
    {
      ...recording,
      ops: [...ops, ...(metrics?.recording.ops ?? []), ...update],
      constants: new Map([...recording.constants, ...(metrics?.recording.constants ?? [])]),
    },
    new Map(args),
    new Set([loss, ...numbers, ...predictions, ...masks.filter((id) => id !== undefined)]),
  );
  const order = all.map(({ id }) => id);
  const outputOf = (id: TensorId) => program.outputs.indexOf(id);
  return {
    attributes: opAttributes({
      program: program.text,
      input_count: program.floats.length,
      integer_count: program.integers.length,
      output_count: program.outputs.length,
    }),
    isRepeatable: recording.draws.length === 0 && !program.canFail && !hasIntegerWeights(all),
    inputs: [...program.floats, ...program.integers].map((id) => order.indexOf(id)),
    outputs: program.outputs.length,
    loss: outputOf(loss),
    masks: masks.map((id) => (id === undefined ? undefined : outputOf(id))),
    metrics: metrics?.numbers.map(({ id, shape }) => ({ at: outputOf(id), shape })),
    predictions: predictions.map(outputOf),
    draws: recording.draws,
    changed,
    values: [...after.keys()].map(outputOf),
    states: kept.map(outputOf),
  };
}

/** Programs read integers as a batch's. */
function hasIntegerWeights(given: readonly Given[]): boolean {
  return given.some(({ dtype, isBatch }) => dtype === "int32" && !isBatch);
}

/** What a step ends with, which a test has not. */
interface Update {
  /** Those up to it, and itself */
  readonly ops: readonly RecordedOp[];
  readonly update: readonly RecordedOp[];
  readonly slots: readonly Omit<Given, "dtype">[];
  readonly settings: readonly { readonly id: TensorId; readonly shape: readonly number[] }[];
  readonly changed: readonly tf.Variable[];
  /** What the variables are afterwards, by what they were before, in the same order */
  readonly after: ReadonlyMap<TensorId, TensorId>;
}

function updateOf(
  { optimizer, weights }: StepContext,
  given: readonly Given[],
  ops: readonly RecordedOp[],
): Update {
  if (optimizer === undefined)
    return { ops, update: [], slots: [], settings: [], changed: [], after: new Map() };
  const end = ops.findIndex(({ name }) => name === UPDATE);
  const op = ops[end];
  if (op === undefined) throw new NotCompiled("no variable has a gradient");
  // The op was given settings, variables, gradients and slots, in this order.
  const count = op.outputs.length;
  const [settings, ...variables] = op.inputs.slice(0, 1 + count) as [TensorId, ...TensorId[]];
  const slots = op.inputs.slice(1 + 2 * count);
  const first = given.findIndex(({ isBatch }) => !isBatch);
  const changed = variables.map((id) => {
    return weights[given.findIndex((each) => each.id === id) - first] as tf.Variable;
  });
  const slotsEach = slots.length / count;
  const shapeOf = (slot: number) => (changed[Math.floor(slot / slotsEach)] as tf.Variable).shape;
  return {
    ops: ops.slice(0, end),
    update: [op],
    slots: slots.map((id, i) => ({ id, shape: shapeOf(i), isBatch: false })),
    settings: [{ id: settings, shape: [SETTINGS] }],
    changed,
    after: new Map(variables.map((id, i) => [id, (op.outputs[i] as Handle).id])),
  };
}

/**
 * Takes a compiled step or test, or several in a row.
 *
 * @param compiled - the step, which must be repeatable if there are several
 * @param context - what it was compiled for
 * @param batch - samples of the shapes that it was compiled for, or of several such batches
 * @returns what is measured of it; the loss is an array, and the predictions are those of all samples
 */
export function runCompiled(compiled: CompiledStep, context: StepContext, batch: Batch): Taken {
  const backend = nodeBackend();
  const { optimizer, weights, stateful } = context;
  const { steps = 1 } = batch;
  const { settings, slots } = optimizer?.beginSteps(compiled.changed, steps) ?? { slots: [] };
  const made = tf.tidy(() => [
    ...(settings ? [tf.tensor1d(settings)] : []),
    ...compiled.draws.map(({ make }) => make()),
  ]);
  try {
    // In the order in which the arguments were given to the recording.
    const ids = idsOf([...tensorsOf(batch), ...weights, ...statesOf(stateful), ...slots, ...made]);
    const results = backend.binding
      .executeOp(
        "RnnlabProgram",
        compiled.attributes,
        compiled.inputs.map((at) => ids[at] as TensorId),
        compiled.outputs,
      )
      .map((handle) => backend.createOutputTensor(handle));
    const result = (at: number) => results[at] as tf.Tensor;
    optimizer?.endSteps(compiled.changed, compiled.values.map(result), steps);
    const states = compiled.states.map(result);
    keepStates(stateful, states);
    const [loss, values] = [result(compiled.loss), compiled.predictions.map(result)];
    const masks = compiled.masks.map((at) => (at === undefined ? undefined : result(at)));
    const numbers = compiled.metrics?.map(({ at, shape }) => ({ values: result(at), shape }));
    const computed = numbers?.map((each) => each.values) ?? [];
    return {
      loss,
      predictions: { values, masks },
      numbers,
      dispose: () => tf.dispose([loss, ...values, ...masks, ...computed, ...states]),
    };
  } finally {
    tf.dispose(made);
  }
}

/** All tensors of a batch, in one order. */
export function tensorsOf({ inputs, targets, weights }: Columns): readonly tf.Tensor[] {
  return weights ? [...inputs, ...targets, weights] : [...inputs, ...targets];
}

function idsOf(tensors: readonly tf.Tensor[]): TensorId[] {
  return nodeBackend().getInputTensorIds(tensors);
}
