// What it replaces is replaced again here.
import "../../layers/masked-models.js";
import { runModel } from "../../layers/run-model.js";
import * as tf from "../../tensorflow.js";
import { hidden } from "../../tfjs/hidden.js";
import { replaceMembers } from "../../tfjs/patches.js";
import { endRecording } from "../../tfjs/recording.js";
import { gradientDepth } from "../../tfjs/tape.js";
import { type Call, type CallContext, type CompiledCall, compileCall, runCall } from "./compiled-call.js";
import { kindOfStates, statefulLayers } from "./kept-states.js";
import { knownMeasures, whyCallNotCompiled, whyTestNotCompiled } from "./known-models.js";
import { CALL_TIME, stepsTogether } from "./together.js";

/** Calls for more shapes of batches than this are not compiled for one model. */
const MOST_SHAPES = 64;

/** A compiled call, and how many batches it is best given at once. */
interface Repeated {
  readonly compiled: CompiledCall;
  together: number;
}

/** The compiled calls of a model. */
interface Calls extends CallContext {
  /** What its layers do, as it is saved */
  readonly config: string;
  /** What its outputs are measured by */
  readonly measures: readonly unknown[];
  /** By the shapes of a batch and of states; those that were seen once, and those that go op by op */
  readonly byShapes: Map<string, Repeated | "seen" | "not compiled">;
}

const predictionsOf = new WeakMap<tf.LayersModel, Calls>();
const testsOf = new WeakMap<tf.LayersModel, Calls>();

/** The compiled calls of what a model is now. Those of what it was are dropped. */
function callsNow(
  all: WeakMap<tf.LayersModel, Calls>,
  model: tf.LayersModel,
  measures: readonly unknown[] = [],
): Calls {
  const weights = model.weights.map((weight) => weight.read() as tf.Variable);
  const config = JSON.stringify(model.getConfig());
  const known = all.get(model);
  if (known?.config === config && areSame(known.weights, weights) && areSame(known.measures, measures))
    return known;
  const calls = { config, weights, stateful: statefulLayers(model), measures, byShapes: new Map() };
  all.set(model, calls);
  return calls;
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

/** Whether a model can be called by one op now. */
function isCompiled(model: tf.LayersModel, inputs: readonly tf.Tensor[]): boolean {
  const [rows = 0] = inputs[0]?.shape ?? [];
  return (
    process.env.RNNLAB_COMPILE !== "off" &&
    tf.getBackend() === "tensorflow" &&
    // The op puts nothing on the tape.
    gradientDepth() === 0 &&
    rows > 0 &&
    inputs.every(({ dtype, shape }) => shape[0] === rows && (dtype === "float32" || dtype === "int32")) &&
    whyCallNotCompiled(model) === undefined &&
    kindOfStates(statefulLayers(model)) !== undefined
  );
}

/** Predicts batch by batch. */
function predict(model: tf.LayersModel, inputs: readonly tf.Tensor[], batchSize: number): tf.Tensor[] {
  for (const layer of model.layers) hidden("layer", layer).assertNotDisposed();
  const calls = callsNow(predictionsOf, model);
  const call: Call = (batch) =>
    runModel(
      model,
      batch.map((value) => ({ value })),
    ).map(({ value }) => value);
  const [all = 0] = inputs[0]?.shape ?? [];
  const parts: tf.Tensor[][] = [];
  for (let row = 0; row < all; ) {
    const rows = Math.min(batchSize, all - row);
    const shapes = shapesOf(calls, inputs, rows);
    const known = calls.byShapes.get(shapes);
    const together = typeof known === "object" ? known.together : 1;
    const steps = Math.min(together, Math.floor((all - row) / rows));
    const taken = steps * rows;
    parts.push(
      tf.tidy(() => {
        const batch = taken === all ? inputs : inputs.map((input) => tf.slice(input, row, taken));
        return take(call, calls, { shapes, batch, steps });
      }),
    );
    row += taken;
  }
  return parts.length === 1
    ? (parts[0] as tf.Tensor[])
    : model.outputs.map((_, i) => tf.concat(parts.map((part) => part[i] as tf.Tensor)));
}

/** Those of a batch with `rows` rows of these tensors, and of what the model keeps. */
function shapesOf({ stateful }: CallContext, tensors: readonly tf.Tensor[], rows: number): string {
  const shapes = tensors.map(({ dtype, shape }) => `${dtype} ${[rows, ...shape.slice(1)]}`);
  return [...shapes, kindOfStates(stateful)].join(" ");
}

/** Batches, one below the other. */
interface Batches {
  readonly shapes: string;
  readonly batch: readonly tf.Tensor[];
  readonly steps: number;
}

/** Calls a model in the way that is known for the shapes. */
function take(call: Call, calls: Calls, { shapes, batch, steps }: Batches): tf.Tensor[] {
  const { byShapes } = calls;
  const known = byShapes.get(shapes);
  if (known === "seen") {
    const { values, compiled } = compileCall(call, calls, batch);
    byShapes.set(shapes, compiled instanceof Error ? "not compiled" : { compiled, together: 1 });
    return values;
  }
  if (typeof known === "object") {
    const { compiled, together } = known;
    const start = performance.now();
    try {
      const values = runCall(compiled, calls, batch);
      const took = { steps, milliseconds: performance.now() - start };
      if (compiled.isRepeatable) known.together = stepsTogether(together, took, CALL_TIME);
      return values;
    } catch {
      // Numbers that it refuses: op by op the error is the one that it always was.
      return call(batch);
    }
  }
  if (known === undefined && byShapes.size < MOST_SHAPES) byShapes.set(shapes, "seen");
  return call(batch);
}

const prototype = hidden("model", tf.LayersModel.prototype);
const { predictLoop, makeTestFunction } = prototype;
replaceMembers("tfjs's models", prototype, {
  predictLoop(inputs, batchSize = 32) {
    endRecording();
    const list = [inputs].flat();
    if (!isCompiled(this, list)) return predictLoop.call(this, inputs, batchSize);
    return tf.tidy(() => {
      const outputs = predict(this, list, batchSize);
      const [only, ...others] = outputs;
      return only && others.length === 0 ? only : outputs;
    });
  },
  makeTestFunction() {
    makeTestFunction.call(this);
    const own = hidden("model", this);
    const { testFunction } = own;
    own.testFunction = (data) => {
      endRecording();
      const isKnown = isCompiled(this, data) && whyTestNotCompiled(this) === undefined;
      const measures = isKnown ? knownMeasures(this) : undefined;
      if (measures === undefined) return testFunction(data);
      for (const layer of this.layers) hidden("layer", layer).assertNotDisposed();
      const call: Call = (batch) => testFunction([...batch]) as tf.Tensor[];
      const calls = callsNow(testsOf, this, measures);
      const shapes = shapesOf(calls, data, data[0]?.shape[0] ?? 0);
      return tf.tidy(() => take(call, calls, { shapes, batch: data, steps: 1 }));
    };
  },
});
