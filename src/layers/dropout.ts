import * as tf from "../tensorflow.js";
import { type CallArguments, stock } from "../tfjs/stock.js";
import { dropoutMask } from "./dropout-mask.js";
import { Seeds } from "./seeds.js";

type DropoutArgs = ConstructorParameters<typeof stock.Dropout>[0];

/** Dropout that draws anew at every step: tfjs's drops the same places each time once it has a seed. */
export class Dropout extends stock.Dropout {
  readonly #args: DropoutArgs;
  readonly #seeds: Seeds;

  constructor(args: DropoutArgs) {
    const { rate } = args;
    if (!(rate >= 0 && rate < 1))
      throw new RangeError(`Cannot build Dropout: rate must be at least 0 and less than 1, got ${rate}`);
    super(args);
    this.#args = args;
    this.#seeds = new Seeds(args.seed);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments): tf.Tensor | tf.Tensor[] {
    const [x] = Array.isArray(inputs) ? inputs : [inputs];
    const { rate, noiseShape } = this.#args;
    if (!args.training || rate === 0 || x === undefined) return inputs;
    const noise = noiseShape?.map((size: number | null, axis) => size ?? x.shape[axis] ?? 1);
    return tf.tidy(() => tf.mul(x, dropoutMask(noise ?? x.shape, rate, this.#seeds)));
  }
}
