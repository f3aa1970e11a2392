import type { DropoutMasks } from "../recurrent-ops/index.js";
import * as tf from "../tensorflow.js";
import { penaliseActivity } from "./activity-penalty.js";
import { enforceConstraints } from "./constraints.js";
import { fastOrthogonal } from "./orthogonal-initializer.js";
import { type RecurrentArgs, recurrentArgs, savedArgs } from "./recurrent-args.js";
import { cast, cells, runRecurrent } from "./run-recurrent.js";
import { Seeds } from "./seeds.js";
import { type CallArguments, type StockRecurrent, type StockRecurrentArgs, stock } from "./stock.js";

type Shape = Parameters<tf.layers.Layer["build"]>[0];
type Inputs = Parameters<tf.layers.Layer["apply"]>[0];

/** One of the layers below. */
export type Recurrent = StockRecurrent;
type RecurrentClass = new (args: RecurrentArgs) => Recurrent;

/** Elman's network with Keras's defaults and behaviour, on the fused ops. */
export class SimpleRNN extends recurrent(stock.SimpleRNN, () => "simpleRnn") {}

/** Long short-term memory with Keras's defaults and behaviour, on the fused ops. */
export class LSTM extends recurrent(stock.LSTM, () => "lstm") {}

/** Gated recurrent unit with Keras's defaults and behaviour, on the fused ops. */
export class GRU extends recurrent(stock.GRU, (layer) => (isResetAfter(layer) ? "gru" : "gruResetBefore")) {
  /** Whether the reset gate acts after the product with the state: Keras's default, unknown to tfjs. */
  readonly resetAfter: boolean;

  constructor(args: RecurrentArgs) {
    super(args);
    this.resetAfter = args.resetAfter ?? true;
  }

  override build(inputShape: Shape): void {
    if (this.resetAfter) addSecondBias(this.cell);
    super.build(inputShape);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), resetAfter: this.resetAfter };
  }
}

function isResetAfter(layer: Recurrent): boolean {
  return (layer as GRU).resetAfter;
}

/** Makes tfjs's cell build a bias `[2, 3 × units]`, of the input and of the state. */
function addSecondBias(cell: object): void {
  const target = cell as { addWeight(name: string, shape: number[], ...rest: unknown[]): tf.LayerVariable };
  const addWeight = target.addWeight.bind(target);
  target.addWeight = (name, shape, ...rest) =>
    addWeight(name, name === "bias" ? [2, ...shape] : shape, ...rest);
}

/** Extends one of tfjs's recurrent classes, of which weights, shapes, saving and loading stay as they are. */
function recurrent(
  Stock: new (args: StockRecurrentArgs) => StockRecurrent,
  cellOf: (layer: Recurrent) => keyof typeof cells,
): RecurrentClass {
  return class extends Stock {
    readonly #seed: number | null | undefined;
    readonly #seeds: Seeds;
    #builtSpec: tf.InputSpec | undefined;

    constructor(args: RecurrentArgs) {
      const complete = recurrentArgs((Stock as unknown as { className: string }).className, args);
      super(complete);
      this.#seed = args.seed;
      this.#seeds = new Seeds(args.seed);
      this.cell.kernelInitializer = fastOrthogonal(this.cell.kernelInitializer);
      this.cell.recurrentInitializer = fastOrthogonal(this.cell.recurrentInitializer);
      penaliseActivity(this, args.activityRegularizer);
    }

    static fromConfig(cls: RecurrentClass, config: tf.serialization.ConfigDict): Recurrent {
      return new cls(savedArgs(config));
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
        const mask: tf.Tensor | undefined = Array.isArray(args.mask) ? args.mask[0] : args.mask;
        const x = cast(first as tf.Tensor, "float32");
        const { outputs, states } = runRecurrent(this, cellOf(this), {
          mask: mask ? cast(mask, "bool") : undefined,
          initialState: args.initialState ?? (this.stateful ? this.states_ : undefined),
          ...(args.training ? this.#dropped(x) : { x }),
        });
        if (this.stateful) this.resetStates(states);
        return this.returnState ? [outputs, ...states] : outputs;
      });
    }

    #requireStates(batch: number | null, given: readonly { readonly shape: (number | null)[] }[]): void {
      if (given.length === 0) return;
      const { units, stateSize } = this.cell;
      const count = [stateSize].flat().length;
      const fits = ({ shape: [rows, width, ...rest] }: { readonly shape: (number | null)[] }) =>
        rest.length === 0 && width === units && (rows == null || batch === null || rows === batch);
      if (given.length === count && given.every(fits)) return;
      throw new RangeError(
        `Cannot build ${this.getClassName()}: initialState must hold ${count} of shape [batch, ${units}], got ${given.map(({ shape }) => `[${shape.map((size) => size ?? "null").join(", ")}]`).join(", ")}`,
      );
    }

    /**
     * Keras's dropout: masks that are the same at every step. With recurrent dropout each gate has its own, for the
     * input, too; else all gates see the same input.
     */
    #dropped(x: tf.Tensor): { x: tf.Tensor; dropoutMasks?: DropoutMasks } {
      const { dropout, recurrentDropout, units } = this.cell;
      const [batch = 0, , features = 0] = x.shape;
      const drops = (rate: number) => rate > 0 && rate < 1;
      if (drops(recurrentDropout)) {
        const gates = Array.from({ length: cells[cellOf(this)].gates });
        const state = gates.map(() => this.#mask([batch, units], recurrentDropout));
        const input = drops(dropout) ? gates.map(() => this.#mask([batch, features], dropout)) : undefined;
        return { x, dropoutMasks: { state, input } };
      }
      if (!drops(dropout)) return { x };
      return { x: tf.mul(x, tf.expandDims(this.#mask([batch, features], dropout), 1)) };
    }

    #mask(shape: [number, number], rate: number): tf.Tensor2D {
      const ones = tf.ones<tf.Rank.R2>(shape);
      const { dropoutFunc } = this.cell;
      return (
        dropoutFunc ? dropoutFunc(ones, rate) : tf.dropout(ones, rate, undefined, this.#seeds.next())
      ) as tf.Tensor2D;
    }

    /** tfjs forgets them; like Keras's, those of a layer that is not trained do not count. */
    override get losses(): Recurrent["losses"] {
      return this.trainable ? this.cell.losses : [];
    }

    override getConfig(): tf.serialization.ConfigDict {
      return { ...super.getConfig(), ...(this.#seed == null ? {} : { seed: this.#seed }) };
    }

    protected override disposeWeights(): number {
      tf.dispose(this.states_ ?? []);
      return super.disposeWeights();
    }
  };
}
