import * as tf from "../tensorflow.js";
import { type CallArguments, type ConvLstmArgs, type StockConvCell, stock } from "../tfjs/stock.js";
import { type RecurrentArgs, recurrentArgs, savedArgs } from "./recurrent-args.js";
import { cast } from "./run-recurrent.js";
import { Seeds } from "./seeds.js";

/** Arguments of ConvLSTM2D: those of `tf.layers`, with Keras's defaults. */
export type ConvLSTM2DArgs = Omit<ConvLstmArgs, "activation" | "recurrentActivation"> &
  Pick<RecurrentArgs, "activation" | "recurrentActivation" | "seed">;

type Shape = (number | null)[];

const LAST = [0, 2, 3, 1];
const FIRST = [0, 3, 1, 2];

/**
 * Long short-term memory over pictures whose products are convolutions: `[batch, time, height, width, channels]` to
 * `[batch, height, width, filters]`, or with time where `returnSequences`. Masked steps repeat state and output, as in
 * Keras. Source: Shi et al., 2015.
 */
export class ConvLSTM2D extends stock.ConvLSTM2D {
  readonly #seed: number | undefined;
  readonly #seeds: Seeds;

  constructor({ unroll: _, ...args }: ConvLSTM2DArgs) {
    const units = args.filters as number;
    // What is known of the other recurrent layers is checked and completed; the rest goes through.
    const complete: object = recurrentArgs("ConvLSTM2D", { ...args, units } as RecurrentArgs);
    super(complete as ConvLstmArgs);
    this.#seed = args.seed;
    this.#seeds = new Seeds(args.seed);
  }

  static fromConfig(
    cls: new (args: ConvLSTM2DArgs) => ConvLSTM2D,
    config: tf.serialization.ConfigDict,
  ): ConvLSTM2D {
    const saved: object = savedArgs(config);
    return new cls(saved as ConvLSTM2DArgs);
  }

  /** tfjs's does not know that states may be among the inputs. */
  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [first] = inputShape;
    return super.computeOutputShape(Array.isArray(first) ? first : (inputShape as Shape));
  }

  override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments = {}): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const [first] = [inputs].flat() as [tf.Tensor];
      const { cell } = this;
      const isFirst = cell.dataFormat === "channelsFirst";
      const x = isFirst ? tf.transpose(first, [0, 1, 3, 4, 2]) : first;
      const steps = tf.unstack(this.#convolved(cell, x, args.training === true), 1);
      const masks = args.mask ? tf.unstack(cast(args.mask, "bool"), 1) : undefined;
      const given: tf.Tensor[] | undefined = args.initialState ?? (this.stateful ? this.states_ : undefined);
      const zeros = tf.zeros([...(steps[0] as tf.Tensor).shape.slice(0, -1), cell.filters]);
      const inside = given?.map((state) => (isFirst ? tf.transpose(state, LAST) : state));
      let [h = zeros, c = zeros] = inside ?? [];
      let output = zeros;
      const outputs: tf.Tensor[] = [];
      const drop = this.#mask([...zeros.shape], args.training ? cell.recurrentDropout : 0);
      const order = [...steps.keys()];
      for (const i of this.goBackwards ? order.reverse() : order) {
        const [nextH, nextC] = step(cell, steps[i] as tf.Tensor, drop ? tf.mul(h, drop) : h, c);
        const mask = masks?.[i]?.reshape([-1, 1, 1, 1]);
        const kept = (next: tf.Tensor, last: tf.Tensor) =>
          mask ? tf.where(tf.broadcastTo(tf.cast(mask, "int32"), next.shape).cast("bool"), next, last) : next;
        [output, h, c] = [kept(nextH, output), kept(nextH, h), kept(nextC, c)];
        outputs.push(output);
      }
      const outside = (tensor: tf.Tensor) => (isFirst ? tf.transpose(tensor, FIRST) : tensor);
      const states = [h, c].map(outside);
      if (this.stateful) this.resetStates(states);
      // A tensor of its own: the state may be disposed of before it.
      const result = this.returnSequences ? tf.stack(outputs.map(outside), 1) : outside(output).clone();
      return this.returnState ? [result, ...states] : result;
    });
  }

  /** What the input adds to all gates, for all steps at once. */
  #convolved(cell: StockConvCell, x: tf.Tensor, training: boolean): tf.Tensor {
    const [batch, time, ...picture] = x.shape as [number, number, number, number, number];
    const mask = this.#mask([batch, 1, ...picture], training ? cell.dropout : 0);
    const all = tf.reshape(mask ? tf.mul(x, mask) : x, [batch * time, ...picture]) as tf.Tensor4D;
    const { strides, padding, dilationRate, kernel, bias } = cell;
    const sums = tf.conv2d(all, kernel.read() as tf.Tensor4D, strides, padding, "NHWC", dilationRate);
    const shifted: tf.Tensor = bias ? tf.add(sums, bias.read()) : sums;
    return tf.reshape(shifted, [batch, time, ...shifted.shape.slice(1)]);
  }

  #mask(shape: number[], rate: number): tf.Tensor | undefined {
    if (!(rate > 0 && rate < 1)) return undefined;
    return tf.dropout(tf.ones(shape), rate, undefined, this.#seeds.next());
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.#seed == null ? {} : { seed: this.#seed }) };
  }
}

function step(cell: StockConvCell, x: tf.Tensor, h: tf.Tensor, c: tf.Tensor): [h: tf.Tensor, c: tf.Tensor] {
  const { recurrentKernel, activation, recurrentActivation } = cell;
  const recurrent = tf.conv2d(h as tf.Tensor4D, recurrentKernel.read() as tf.Tensor4D, 1, "same");
  const [i, f, g, o] = tf.split(tf.add(x, recurrent), 4, -1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const next = tf.add(
    tf.mul(recurrentActivation.apply(f), c),
    tf.mul(recurrentActivation.apply(i), activation.apply(g)),
  );
  return [tf.mul(recurrentActivation.apply(o), activation.apply(next)), next];
}
