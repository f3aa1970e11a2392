import * as tf from "../tensorflow.js";

type Shape = (number | null)[];

/**
 * The difference of two inputs: `[…]` and `[…]` to `[…]`, sizes of 1 repeated. One with fewer axes gets such sizes after its
 * batch. tfjs does not have it.
 */
export class Subtract extends tf.layers.Layer {
  static readonly className = "Subtract";

  constructor(args: ConstructorParameters<typeof tf.layers.Layer>[0] = {}) {
    super(args);
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shapes = inputShape as [Shape, Shape];
    const rank = Math.max(...shapes.map(({ length }) => length));
    const [first, second] = shapes.map((shape) => widened(shape, rank)) as [Shape, Shape];
    return first.map((size, axis) => (size === 1 ? (second[axis] ?? null) : size));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const list = [inputs].flat();
    const rank = Math.max(...list.map((x) => x.rank));
    return tf.tidy(() => {
      const [first, second, ...others] = list.map((x) => tf.reshape(x, widened(x.shape, rank) as number[]));
      if (first === undefined || second === undefined || others.length > 0)
        throw new RangeError(
          `Cannot apply Subtract: there must be two inputs, got ${list.map(({ shape }) => `[${shape.join(", ")}]`)}`,
        );
      return tf.sub(first, second);
    });
  }
}

function widened([batch = null, ...sizes]: Shape, rank: number): Shape {
  return [batch, ...Array<number>(rank - sizes.length - 1).fill(1), ...sizes];
}
