import { type NodeBackend, nodeBackend } from "./backend.js";
import type { Handle } from "./hidden.js";
import { replaceMembers } from "./patches.js";
import type * as tf from "./tensorflow.js";

/** A number of TensorFlow's tensors, as tfjs-node's binding names it. No two ever have the same. */
export type TensorId = number;

/** What an attribute of an op may be. */
export type AttributeValue = string | number | boolean;

/** An op that was run. */
export interface RecordedOp {
  readonly name: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly inputs: readonly TensorId[];
  readonly outputs: readonly Handle[];
}

/** Numbers that came from JavaScript. */
export interface RecordedConstant {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** A tensor that is made anew at each step. */
export interface Draw {
  readonly id: TensorId;
  readonly shape: readonly number[];
  readonly make: () => tf.Tensor;
}

/** What was asked of TensorFlow, in order. */
export interface Recording {
  readonly ops: readonly RecordedOp[];
  readonly constants: ReadonlyMap<TensorId, RecordedConstant>;
  /** In the order in which they were drawn */
  readonly draws: readonly Draw[];
}

/** What {@link drawn} tells. */
let listener: ((make: () => tf.Tensor) => tf.Tensor) | undefined;

/**
 * Makes a tensor that is another one at each step: random numbers. A recording keeps how it is made, and no ops of it.
 *
 * @param make - makes it, of float32, and depends on no tensor
 * @returns the tensor
 */
export function drawn<T extends tf.Tensor>(make: () => T): T {
  return listener ? (listener(make) as T) : make();
}

/** Ends the recording that there is. */
let end: (() => void) | undefined;

/** Ends a recording whose code was terminated, which skips every `finally`. */
export function endRecording(): void {
  end?.();
}

/**
 * Runs code and writes down what it asks of TensorFlow. Other code must not run meanwhile, so it is synchronous.
 *
 * @param run - the code
 * @returns what it returned, and what it asked for
 */
export function record<Result>(run: () => Result): {
  readonly result: Result;
  readonly recording: Recording;
} {
  endRecording();
  const backend = nodeBackend();
  const { binding } = backend;
  const ops: RecordedOp[] = [];
  const constants = new Map<TensorId, RecordedConstant>();
  const draws: Draw[] = [];
  let isDrawing = false;
  const draw = (make: () => tf.Tensor): tf.Tensor => {
    isDrawing = true;
    try {
      const tensor = make();
      const [id] = backend.getInputTensorIds([tensor]) as [TensorId];
      draws.push({ id, shape: tensor.shape, make });
      return tensor;
    } finally {
      isDrawing = false;
    }
  };
  const executeOp: typeof binding.executeOp = (...call) => {
    const [name, attributes, inputs] = call;
    const outputs = binding.executeOp(...call);
    if (isDrawing) return outputs;
    const values = attributes.map(({ name: attribute, value }) => [attribute, value]);
    ops.push({ name, attributes: Object.fromEntries(values), inputs: [...inputs], outputs });
    return outputs;
  };
  const createTensor: typeof binding.createTensor = (...call) => {
    const id = binding.createTensor(...call);
    if (!isDrawing) constants.set(id, { shape: [...call[0]], values: (call[2] as Float32Array).slice() });
    return id;
  };
  // Its members are read-only: they cannot be replaced one by one.
  const recorder: NodeBackend["binding"] = Object.create(binding, {
    executeOp: { value: executeOp },
    createTensor: { value: createTensor },
  });
  replaceMembers("tfjs-node's backend", backend, { binding: recorder });
  listener = draw;
  end = () => {
    listener = end = undefined;
    replaceMembers("tfjs-node's backend", backend, { binding });
  };
  try {
    return { result: run(), recording: { ops, constants, draws } };
  } finally {
    endRecording();
  }
}
