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

// All of a model then goes through runModel(), whoever asks.
const prototype = tf.LayersModel.prototype as unknown as Loops;
const { predictLoop, makeTrainFunction, makeTestFunction } = prototype;
prototype.predictLoop = function (inputs, batchSize) {
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
