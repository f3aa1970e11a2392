import type * as tf from "@tensorflow/tfjs-node";

/** An op's result as tfjs-node's binding gives it: a handle with what it points to. */
export interface Handle {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** What tfjs-node's backend knows of the data of tensors; null as id before they are needed. */
export interface TensorData {
  readonly shape: readonly number[];
  readonly dtype: number;
  id: number;
  values: Float32Array | null;
  refCount: number;
}

/**
 * The members of tfjs that rnnlab uses and tfjs's types hide. The code that needs another one adds it here and in
 * `members`, and nowhere else.
 */
export interface Hidden {
  readonly backend: {
    readonly tensorMap: {
      get(dataId: tf.DataId): TensorData;
      set(dataId: tf.DataId, data: TensorData): void;
    };
    getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
    createOutputTensor(handle: Handle): tf.Tensor;
  };
  readonly layer: {
    /** How often the layer is used; null before its first use */
    _refCount: number | null;
    assertNotDisposed(): void;
    disposeWeights(): number;
    addWeight(
      this: tf.layers.Layer,
      name: string,
      shape: (number | null)[],
      dtype?: tf.DataType,
      initializer?: object,
      ...rest: unknown[]
    ): tf.LayerVariable;
    /** Puts masks on outputs, where a layer is called by itself */
    setMaskMetadata(...args: unknown[]): void;
  };
  readonly model: {
    optimizer_: tf.Optimizer;
    /** Whether compile() made the optimiser, from a name */
    readonly isOptimizerOwned: boolean;
    isTraining: boolean;
    /** The weights that were trainable when the model was compiled */
    readonly collectedTrainableWeights: readonly { read(): tf.Variable }[];
    testFunction: (data: tf.Tensor[]) => unknown;
    predictLoop(
      this: tf.LayersModel,
      inputs: tf.Tensor | tf.Tensor[],
      batchSize?: number,
    ): tf.Tensor | tf.Tensor[];
    makeTrainFunction(this: tf.LayersModel): (data: tf.Tensor[]) => unknown;
    makeTestFunction(this: tf.LayersModel): void;
  };
  readonly sequential: {
    /** Where a sequential model keeps its graph, from when that is first needed */
    readonly model?: tf.LayersModel;
  };
  readonly embedding: {
    readonly embeddings: tf.LayerVariable;
    readonly maskZero: boolean;
  };
  readonly dense: {
    readonly activityRegularizer: tf.serialization.Serializable & { apply(x: tf.Tensor): tf.Scalar };
  };
  readonly initializer: {
    seed?: number | null;
  };
}

/** All members of {@link Hidden}: the compiler asks for each, and the check at start-up looks for it in TensorFlow.js. */
export const members: { readonly [Owner in keyof Hidden]: Readonly<Record<keyof Hidden[Owner], true>> } = {
  backend: { tensorMap: true, getInputTensorIds: true, createOutputTensor: true },
  layer: {
    _refCount: true,
    assertNotDisposed: true,
    disposeWeights: true,
    addWeight: true,
    setMaskMetadata: true,
  },
  model: {
    optimizer_: true,
    isOptimizerOwned: true,
    isTraining: true,
    collectedTrainableWeights: true,
    testFunction: true,
    predictLoop: true,
    makeTrainFunction: true,
    makeTestFunction: true,
  },
  sequential: { model: true },
  embedding: { embeddings: true, maskZero: true },
  dense: { activityRegularizer: true },
  initializer: { seed: true },
};

/**
 * Gives the hidden members of one of tfjs's objects.
 *
 * @param owner - what the object is
 * @param object - the object, or the prototype of its class
 * @returns the same object, with other types
 */
export function hidden<Owner extends keyof Hidden>(_owner: Owner, object: object): Hidden[Owner] {
  return object as Hidden[Owner];
}
