import * as tf from "../tensorflow.js";

type Shape = (number | null)[];

/** The difference of two inputs: `[…]` and `[…]` to `[…]`, sizes of 1 repeated. tfjs does not have it. */
export class Subtract extends tf.layers.Layer {
  static readonly className = "Subtract";

  constructor(args: ConstructorParameters<typeof tf.layers.Layer>[0] = {}) {
    super(args);
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [first, second] = inputShape as [Shape, Shape];
    return first.map((size, axis) => (size === 1 ? (second[axis] ?? null) : size));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [first, second, ...others] = [inputs].flat();
    if (first === undefined || second === undefined || others.length > 0 || first.rank !== second.rank)
      throw new RangeError(
        `Cannot apply Subtract: there must be two inputs of one rank, got ${[inputs].flat().map(({ shape }) => `[${shape.join(", ")}]`)}`,
      );
    return tf.sub(first, second);
  }
}
