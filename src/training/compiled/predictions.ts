// What it replaces is replaced again here.
import "../../layers/masked-models.js";
import * as tf from "../../tensorflow.js";
import { hidden } from "../../tfjs/hidden.js";
import { replaceMembers } from "../../tfjs/patches.js";
import { endRecording } from "../../tfjs/recording.js";
import { gradientDepth } from "../../tfjs/tape.js";
import { type CompiledCall, callModel, compileCall, runCall } from "./compiled-call.js";
import { whyCallNotCompiled } from "./known-models.js";
import { CALL_TIME, stepsTogether } from "./together.js";

/** Calls for more shapes of batches than this are not compiled for one model. */
const MOST_SHAPES = 64;

/** A compiled call, and how many batches it is best given at once. */
interface Repeated {
  readonly compiled: CompiledCall;
  together: number;
}

/** The compiled calls of a model. */
interface Calls {
  /** What its layers do, as it is saved */
  readonly config: string;
  readonly weights: readonly tf.Variable[];
  /** By the shapes of a batch; those that were seen once, and those that go op by op */
  readonly byShapes: Map<string, Repeated | "seen" | "not compiled">;
}

const callsOf = new WeakMap<tf.LayersModel, Calls>();

/** The compiled calls of what a model is now. Those of what it was are dropped. */
function callsNow(model: tf.LayersModel): Calls {
  const weights = model.weights.map((weight) => weight.read() as tf.Variable);
  const config = JSON.stringify(model.getConfig());
  const known = callsOf.get(model);
  const isSame = (variable: tf.Variable, i: number) => variable === known?.weights[i];
  if (known?.config === config && known.weights.length === weights.length && weights.every(isSame))
    return known;
  const calls = { config, weights, byShapes: new Map() };
  callsOf.set(model, calls);
  return calls;
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
    whyCallNotCompiled(model) === undefined
  );
}

/** Predicts batch by batch. */
function predict(model: tf.LayersModel, inputs: readonly tf.Tensor[], batchSize: number): tf.Tensor[] {
  for (const layer of model.layers) hidden("layer", layer).assertNotDisposed();
  const calls = callsNow(model);
  const [all = 0] = inputs[0]?.shape ?? [];
  const parts: tf.Tensor[][] = [];
  for (let row = 0; row < all; ) {
    const rows = Math.min(batchSize, all - row);
    const shapes = inputs.map(({ dtype, shape }) => `${dtype} ${[rows, ...shape.slice(1)]}`).join(" ");
    const known = calls.byShapes.get(shapes);
    const together = typeof known === "object" ? known.together : 1;
    const steps = Math.min(together, Math.floor((all - row) / rows));
    const taken = steps * rows;
    parts.push(
      tf.tidy(() => {
        const batch = taken === all ? inputs : inputs.map((input) => tf.slice(input, row, taken));
        if (typeof known === "object") return runRepeated(model, calls.weights, known, batch, steps);
        if (known === "seen") return compileShapes(model, calls, shapes, batch);
        if (calls.byShapes.size < MOST_SHAPES) calls.byShapes.set(shapes, known ?? "seen");
        return callModel(model, batch);
      }),
    );
    row += taken;
  }
  return parts.length === 1
    ? (parts[0] as tf.Tensor[])
    : model.outputs.map((_, i) => tf.concat(parts.map((part) => part[i] as tf.Tensor)));
}

function runRepeated(
  model: tf.LayersModel,
  weights: readonly tf.Variable[],
  repeated: Repeated,
  batch: readonly tf.Tensor[],
  steps: number,
): tf.Tensor[] {
  const { compiled, together } = repeated;
  const start = performance.now();
  try {
    const values = runCall(compiled, weights, batch);
    const took = { steps, milliseconds: performance.now() - start };
    if (compiled.isRepeatable) repeated.together = stepsTogether(together, took, CALL_TIME);
    return values;
  } catch {
    // Numbers that it refuses: op by op the error is the one that it always was.
    return callModel(model, batch);
  }
}

function compileShapes(
  model: tf.LayersModel,
  { weights, byShapes }: Calls,
  shapes: string,
  batch: readonly tf.Tensor[],
): tf.Tensor[] {
  const { values, compiled } = compileCall(model, weights, batch);
  byShapes.set(shapes, compiled instanceof Error ? "not compiled" : { compiled, together: 1 });
  return values;
}

const prototype = hidden("model", tf.LayersModel.prototype);
const { predictLoop } = prototype;
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
});
