import * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";
import { type CallArguments, restore, type StockRecurrent, stock, toSaved } from "../tfjs/stock.js";
import { type ActivityRegularizer, penaliseActivity, recordActivity } from "./activity-penalty.js";
import { cellsOf } from "./recurrent-cells.js";
import { cast } from "./run-recurrent.js";

type Shape = ReturnType<tf.layers.Layer["computeOutputShape"]>;
type OneShape = (number | null)[];
type StockArgs = ConstructorParameters<typeof stock.Bidirectional>[0];

/** Arguments of Bidirectional: those of `tf.layers`, and two of Keras's. */
export type BidirectionalArgs = StockArgs & {
  /** Reads from the last step to the first, itself and not a copy; a mirror image of `layer` if missing */
  backwardLayer?: tf.RNN;
  /** Penalty of the outputs, divided by the size of the batch */
  activityRegularizer?: ActivityRegularizer;
};

/** Runs a recurrent layer and its mirror image, which reads from the last step to the first, and joins their outputs. */
export class Bidirectional extends stock.Bidirectional {
  readonly #given: tf.RNN | undefined;

  constructor({ activityRegularizer, backwardLayer, ...args }: BidirectionalArgs) {
    requireRecurrent("layer", args.layer);
    super(args);
    if (backwardLayer) {
      requireRecurrent("backwardLayer", backwardLayer);
      requireOpposites(this.forwardLayer, backwardLayer as StockRecurrent, this.mergeMode);
      (this as { backwardLayer: tf.RNN }).backwardLayer = backwardLayer;
    }
    this.#given = backwardLayer;
    penaliseActivity(this, activityRegularizer);
  }

  static override fromConfig(cls: unknown, config: tf.serialization.ConfigDict): tf.layers.Layer {
    const { backwardLayer, ...rest } = config;
    const { fromConfig } = stock.Bidirectional;
    if (!backwardLayer) return fromConfig(cls, rest);
    return fromConfig(cls, { ...rest, backwardLayer: restore(toSaved(backwardLayer)) as never });
  }

  /** A mirror image is not mentioned: tfjs makes it by itself, and knows no other. */
  override getConfig(): tf.serialization.ConfigDict {
    const config = super.getConfig();
    if (!this.#given) return config;
    return {
      ...config,
      backwardLayer: { className: this.#given.getClassName(), config: this.#given.getConfig() },
    };
  }

  override setWeights(weights: tf.Tensor[]): void {
    // tfjs cuts the list in two halves, but a layer of its own may have more weights or fewer.
    const count = this.forwardLayer.weights.length;
    this.forwardLayer.setWeights(weights.slice(0, count));
    this.backwardLayer.setWeights(weights.slice(count));
  }

  /** tfjs takes the outputs of both directions to be as wide as each other. */
  override computeOutputShape(inputShape: Shape): Shape {
    const shapes = (layer: StockRecurrent) => {
      const found = layer.computeOutputShape(inputShape);
      return (layer.returnState ? found : [found]) as [OneShape, ...OneShape[]];
    };
    const [[ahead, ...states], [back, ...backStates]] = [
      shapes(this.forwardLayer),
      shapes(this.backwardLayer),
    ];
    const width = (ahead.at(-1) ?? 0) + (this.mergeMode === "concat" ? (back.at(-1) ?? 0) : 0);
    const outputs = this.mergeMode ? [[...ahead.slice(0, -1), width]] : [ahead, back];
    if (this.returnState) return [...outputs, ...states, ...backStates];
    return outputs.length === 1 ? (outputs[0] as OneShape) : outputs;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments = {}): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const { initialState, ...shared } = args;
      const half = (initialState?.length ?? 0) / 2;
      const run = (layer: StockRecurrent, states: tf.Tensor[] | undefined) => {
        const results = layer.call(inputs, states ? { ...shared, initialState: states } : shared);
        return (Array.isArray(results) ? results : [results]) as [tf.Tensor, ...tf.Tensor[]];
      };
      const [ahead, ...states] = run(this.forwardLayer, initialState?.slice(0, half));
      const [back, ...backStates] = run(this.backwardLayer, initialState?.slice(half));
      const inOrder = this.returnSequences ? tf.reverse(back, 1) : back;
      // As in Keras, and other than from a recurrent layer by itself, nothing comes from masked steps.
      const counts = this.returnSequences && args.mask && tf.expandDims(cast(args.mask, "float32"), 2);
      const [first, second] = counts ? [tf.mul(ahead, counts), tf.mul(inOrder, counts)] : [ahead, inOrder];
      recordActivity(this.forwardLayer, [first, ...states], args);
      recordActivity(this.backwardLayer, [second, ...backStates], args);
      const outputs = merge[this.mergeMode ?? "none"](first, second);
      if (this.returnState) return [...outputs, ...states, ...backStates];
      return outputs.length === 1 ? (outputs[0] as tf.Tensor) : outputs;
    });
  }

  /** tfjs asks the layer that both were copied from, which has none. */
  override calculateLosses(): tf.Scalar[] {
    return [...this.forwardLayer.calculateLosses(), ...this.backwardLayer.calculateLosses()];
  }

  protected override disposeWeights(): number {
    const layers = [this.forwardLayer, this.backwardLayer];
    return layers.reduce((count, layer) => count + hidden("layer", layer).disposeWeights(), 0);
  }
}

function requireRecurrent(argument: string, layer: tf.layers.Layer): void {
  if (layer instanceof tf.RNN) return;
  throw new TypeError(
    `Cannot build Bidirectional: ${argument} must be a recurrent layer, got ${(layer as tf.layers.Layer | undefined)?.getClassName?.() ?? layer}`,
  );
}

/** Keras's conditions, and as many units where outputs are not put side by side. */
function requireOpposites(
  forward: StockRecurrent,
  backward: StockRecurrent,
  mergeMode: string | null | undefined,
): void {
  const expected = {
    goBackwards: !forward.goBackwards,
    stateful: forward.stateful,
    returnSequences: forward.returnSequences,
    returnState: forward.returnState,
  };
  for (const [option, value] of Object.entries(expected)) {
    const given = backward[option as keyof typeof expected] ?? false;
    if (given === (value ?? false)) continue;
    throw new RangeError(
      `Cannot build Bidirectional: ${option} of backwardLayer must be ${value}, got ${given}`,
    );
  }
  if (mergeMode == null || mergeMode === "concat") return;
  const [units, given] = [forward, backward].map((layer) => cellsOf(layer).at(-1)?.units);
  if (units !== given)
    throw new RangeError(
      `Cannot build Bidirectional: units of backwardLayer must be ${units} with mergeMode ${mergeMode}, got ${given}`,
    );
}

const merge = {
  concat: (a: tf.Tensor, b: tf.Tensor) => [tf.concat([a, b], -1)],
  sum: (a: tf.Tensor, b: tf.Tensor) => [tf.add(a, b)],
  ave: (a: tf.Tensor, b: tf.Tensor) => [tf.mul(tf.add(a, b), 0.5)],
  mul: (a: tf.Tensor, b: tf.Tensor) => [tf.mul(a, b)],
  none: (a: tf.Tensor, b: tf.Tensor) => [a, b],
};
