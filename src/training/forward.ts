import { runModel } from "../layers/run-model.js";
import * as tf from "../tensorflow.js";
import { type Ending, withLogits } from "./logits.js";
import { lossName } from "./loss-name.js";

/** What a model gives for a batch. */
export interface Predictions {
  /** One for each output */
  readonly values: readonly tf.Tensor[];
  /** What the sigmoid or softmax of an output was taken of, where the loss wants to know */
  readonly logits: readonly (tf.Tensor | undefined)[];
  /** Which steps or numbers of an output count, where not all do: bool */
  readonly masks: readonly (tf.Tensor | undefined)[];
  /** Releases logits and masks, which outlive any tidy */
  dispose(): void;
}

/** The activation whose argument a loss can be computed of. */
const endings: Readonly<Record<string, Ending>> = {
  binaryCrossentropy: "sigmoid",
  categoricalCrossentropy: "softmax",
  sparseCategoricalCrossentropy: "softmax",
};

/**
 * Calls a model. Cross-entropies are computed of logits, as in Keras, where the model ends in the activation that goes
 * with them: of probabilities, those that are rounded to 0 or 1 would have lost their gradient.
 *
 * @param model - the model
 * @param inputs - one for each input
 * @param training - whether dropout and the like are at work
 * @returns the predictions
 */
export function forward(model: tf.LayersModel, inputs: readonly tf.Tensor[], training: boolean): Predictions {
  const wanted = model.outputs.map((_, output) => endings[String(lossName(model, output))]);
  const { outputs, logits } = withLogits(
    wanted,
    () =>
      tf.tidy(() => {
        const given = inputs.map((value) => ({ value }));
        return runModel(model, given, { training }).map(({ value, mask }) => ({
          value,
          mask: mask && tf.keep(mask.clone()),
        }));
      }),
    ({ value }) => value,
  );
  const masks = outputs.map(({ mask }) => mask);
  return {
    values: outputs.map(({ value }) => value),
    logits,
    masks,
    dispose: () => tf.dispose([...logits, ...masks].filter((each) => each !== undefined)),
  };
}
