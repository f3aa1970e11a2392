import * as tf from "../../tensorflow.js";

/** A tensor without its numbers. */
interface Header {
  readonly name: string;
  readonly shape: number[];
  readonly dtype: tf.DataType;
  /** Where its numbers begin */
  readonly offset: number;
  readonly length: number;
}

/** Tensors as one piece of memory, which TensorFlow knows nothing of. */
export interface PackedTensors {
  readonly headers: readonly Header[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A tensor with its name, as optimisers give and take them. */
export interface NamedTensor {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

/** Where numbers may begin. */
const ALIGNMENT = 8;

/**
 * Copies the numbers of tensors.
 *
 * @param tensors - they stay the caller's
 * @returns the copy
 */
export function packTensors(tensors: readonly NamedTensor[]): PackedTensors {
  let end = 0;
  const parts = tensors.map(({ name, tensor }) => {
    const values = tensor.dataSync() as Float32Array;
    const offset = end;
    end += Math.ceil(values.byteLength / ALIGNMENT) * ALIGNMENT;
    const header: Header = { name, shape: tensor.shape, dtype: tensor.dtype, offset, length: values.length };
    return { header, values };
  });
  const bytes = new Uint8Array(end);
  for (const { header, values } of parts)
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), header.offset);
  return { headers: parts.map(({ header }) => header), bytes };
}

/**
 * Makes tensors of a copy.
 *
 * @param packed - the copy, which stays as it is
 * @returns the tensors, which the caller disposes of
 */
export function unpackTensors({ headers, bytes }: PackedTensors): NamedTensor[] {
  return headers.map(({ name, shape, dtype, offset, length }) => {
    const Values = dtype === "int32" ? Int32Array : dtype === "bool" ? Uint8Array : Float32Array;
    // A copy: TensorFlow may read the memory later than now.
    const values = new Values(bytes.buffer, bytes.byteOffset + offset, length).slice();
    return { name, tensor: tf.keep(tf.tensor(values, shape, dtype)) };
  });
}
