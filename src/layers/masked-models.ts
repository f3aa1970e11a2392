import { engine } from "../engine.js";
import * as tf from "../tensorflow.js";
import { ownMask, rememberMask } from "./call-arguments.js";
import { type Masked, runModel } from "./run-model.js";
import type { CallArguments } from "./stock.js";

type Tensors = tf.Tensor | tf.Tensor[];
interface ModelMethods {
  call(inputs: Tensors, args: CallArguments): Tensors;
  computeMask(inputs: Tensors): (tf.Tensor | null)[] | null;
  setMaskMetadata(): void;
  predictLoop(inputs: Tensors, batchSize?: number): Tensors;
}

/** The masks of what a model has put out, from its call until it is asked for them. */
const pending = new WeakMap<object, (tf.Tensor | null)[]>();

const methods: ModelMethods & ThisType<tf.LayersModel> = {
  call(inputs, args = {}) {
    const values = [inputs].flat();
    const mask = ownMask(this, inputs, args);
    const run = () => {
      const given = values.map((value, i) => ({ value, mask: i === 0 ? mask : undefined }));
      const outputs = runModel(this, given, args);
      return { outputs: outputs.map((each) => each.value), masks: outputs.map((each) => each.mask ?? null) };
    };
    // tfjs's types of what may leave a tidy have no null.
    const { outputs, masks } = tf.tidy(run as () => tf.TensorContainerObject) as ReturnType<typeof run>;
    const { activeScope } = engine().state;
    // Without a model around it nobody asks for the masks.
    if (activeScope == null) tf.dispose(masks.filter((each) => each !== null));
    else {
      outputs.forEach((output, i) => {
        rememberMask(output, masks[i] ?? null);
      });
      pending.set(this, masks);
    }
    const [only, ...others] = outputs;
    return only && others.length === 0 ? only : outputs;
  },

  computeMask() {
    const masks = pending.get(this) ?? null;
    pending.delete(this);
    return masks;
  },

  setMaskMetadata() {
    // tfjs would ask for the masks here, and once more when it has them used.
  },

  predictLoop(inputs, batchSize = 32) {
    return tf.tidy(() => {
      const all = [inputs].flat();
      const size = all[0]?.shape[0] ?? 0;
      const batches: tf.Tensor[][] = [];
      for (let start = 0; start < size; start += batchSize) {
        const count = Math.min(batchSize, size - start);
        const predict = (): tf.Tensor[] => {
          const batch: Masked[] = all.map((each) => ({ value: each.slice(start, count) }));
          return runModel(this, batch).map(({ value }) => value);
        };
        batches.push(tf.tidy(predict));
      }
      const outputs = this.outputs.map((_, i) => tf.concat(batches.map((batch) => batch[i] as tf.Tensor)));
      return outputs.length === 1 ? (outputs[0] as tf.Tensor) : outputs;
    });
  },
};

for (const { prototype } of [tf.LayersModel, tf.Sequential]) Object.assign(prototype, methods);
// tfjs's constructor of all layers sets it to false.
Object.defineProperty(tf.LayersModel.prototype, "supportsMasking", { get: () => true, set: () => undefined });
