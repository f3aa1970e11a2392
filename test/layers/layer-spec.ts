// Makes layers from the [kind, options] of the golden file.
import { layers, tf } from "rnnlab";

export type Spec = readonly [kind: string, options: Readonly<Record<string, unknown>>];
type Maker = (options: unknown) => tf.layers.Layer;

/** The layer that test/golden/layers.py makes in Keras. */
export function makeLayer([kind, options]: Spec, makers: object = layers): tf.layers.Layer {
  const args = Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      if (["layer", "backwardLayer"].includes(name)) return [name, makeLayer(value as Spec, makers)];
      if (name.endsWith("Regularizer")) return [name, tf.regularizers.l1l2(value as { l1: number })];
      if (name.endsWith("Constraint")) return [name, tf.constraints.maxNorm(value as { axis: number })];
      return [name, value];
    }),
  );
  const maker =
    (makers as Record<string, Maker>)[kind] ?? (tf.layers as unknown as Record<string, Maker>)[kind]!;
  return maker(args);
}

/** Sets weights from plain numbers in the golden file's order, which is that of the layers. */
export function setWeights(layersInOrder: readonly tf.layers.Layer[], weights: readonly number[][]): void {
  const rest = [...weights];
  for (const layer of layersInOrder) {
    const shapes = layer.getWeights().map(({ shape }) => shape);
    tf.tidy(() => layer.setWeights(shapes.map((shape) => tf.tensor(rest.shift()!, shape))));
  }
  if (rest.length > 0) throw new Error(`${rest.length} weights too many`);
}
