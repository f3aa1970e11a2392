import * as tf from "../../tensorflow.js";
import { nodeBackend } from "../../tfjs/backend.js";
import { type Recording, record, type TensorId } from "../../tfjs/recording.js";
import type { Batch, Taken } from "../train-step.js";
import { knownMeasures } from "./known-models.js";

/** What metrics have asked of TensorFlow after a step. */
export interface RecordedMetrics {
  readonly recording: Recording;
  /** What each of them has computed */
  readonly numbers: readonly { readonly id: TensorId; readonly shape: readonly number[] }[];
}

/**
 * Computes a model's metrics op by op, and writes down how.
 *
 * @param model - a compiled model, not a sequential one but the one inside
 * @param batch - the samples
 * @param taken - the step that was taken on it
 * @returns what was done; nothing where there are no metrics, one is a function of one's own, or one gives no floats
 */
export function recordMetrics(
  model: tf.LayersModel,
  { targets }: Batch,
  { predictions: { values } }: Taken,
): RecordedMetrics | undefined {
  const { metricsTensors } = model;
  if (metricsTensors.length === 0 || knownMeasures(model) === undefined) return undefined;
  const { result, recording } = record(() =>
    tf.tidy(() => {
      const all = metricsTensors.map(([metric, output]) =>
        metric(targets[output] as tf.Tensor, values[output] as tf.Tensor),
      );
      const ids = nodeBackend().getInputTensorIds(all);
      return all.map(({ shape, dtype }, i) => ({ id: ids[i] as TensorId, shape, dtype }));
    }),
  );
  return result.every(({ dtype }) => dtype === "float32") ? { recording, numbers: result } : undefined;
}
