import { nativeOps } from "../recurrent-ops/index.js";
import * as tf from "../tensorflow.js";
import { type NodeBackend, nodeBackend, opAttributes } from "../tfjs/backend.js";
import type { Handle, TensorData } from "../tfjs/hidden.js";
import { replaceGradient, replaceKernel } from "../tfjs/patches.js";
import { gradientDepth } from "../tfjs/tape.js";

// A batch looks up some rows of a table. The gradient is zero in all others. Here it stays packed, as
// RnnlabRowGradient makes it, inside an ordinary tensor: the fused optimiser takes the packed rows, and to everybody
// else the tensor is the dense gradient, which is written down when it is first looked at.

class PackedRows implements TensorData {
  readonly shape: readonly number[];
  readonly dtype: number;
  refCount = 1;
  readonly #backend: NodeBackend;
  #id: number;
  #packed = true;
  #dense: Float32Array | undefined;

  constructor(shape: readonly number[], { id, dtype }: Handle, backend: NodeBackend) {
    this.shape = shape;
    this.dtype = dtype;
    this.#id = id;
    this.#backend = backend;
  }

  /** The handle of the packed rows until somebody needs the dense gradient. */
  get packed(): number | undefined {
    return this.#packed ? this.#id : undefined;
  }

  // The backend deletes this handle with the tensor, and sets the one of the dense gradient when it has made it.
  get id(): number {
    return this.#id;
  }
  set id(dense: number) {
    this.#backend.binding.deleteTensor(this.#id);
    this.#id = dense;
    this.#packed = false;
  }

  // Values that are not null are what the backend has still to hand to TensorFlow.
  get values(): Float32Array | null {
    if (!this.#packed) return null;
    this.#dense ??= unpack(this.#backend.binding.tensorDataSync(this.#id) as Float32Array, this.shape);
    return this.#dense;
  }
  set values(_: null) {
    this.#dense = undefined;
  }
}

function unpack(packed: Float32Array, [rows = 0, columns = 0]: readonly number[]): Float32Array {
  const dense = new Float32Array(rows * columns);
  const numbers = new Int32Array(packed.buffer, packed.byteOffset, packed.length);
  for (let start = 0; start < packed.length; start += columns + 1) {
    const row = numbers[start] ?? 0;
    dense.set(packed.subarray(start + 1, start + 1 + columns), row * columns);
  }
  return dense;
}

let wanted = false;

/**
 * Runs code whose gradients of looked-up tables stay packed.
 *
 * @param compute - which computes gradients
 * @returns what it returns
 */
export function withRowGradients<Result>(compute: () => Result): Result {
  if (!nativeOps().available) return compute();
  replaceStock();
  const before = wanted;
  wanted = true;
  try {
    return compute();
  } finally {
    wanted = before;
  }
}

/**
 * Looks whether a gradient is packed.
 *
 * @param gradient - any tensor
 * @returns the handle of its packed rows `[n, 1, columns + 1]`, which belongs to the tensor; undefined if it is dense
 */
export function packedRows(gradient: tf.Tensor): number | undefined {
  const data = nodeBackend().tensorMap.get(gradient.dataId);
  return data instanceof PackedRows ? data.packed : undefined;
}

let isReplaced = false;

/** Puts our gradient of tf.gather(), and our sum of such gradients, before tfjs's, which serve wherever ours do not. */
function replaceStock(): void {
  if (isReplaced) return;
  isReplaced = true;
  replaceGatherGradient();
  replaceAdd();
}

function replaceGatherGradient(): void {
  replaceGradient(tf.GatherV2, (stock) => (dy, saved, attributes) => {
    const [x, indices] = saved;
    const { axis, batchDims } = attributes as Record<string, unknown>;
    const isTable =
      x?.rank === 2 && axis === 0 && !batchDims && indices?.dtype === "int32" && indices.size > 0;
    // A gradient that will be differentiated itself must be made of ops that have gradients.
    if (!wanted || !isTable || gradientDepth() > 0 || Array.isArray(dy)) return stock(dy, saved, attributes);
    return { x: () => rowGradient(x, indices, dy), indices: () => indices };
  });
}

/** The sum of two packed gradients is packed: tfjs adds up those of a table that was looked up several times. */
function replaceAdd(): void {
  replaceKernel(tf.Add, (stock) => (call) => {
    const { a, b } = call.inputs as { a: tf.Tensor; b: tf.Tensor };
    const [first, second] = wanted ? [packedRows(a), packedRows(b)] : [];
    if (first === undefined || second === undefined) return stock(call);
    return packed("RnnlabRowSum", {}, [first, second], a.shape);
  });
}

function rowGradient(table: tf.Tensor, indices: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  const [rows = 0, columns = 0] = table.shape;
  const flat = dy.reshape([indices.size, columns]);
  const inputs = nodeBackend().getInputTensorIds([indices, flat]);
  const info = packed("RnnlabRowGradient", { rows }, inputs, table.shape);
  flat.dispose();
  return tf.engine().makeTensorFromTensorInfo(info);
}

/** Runs one of our ops that puts packed rows out. */
function packed(
  op: string,
  attributes: Readonly<Record<string, number>>,
  inputs: number[],
  shape: number[],
): tf.TensorInfo {
  const backend = nodeBackend();
  const [handle] = backend.binding.executeOp(op, opAttributes(attributes), inputs, 1);
  const dataId = {};
  backend.tensorMap.set(dataId, new PackedRows(shape, handle as Handle, backend));
  return { dataId, shape, dtype: "float32" };
}
