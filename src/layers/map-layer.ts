import * as tf from "../tensorflow.js";
import type { CallArguments } from "../tfjs/stock.js";
import { oneTensor } from "./one-tensor.js";

type Shape = (number | null)[];
type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

/** What a layer without weights computes of one tensor. */
export interface MapDefinition<Args extends object> {
  /** Its arguments with their defaults */
  readonly defaults: Args;
  /** Whether a mask goes on, unless the argument `keepsMask` is false; it ends if missing */
  readonly keepsMask?: boolean;
  compute(x: tf.Tensor, args: Args, isTraining: boolean): tf.Tensor;
  /** Shape of the output; that of the input if missing */
  shape?(shape: Shape, args: Args): Shape;
  /** Says what arguments must be, and are not */
  check?(args: Args): string | undefined;
}

/** Arguments of such a layer, in which null stands for the default. */
export type MapArgs<Args extends object> = LayerArgs & { [Name in keyof Args]?: Args[Name] | null } & {
  /** False for layers of Keras 2, which end masks that Keras 3 lets pass */
  keepsMask?: boolean;
};

/**
 * Makes a class of layers.
 *
 * @param className - Keras's, unless tfjs has something else of that name
 * @param definition - what it computes
 * @returns the class, whose models can be saved and loaded
 */
export function mapLayer<Args extends object>(
  className: string,
  { defaults, keepsMask = false, compute, shape, check }: MapDefinition<Args>,
): new (
  args?: MapArgs<Args>,
) => tf.layers.Layer {
  return class MapLayer extends tf.layers.Layer {
    static readonly className = className;
    readonly #args: Args;

    constructor(args: MapArgs<Args> = {}) {
      super(args);
      this.supportsMasking = keepsMask && args.keepsMask !== false;
      const given = Object.keys(defaults).flatMap((name) => {
        const value: unknown = Reflect.get(args, name);
        return value == null ? [] : [[name, value]];
      });
      this.#args = { ...defaults, ...Object.fromEntries(given) };
      const rule = check?.(this.#args);
      if (rule !== undefined) throw new RangeError(`Cannot build ${className}: ${rule}`);
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape {
      return shape ? shape(inputShape as Shape, this.#args) : (inputShape as Shape);
    }

    override call(inputs: tf.Tensor | tf.Tensor[], { training }: CallArguments = {}): tf.Tensor {
      return tf.tidy(() => {
        const x = oneTensor(inputs, className);
        const result = compute(x, this.#args, training === true);
        return result === x ? x.clone() : result;
      });
    }

    override getConfig(): tf.serialization.ConfigDict {
      return {
        ...super.getConfig(),
        ...this.#args,
        ...(keepsMask ? { keepsMask: this.supportsMasking } : {}),
      };
    }
  };
}
