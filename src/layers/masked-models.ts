import * as tf from "../tensorflow.js";
import { ownMask } from "./call-arguments.js";
import { runModel } from "./run-model.js";
import type { CallArguments } from "./stock.js";

type Tensors = tf.Tensor | tf.Tensor[];
type Shape = ReturnType<tf.layers.Layer["computeOutputShape"]>;
/** What tfjs's types hide of a model. */
interface Runnable {
  readonly inputs: tf.SymbolicTensor[];
  outputs: tf.SymbolicTensor[];
  testFunction: (data: tf.Tensor[]) => unknown;
}
interface Loops {
  predictLoop(this: Runnable, inputs: Tensors, batchSize?: number): Tensors;
  makeTrainFunction(this: Runnable): (data: tf.Tensor[]) => unknown;
  makeTestFunction(this: Runnable): void;
}

/** A whole model as one layer: all that tfjs is left to run. */
class WholeModel extends tf.layers.Layer {
  static className = "WholeModel";
  readonly #model: tf.LayersModel;
  /** The model's own, which are others while it is run */
  readonly #outputs: readonly tf.SymbolicTensor[];

  constructor(model: tf.LayersModel) {
    super({});
    this.#model = model;
    this.#outputs = model.outputs;
  }

  override computeOutputShape(): Shape {
    const shapes = this.#outputs.map(({ shape }) => shape);
    return shapes.length === 1 ? (shapes[0] as Shape) : shapes;
  }

  override call(inputs: Tensors, args: CallArguments): Tensors {
    return run(this.#model, inputs, args, undefined, this.#outputs);
  }
}

const wholes = new WeakMap<Runnable, tf.SymbolicTensor[]>();

function run(
  model: tf.LayersModel,
  inputs: Tensors,
  args: CallArguments,
  mask?: tf.Tensor,
  ends: readonly tf.SymbolicTensor[] = model.outputs,
): Tensors {
  return tf.tidy(() => {
    const given = [inputs].flat().map((value, i) => ({ value, mask: i === 0 ? mask : undefined }));
    const outputs = runModel(model, given, args, ends).map(({ value }) => value);
    const [only, ...others] = outputs;
    return only && others.length === 0 ? only : outputs;
  });
}

/** Has tfjs's loops find a model's outputs to be those of one layer. */
function asWhole<Result>(model: Runnable, loop: () => Result): Result {
  const { outputs } = model;
  let whole = wholes.get(model);
  if (whole === undefined) {
    whole = [
      new WholeModel(model as unknown as tf.LayersModel).apply(model.inputs),
    ].flat() as tf.SymbolicTensor[];
    wholes.set(model, whole);
  }
  model.outputs = whole;
  try {
    return loop();
  } finally {
    model.outputs = outputs;
  }
}

/** tfjs cannot take a part of a tensor of strings. */
function predictTexts(model: tf.LayersModel, inputs: readonly tf.Tensor[], batchSize = 32): Tensors {
  return tf.tidy(() => {
    const rows = inputs[0]?.shape[0] ?? 0;
    const parts = Array.from({ length: Math.ceil(rows / batchSize) }, (_, i) => {
      const batch = inputs.map((input) => rowsOf(input, i * batchSize, Math.min(rows, (i + 1) * batchSize)));
      return [run(model, batch, { training: false })].flat();
    });
    const outputs = model.outputs.map((_, i) => tf.concat(parts.map((part) => part[i] as tf.Tensor)));
    const [only, ...others] = outputs;
    return only && others.length === 0 ? only : outputs;
  });
}

function rowsOf(input: tf.Tensor, start: number, end: number): tf.Tensor {
  const [rows = 0, ...shape] = input.shape;
  if (input.dtype !== "string") return tf.slice(input, start, end - start);
  const width = input.size / Math.max(1, rows);
  const texts = input.dataSync() as unknown as string[];
  return tf.tensor(texts.slice(start * width, end * width), [end - start, ...shape], "string");
}

// All of a model then goes through runModel(), whoever asks.
const prototype = tf.LayersModel.prototype as unknown as Loops;
const { predictLoop, makeTrainFunction, makeTestFunction } = prototype;
prototype.predictLoop = function (inputs, batchSize) {
  const list = [inputs].flat();
  if (list.some(({ dtype }) => dtype === "string"))
    return predictTexts(this as unknown as tf.LayersModel, list, batchSize);
  return asWhole(this, () => predictLoop.call(this, inputs, batchSize));
};
prototype.makeTrainFunction = function () {
  const train = makeTrainFunction.call(this);
  return (data) => asWhole(this, () => train(data));
};
prototype.makeTestFunction = function () {
  makeTestFunction.call(this);
  const { testFunction } = this;
  this.testFunction = (data) => asWhole(this, () => testFunction(data));
};
for (const { prototype } of [tf.LayersModel, tf.Sequential]) {
  prototype.call = function (inputs, args: CallArguments = {}) {
    return run(this, inputs, args, ownMask(this, inputs, args));
  };
}
