import * as tf from "../tensorflow.js";
import { lossName, type ModelParts } from "./model-parts.js";
import { OutputMasks } from "./output-masks.js";

interface Activation {
  getClassName(): string;
  apply(x: tf.Tensor): tf.Tensor;
}

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
const endings: Readonly<Record<string, string>> = {
  binaryCrossentropy: "sigmoid",
  categoricalCrossentropy: "softmax",
  sparseCategoricalCrossentropy: "softmax",
};

/**
 * Calls a model. Cross-entropies are computed of logits, as in Keras, where the model ends in the activation that goes
 * with them: of probabilities, those that are rounded to 0 or 1 would have lost their gradient.
 *
 * @param parts - of the model
 * @param inputs - one for each input
 * @param training - whether dropout and the like are at work
 * @returns the predictions
 */
export function forward(parts: ModelParts, inputs: readonly tf.Tensor[], training: boolean): Predictions {
  const logits: (tf.Tensor | undefined)[] = [];
  const masks = new OutputMasks(parts.outputs);
  const dispose = () => {
    tf.dispose(logits.filter((each) => each !== undefined));
    masks.dispose();
  };
  const restore: (() => void)[] = [];
  for (const [output, { sourceLayer }] of parts.outputs.entries()) {
    const layer = sourceLayer as tf.layers.Layer & { activation: Activation };
    // A layer that is called in several places would tell the logits of any of them.
    const isEnd = ["Dense", "Activation"].includes(layer.getClassName()) && layer.inboundNodes.length === 1;
    const { activation } = layer;
    const name = lossName(parts, output);
    if (!isEnd || typeof name !== "string" || activation.getClassName() !== endings[name]) continue;
    layer.activation = {
      getClassName: () => activation.getClassName(),
      apply(x) {
        logits[output] = tf.keep(x.clone());
        return activation.apply(x);
      },
    };
    restore.push(() => {
      layer.activation = activation;
    });
  }
  try {
    const values = [parts.call(inputs, { training })].flat();
    return { values, logits, masks: values.map((value) => masks.of(value)), dispose };
  } catch (error) {
    dispose();
    throw error;
  } finally {
    masks.stop();
    for (const each of restore) each();
  }
}
