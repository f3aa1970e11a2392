import * as tf from "../tensorflow.js";
import { type ActivityRegularizer, penaliseActivity } from "./activity-penalty.js";
import { enforceConstraints } from "./constraints.js";
import { fastOrthogonal } from "./orthogonal-initializer.js";
import { cellKind, cellsOf } from "./recurrent-cells.js";
import { dropped } from "./recurrent-dropout.js";
import { cast, runRecurrent } from "./run-recurrent.js";
import { Seeds } from "./seeds.js";
import type { CallArguments } from "./stock.js";

type Shape = Parameters<tf.layers.Layer["build"]>[0];
type Inputs = Parameters<tf.layers.Layer["apply"]>[0];
type Given = {
  seed?: number | null;
  zeroOutputForMask?: boolean | null;
  activityRegularizer?: ActivityRegularizer | null;
};

/**
 * Extends one of tfjs's recurrent classes, of which weights, shapes, saving and loading stay as they are: its cell, or
 * its cells one after the other, run on the fused ops.
 *
 * @param Stock - the class
 * @param complete - turns arguments into those of its constructor
 */
export function recurrent<Layer extends tf.RNN, Args extends Given, StockArgs>(
  Stock: new (args: StockArgs) => Layer,
  complete: (args: Args) => StockArgs,
): new (
  args: Args,
) => Layer {
  // TypeScript lets a class extend one type, not each of those that `Layer` may be.
  const Base = Stock as unknown as new (args: StockArgs) => tf.RNN;
  class Recurrent extends Base {
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
      this.#requireStates(first?.shape[0] ?? null, args?.initialState ?? listed);
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
        const mask = given ? cast(given, "bool") : undefined;
        const initial: tf.Tensor[] = [...(args.initialState ?? (this.stateful ? this.states_ : []))];
        const states: tf.Tensor[] = [];
        let outputs = cast(first as tf.Tensor, "float32");
        const cells = cellsOf(this);
        for (const [i, cell] of cells.entries()) {
          const own = initial.splice(0, [cell.stateSize].flat().length);
          const isTurned = this.goBackwards && i > 0;
          const found = runRecurrent(
            cell,
            cellKind(cell),
            {
              // What the cell before puts out backwards is in that order.
              mask: mask && isTurned ? tf.reverse(mask, 1) : mask,
              initialState: own.length > 0 ? own : undefined,
              ...(args.training ? dropped(cell, outputs, this.#seeds) : { x: outputs }),
            },
            {
              goBackwards: this.goBackwards && i === 0,
              returnSequences: this.returnSequences || i < cells.length - 1,
              returnState: this.returnState,
              stateful: this.stateful,
            },
          );
          outputs = found.outputs;
          states.push(...found.states);
        }
        if (this.stateful) this.resetStates(states);
        if (this.#zeroOutput && mask) outputs = this.#counted(outputs, mask);
        return this.returnState ? [outputs, ...states] : outputs;
      });
    }

    /** Zeros where a step is masked; states stay. */
    #counted(outputs: tf.Tensor, mask: tf.Tensor): tf.Tensor {
      const counts = cast(this.goBackwards ? tf.reverse(mask, 1) : mask, "float32");
      const last = (counts.shape[1] ?? 1) - 1;
      const own = this.returnSequences ? tf.expandDims(counts, 2) : tf.slice(counts, [0, last], [-1, 1]);
      return tf.mul(outputs, own);
    }

    #requireStates(batch: number | null, given: readonly { readonly shape: (number | null)[] }[]): void {
      if (given.length === 0) return;
      const widths = cellsOf(this).flatMap(({ stateSize }) => stateSize);
      const fits = ({ shape: [rows, width, ...rest] }: { readonly shape: (number | null)[] }, i: number) =>
        rest.length === 0 && width === widths[i] && (rows == null || batch === null || rows === batch);
      if (given.length === widths.length && given.every(fits)) return;
      const isOneWidth = new Set(widths).size === 1;
      const expected = isOneWidth
        ? `${widths.length} of shape [batch, ${widths[0]}]`
        : `shapes ${widths.map((width) => `[batch, ${width}]`).join(", ")}`;
      throw new RangeError(
        `Cannot build ${this.getClassName()}: initialState must hold ${expected}, got ${given.map(({ shape }) => `[${shape.map((size) => size ?? "null").join(", ")}]`).join(", ")}`,
      );
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
  }
  return Recurrent as unknown as new (
    args: Args,
  ) => Layer;
}
