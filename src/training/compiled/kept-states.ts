import * as tf from "../../tensorflow.js";
import { runOp } from "../../tfjs/backend.js";
import { partsOf } from "./known-models.js";

/**
 * Finds the recurrent layers of a model that keep their states for the next batch.
 *
 * @param model - not a sequential one but the one inside
 * @returns each once, those within other layers and models among them
 */
export function statefulLayers(model: tf.LayersModel): readonly tf.RNN[] {
  const within = (layer: tf.layers.Layer): tf.layers.Layer[] => [layer, ...partsOf(layer).flatMap(within)];
  const found = within(model).filter((layer) => layer instanceof tf.RNN && layer.stateful);
  return [...new Set(found)] as tf.RNN[];
}

/** The states that layers keep now, of one layer after the other. They are the layers' own. */
export function statesOf(layers: readonly tf.RNN[]): tf.Tensor[] {
  return layers.flatMap((layer) => layer.states);
}

/**
 * Says what kind of states layers keep now: whoever sets them may give others.
 *
 * @param layers - those that keep states
 * @returns their shapes; nothing where a program cannot take them
 */
export function kindOfStates(layers: readonly tf.RNN[]): string | undefined {
  const states: readonly (tf.Tensor | null)[] = statesOf(layers);
  const isKnown = states.every((state) => state && !state.isDisposed && state.dtype === "float32");
  return isKnown ? states.map((state) => state?.shape.join()).join(" ") : undefined;
}

/**
 * Puts states into layers.
 *
 * @param layers - those that keep states
 * @param states - of one layer after the other; they stay the caller's
 */
export function keepStates(layers: readonly tf.RNN[], states: readonly tf.Tensor[]): void {
  const rest = [...states];
  for (const layer of layers) layer.resetStates(rest.splice(0, layer.states.length));
}

/** Gives each state a tensor of its own, with the same numbers: somebody may have set one for several. */
export function partStates(layers: readonly tf.RNN[]): void {
  tf.tidy(() => {
    keepStates(
      layers,
      statesOf(layers).flatMap((state) => runOp("Identity", {}, [state], 1)),
    );
  });
}
