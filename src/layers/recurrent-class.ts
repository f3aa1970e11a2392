import * as tf from "../tensorflow.js";
import type { CallArguments } from "../tfjs/stock.js";
import { type ActivityRegularizer, penaliseActivity } from "./activity-penalty.js";
import { enforceConstraints } from "./constraints.js";
import { requireStates } from "./initial-states.js";
import { fastOrthogonal } from "./orthogonal-initializer.js";
import { cellsOf } from "./recurrent-cells.js";
import { runCells, zeroMasked } from "./run-cells.js";
import { cast } from "./run-recurrent.js";
import { Seeds } from "./seeds.js";

type Shape = Parameters<tf.layers.Layer["build"]>[0];
type Inputs = Parameters<tf.layers.Layer["apply"]>[0];
type Given = {
  seed?: number | null;
  zeroOutputForMask?: boolean | null;
  activityRegularizer?: ActivityRegularizer | null;
};

/**
 * Extends one of tfjs's recurrent classes. Its weights, shapes, saving and loading stay as they are: its cell, or
 * its cells one after the other, run on the fused ops.
 *
 * @param Stock - the class
 * @param complete - turns arguments into those of its constructor
 */
export function recurrentClass<Layer extends tf.RNN, Args extends Given, StockArgs>(
  Stock: new (args: StockArgs) => Layer,
  complete: (args: Args) => StockArgs,
): new (
  args: Args,
) => Layer;
// TypeScript lets a class extend one type, not each of those that `Layer` may be.
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: it has one statement, the declaration of a class.
export function recurrentClass<Args extends Given, StockArgs>(
  Stock: new (args: StockArgs) => tf.RNN,
  complete: (args: Args) => StockArgs,
): new (
  args: Args,
) => tf.RNN {
  return class Recurrent extends Stock {
    readonly #seed: number | null | undefined;
    readonly #seeds: Seeds;
    readonly #zeroOutput: boolean;
    #builtSpec: tf.InputSpec | undefined;

    constructor(args: Args) {
      super(complete(args));
      this.#seed = args.seed;
      this.#seeds = new Seeds(args.seed);
      this.#zeroOutput = args.zeroOutputForMask === true;
      for (const cell of cellsOf(this)) {
        cell.kernelInitializer = fastOrthogonal(cell.kernelInitializer);
        cell.recurrentInitializer = fastOrthogonal(cell.recurrentInitializer);
      }
      penaliseActivity(this, args.activityRegularizer ?? null);
    }

    override build(inputShape: Shape): void {
      const [batch] = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as (number | null)[];
      if (this.stateful && batch == null)
        throw new RangeError(
          `Cannot build ${this.getClassName()}: stateful needs a fixed batch size (batchInputShape, or batchShape of an input), got none`,
        );
      // tfjs leaves the parts of an LSTM's bias behind.
      tf.tidy(() => super.build(inputShape));
      this.#builtSpec = this.inputSpec[0];
      enforceConstraints(this.cell.weights);
    }

    override apply(inputs: Inputs, args?: CallArguments): ReturnType<tf.RNN["apply"]> {
      const [first, ...listed] = Array.isArray(inputs) ? inputs : [inputs];
      requireStates(this, first?.shape[0] ?? null, args?.initialState ?? listed);
      const specs = this.inputSpec;
      try {
        return super.apply(inputs, args);
      } finally {
        // Where there are initial states tfjs builds with specifications of them all, and then goes back to those from
        // before, or does not if it throws: a stateful layer would not find its batch size there.
        this.inputSpec = this.#builtSpec ? [this.#builtSpec] : specs;
      }
    }

    protected override assertInputCompatibility(inputs: Inputs): void {
      const [first] = Array.isArray(inputs) ? inputs : [inputs];
      if (first?.rank !== 3)
        throw new RangeError(
          `Cannot apply ${this.getClassName()}: input must have shape [batch, time, features], got [${first?.shape.join(", ")}]`,
        );
      super.assertInputCompatibility(inputs);
    }

    override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments = {}): tf.Tensor | tf.Tensor[] {
      return tf.tidy(() => {
        const [first] = Array.isArray(inputs) ? inputs : [inputs];
        const given: tf.Tensor | undefined = Array.isArray(args.mask) ? args.mask[0] : args.mask;
        const mask = given && cast(given, "bool");
        const initial: readonly tf.Tensor[] = args.initialState ?? (this.stateful ? this.states_ : []);
        const seeds = args.training ? this.#seeds : undefined;
        const { outputs, states } = runCells(this, cast(first as tf.Tensor, "float32"), mask, initial, seeds);
        if (this.stateful) this.resetStates(states);
        const counted = this.#zeroOutput && mask ? zeroMasked(this, outputs, mask) : outputs;
        return this.returnState ? [counted, ...states] : counted;
      });
    }

    /** tfjs forgets them; like Keras's, those of a layer that is not trained do not count. */
    override get losses(): tf.RNN["losses"] {
      return this.trainable ? this.cell.losses : [];
    }

    override getConfig(): tf.serialization.ConfigDict {
      return {
        ...super.getConfig(),
        ...(this.#seed == null ? {} : { seed: this.#seed }),
        ...(this.#zeroOutput ? { zeroOutputForMask: true } : {}),
      };
    }

    protected override disposeWeights(): number {
      tf.dispose(this.states_ ?? []);
      return super.disposeWeights();
    }
  };
}
