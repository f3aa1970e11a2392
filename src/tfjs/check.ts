import type * as Tf from "@tensorflow/tfjs-node";
import { hidden, members } from "./hidden.js";

type Owner = keyof typeof members;

/** The version of tfjs-node that rnnlab is written for. */
const WRITTEN = "4.22.0";

/**
 * Looks for all that rnnlab uses of TensorFlow.js beyond its types, so that another version is refused when it is loaded
 * and not in the middle of a training.
 *
 * @param tf - TensorFlow.js
 * @throws {Error} when something is missing; all of it is named
 */
export function requireMembers(tf: typeof Tf): void {
  const examples = makeExamples(tf);
  const missing = (Object.keys(members) as Owner[]).flatMap((owner) =>
    Object.keys(members[owner])
      .filter((member) => !(member in examples.of[owner]))
      .map((member) => `${owner}.${member}`),
  );
  examples.dispose();
  if (missing.length === 0) return;
  throw new Error(
    `Cannot use TensorFlow.js: it must have what rnnlab uses of version ${WRITTEN}, got version ${tf.version["tfjs-node"]} without ${missing.join(", ")}; run \`npm install @tensorflow/tfjs-node@${WRITTEN}\``,
  );
}

/** One of each of tfjs's objects. What has a name takes no number from those that tfjs counts, and zeros draw nothing. */
function makeExamples(tf: typeof Tf): {
  readonly of: Readonly<Record<Owner, object>>;
  readonly dispose: () => void;
} {
  const zeros = "zeros" as const;
  const embedding = tf.layers.embedding({
    name: "example_embedding",
    inputDim: 1,
    outputDim: 1,
    inputLength: 1,
    embeddingsInitializer: zeros,
  });
  const dense = tf.layers.dense({ name: "example_dense", units: 1, kernelInitializer: zeros });
  const sequential = tf.sequential({ name: "example", layers: [embedding, dense] });
  sequential.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const model: Tf.LayersModel = hidden("sequential", sequential).model ?? sequential;
  // It makes the function that it is named after.
  hidden("model", model).makeTestFunction?.call(model);
  return {
    of: {
      backend: tf.backend(),
      layer: dense,
      model,
      sequential,
      embedding,
      dense,
      initializer: tf.initializers.orthogonal({}),
    },
    dispose: () => sequential.dispose(),
  };
}
