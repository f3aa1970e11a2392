import * as tf from "./tensorflow.js";

/** One op on tfjs's tape. */
export interface TapeNode {
  /** Gradients by name; where they are wanted, `gradient` is called as a method of a copy that has only those */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /** What the gradient needs, kept until it is computed */
  readonly saved: readonly tf.Tensor[];
  gradient(this: TapeNode, dys: (tf.Tensor | null)[]): Record<string, () => tf.Tensor | undefined>;
}

/** The part of tfjs's engine that its types hide, as version 4.22.0, which is pinned, has it. */
export interface Engine {
  readonly state: {
    /** How many gradients are being computed, one inside the other */
    readonly gradientDepth: number;
    /** How many kernels are running, one inside the other: what they compute is not on the tape */
    readonly kernelDepth: number;
    activeTape: TapeNode[] | null;
  };
  runKernelFunc(call: {
    inputs: Record<string, tf.Tensor>;
    forwardFunc: (backend: unknown, save: (tensors: tf.Tensor[]) => void) => tf.Tensor[];
    backwardsFunc: (
      dy: tf.Tensor | tf.Tensor[],
      saved: tf.Tensor[],
    ) => Record<string, () => tf.Tensor | undefined>;
  }): tf.Tensor[];
}

/**
 * Gives tfjs's engine, whatever its types say about it.
 *
 * @returns the engine
 */
export function engine(): Engine {
  return tf.engine() as unknown as Engine;
}

/** Releases what a gradient that could not be computed has left on the tape: tfjs keeps it for ever. */
export function dropTape(): void {
  const { state } = engine();
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) tf.dispose([...saved]);
  state.activeTape = null;
}
