import * as tf from "./tensorflow.js";

/** An op's result as tfjs-node's binding gives it: a handle with what it points to. */
export interface Handle {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: string | number;
}

/** What tfjs-node's backend knows of the data of tensors; null as id before they are needed. */
export interface TensorData {
  readonly shape: readonly number[];
  readonly dtype: number;
  id: number;
  values: Float32Array | null;
  refCount: number;
}

/** The part of tfjs-node's backend that lies below tensors, as version 4.22.0, which is pinned, has it. */
export interface NodeBackend {
  readonly binding: {
    readonly TF_ATTR_STRING: number;
    readonly TF_ATTR_INT: number;
    readonly TF_FLOAT: number;
    executeOp(
      name: string,
      attributes: readonly Attribute[],
      inputs: readonly number[],
      outputs: number,
    ): Handle[];
    tensorDataSync(id: number): Float32Array;
    deleteTensor(id: number): void;
  };
  readonly tensorMap: {
    get(dataId: tf.DataId): TensorData;
    set(dataId: tf.DataId, data: TensorData): void;
  };
  readSync(dataId: tf.DataId): ArrayLike<number>;
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  createOutputTensor(handle: Handle): tf.Tensor;
}

/**
 * Gives the backend, whatever tfjs's types say about it.
 *
 * @returns tfjs-node's backend
 */
export function nodeBackend(): NodeBackend {
  return tf.backend() as unknown as NodeBackend;
}

/**
 * Makes attributes of an op ready to be used many times.
 *
 * @param values - strings and integers by name
 * @returns what the binding takes
 */
export function opAttributes(values: Readonly<Record<string, string | number>>): Attribute[] {
  const { TF_ATTR_STRING, TF_ATTR_INT } = nodeBackend().binding;
  return Object.entries(values).map(([name, value]) => ({
    name,
    type: typeof value === "string" ? TF_ATTR_STRING : TF_ATTR_INT,
    value,
  }));
}

/**
 * Puts a kernel of ours before one of tfjs-node's.
 *
 * @param name - the kernel's name
 * @param ours - gets the stock function, and gives the one that is run from now on
 */
export function replaceKernel(name: string, ours: (stock: tf.KernelFunc) => tf.KernelFunc): void {
  const stock = tf.getKernel(name, "tensorflow");
  tf.unregisterKernel(name, "tensorflow");
  tf.registerKernel({ ...stock, kernelFunc: ours(stock.kernelFunc) });
}
