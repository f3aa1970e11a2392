import * as tf from "../tensorflow.js";

/** The masks that the outputs of a model have, which tfjs computes and forgets. */
export class OutputMasks {
  readonly #masks = new Map<tf.Tensor, tf.Tensor>();
  readonly #restore: (() => void)[] = [];

  /** @param outputs - of the model that will be called */
  constructor(outputs: readonly tf.SymbolicTensor[]) {
    for (const layer of new Set(outputs.map(lastLayer))) this.#watch(layer);
  }

  /** tfjs applies a layer and then, with the same inputs, asks it for the mask of what it has put out. */
  #watch(layer: tf.layers.Layer): void {
    const { apply, computeMask } = layer;
    // A layer that penalises its activity has an apply() of its own, others that of their class.
    const isOwn = Object.hasOwn(layer, "apply");
    let outputs: tf.Tensor[] = [];
    layer.apply = (inputs, args) => {
      const result = apply.call(layer, inputs, args);
      outputs = [result].flat() as tf.Tensor[];
      return result;
    };
    layer.computeMask = (inputs, mask) => {
      const result = computeMask.call(layer, inputs, mask);
      // What is null here tfjs's types do not say.
      const masks = [result].flat() as (tf.Tensor | null | undefined)[];
      for (const [i, output] of outputs.entries()) {
        const given = masks[i];
        if (given) this.#masks.set(output, tf.keep(given.clone()));
      }
      return result;
    };
    this.#restore.push(() => {
      const watched: Partial<Pick<tf.layers.Layer, "apply" | "computeMask">> = layer;
      delete watched.computeMask;
      if (isOwn) watched.apply = apply;
      else delete watched.apply;
    });
  }

  /**
   * @param output - what the model has put out
   * @returns its mask, which belongs to this object
   */
  of(output: tf.Tensor): tf.Tensor | undefined {
    return this.#masks.get(output);
  }

  /** Ends the watch. */
  stop(): void {
    for (const each of this.#restore.splice(0)) each();
  }

  /** Disposes of the masks. */
  dispose(): void {
    tf.dispose([...this.#masks.values()]);
    this.#masks.clear();
  }
}

/** The layer that an output comes from, inside a model that is a layer. */
function lastLayer({ sourceLayer, outputTensorIndex = 0 }: tf.SymbolicTensor): tf.layers.Layer {
  const inner = (sourceLayer as tf.LayersModel).outputs?.[outputTensorIndex];
  return inner ? lastLayer(inner) : sourceLayer;
}
