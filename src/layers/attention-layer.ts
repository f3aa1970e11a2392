import * as tf from "../tensorflow.js";
import { noMask } from "../tfjs/no-mask.js";
import type { CallArguments } from "../tfjs/stock.js";
import { Seeds } from "./seeds.js";

type Inputs = Parameters<tf.layers.Layer["apply"]>[0];

/** Arguments of all layers of attention. */
export type AttentionLayerArgs = ConstructorParameters<typeof tf.layers.Layer>[0] & {
  /** Share of the weights of attention that is dropped while training; 0 if missing */
  dropout?: number;
  /** Of dropout: an integer from 0 to 2³² − 1; another one in each run if missing */
  seed?: number;
};

/**
 * What layers of attention have in common. A call may say `useCausalMask`: a query sees values up to its own place; and
 * `returnAttentionScores`: the weights of attention are a second output.
 */
export abstract class AttentionLayer extends tf.layers.Layer {
  /** Masks of all inputs come as a list. */
  readonly takesMasks = true;
  readonly #dropout: number;
  readonly #seed: number | undefined;
  readonly #seeds: Seeds;
  #returnsScores = false;

  constructor(args: AttentionLayerArgs) {
    super(args);
    this.supportsMasking = true;
    this.#dropout = args.dropout ?? 0;
    this.#seed = args.seed;
    this.#seeds = new Seeds(args.seed);
    if (!(this.#dropout >= 0 && this.#dropout < 1))
      throw new RangeError(
        `Cannot build ${this.getClassName()}: dropout must be from 0 to below 1, got ${this.#dropout}`,
      );
  }

  /** Most inputs, and what they are, for the message. */
  protected abstract readonly inputNames: readonly [query: string, value: string, ...others: string[]];

  /** Whether the call that is going on puts out scores: tfjs does not tell computeOutputShape() how a layer is called. */
  protected get returnsScores(): boolean {
    return this.#returnsScores;
  }

  override apply(inputs: Inputs, args?: CallArguments): ReturnType<tf.layers.Layer["apply"]> {
    const count = Array.isArray(inputs) ? inputs.length : 1;
    if (count < 2 || count > this.inputNames.length)
      throw new RangeError(
        `Cannot apply ${this.getClassName()}: inputs must be ${this.inputNames.slice(0, 2).join(", ")}, and then ${this.inputNames.slice(2).join(", ")}, got ${count}`,
      );
    this.#returnsScores = args?.returnAttentionScores === true;
    return super.apply(inputs, args);
  }

  /** That of the query, for the first output. */
  override computeMask(
    _inputs: tf.Tensor | tf.Tensor[],
    mask?: tf.Tensor | tf.Tensor[],
  ): tf.Tensor | tf.Tensor[] {
    const own = [mask].flat()[0] ?? noMask;
    return this.#returnsScores ? [own, noMask] : own;
  }

  protected get drops(): boolean {
    return this.#dropout > 0;
  }

  /** Drops weights of attention, where the layer trains. */
  protected dropped(weights: tf.Tensor, { training }: CallArguments): tf.Tensor {
    if (!training || !this.drops) return weights;
    return tf.dropout(weights, this.#dropout, undefined, this.#seeds.next());
  }

  override getConfig(): tf.serialization.ConfigDict {
    const seed = this.#seed == null ? {} : { seed: this.#seed };
    return { ...super.getConfig(), dropout: this.#dropout, ...seed };
  }
}
