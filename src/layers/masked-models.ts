import * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";
import { replaceMembers } from "../tfjs/patches.js";
import type { CallArguments } from "../tfjs/stock.js";
import { ownMask } from "./call-arguments.js";
import { runModel } from "./run-model.js";

type Tensors = tf.Tensor | tf.Tensor[];
type Shape = ReturnType<tf.layers.Layer["computeOutputShape"]>;
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

const wholes = new WeakMap<tf.LayersModel, tf.SymbolicTensor[]>();

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

/** Shows tfjs's loops a model's outputs as those of one layer. */
function asWhole<Result>(model: tf.LayersModel, loop: () => Result): Result {
  const { outputs } = model;
  let whole = wholes.get(model);
  if (whole === undefined) {
    whole = [new WholeModel(model).apply(model.inputs)].flat() as tf.SymbolicTensor[];
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
  const texts = input.dataSync<"string">();
  return tf.tensor(texts.slice(start * width, end * width), [end - start, ...shape], "string");
}

// All of a model then goes through runModel(), whoever asks.
const prototype = hidden("model", tf.LayersModel.prototype);
const { predictLoop, makeTrainFunction, makeTestFunction } = prototype;
replaceMembers("tfjs's models", prototype, {
  predictLoop(inputs, batchSize) {
    const list = [inputs].flat();
    if (list.some(({ dtype }) => dtype === "string")) return predictTexts(this, list, batchSize);
    return asWhole(this, () => predictLoop.call(this, inputs, batchSize));
  },
  makeTrainFunction() {
    const train = makeTrainFunction.call(this);
    return (data) => asWhole(this, () => train(data));
  },
  makeTestFunction() {
    makeTestFunction.call(this);
    const own = hidden("model", this);
    const { testFunction } = own;
    own.testFunction = (data) => asWhole(this, () => testFunction(data));
  },
});
for (const { prototype } of [tf.LayersModel, tf.Sequential]) {
  replaceMembers("tfjs's models", prototype, {
    call(inputs, args: CallArguments = {}) {
      return run(this, inputs, args, ownMask(this, inputs, args));
    },
  });
}
