import type * as tf from "../tensorflow.js";

/** The recurrent cells that can be run through time in one op. */
export type CellName = "simpleRnn" | "lstm" | "gru" | "gruResetBefore";

/**
 * An activation: `hardSigmoid` is clip(x / 5 + 1/2, 0, 1), as tfjs and Keras 2 define it, `hardSigmoid6` is
 * clip(x / 6 + 1/2, 0, 1), as Keras 3 defines it.
 */
export type RecurrentActivation = "linear" | "relu" | "tanh" | "sigmoid" | "hardSigmoid" | "hardSigmoid6";

/** Any elementwise function of a tensor, differentiable by tfjs: computed by TensorFlow's own ops. */
export type ActivationFunction = (x: tf.Tensor) => tf.Tensor;

/**
 * What dropout multiplies with, the same at every step: one `[batch, features]` or `[batch, units]` for each gate,
 * zeros and 1 / (1 − rate). Computed by TensorFlow's own ops.
 */
export interface DropoutMasks {
  /** For the input as each gate sees it; nothing is dropped from it if missing. */
  readonly input?: readonly tf.Tensor2D[] | undefined;
  /** For the state as each gate sees it. */
  readonly state: readonly tf.Tensor2D[];
}

/** What a recurrent op computes with; all float32 unless said otherwise. */
export interface RecurrentTensors {
  /** The input, `[batch, time, features]`. */
  readonly x: tf.Tensor3D;
  /** Weights of the input, `[features, gates × units]`: 1 gate for SimpleRNN, i f c o for LSTM, z r h for GRU. */
  readonly kernel: tf.Tensor2D;
  /** Weights of the state, `[units, gates × units]`. */
  readonly recurrentKernel: tf.Tensor2D;
  /** `[gates × units]`, or `[2, 3 × units]` for a GRU with `resetAfter`: of the input and of the state; none if missing. */
  readonly bias?: tf.Tensor | undefined;
  /** The state before the first step, `[batch, units]` each: h, or h and c for LSTM; zeros if missing. */
  readonly initialState?: readonly tf.Tensor2D[] | undefined;
  /** Which steps count, bool `[batch, time]`: the others repeat output and state of the step before; all if missing. */
  readonly mask?: tf.Tensor2D | undefined;
  /** What each gate drops of input and state; nothing if missing. */
  readonly dropoutMasks?: DropoutMasks | undefined;
}

/** How a recurrent op computes. */
export interface RecurrentOptions {
  /** Of the candidate: h, or c; "tanh" if missing. */
  readonly activation?: RecurrentActivation | ActivationFunction;
  /** Of the gates; "sigmoid" if missing. */
  readonly recurrentActivation?: RecurrentActivation | ActivationFunction;
  /** Whether time runs from the last step to the first; the output sequence begins with the last step then. */
  readonly goBackwards?: boolean;
  /** Whether `outputs` has every step, `[batch, time, units]`, or the last one, `[batch, units]`. */
  readonly returnSequences?: boolean;
  /** Whether the final states are wanted. */
  readonly returnState?: boolean;
  /** "native": the fused ops; "tensorflow": TensorFlow's own; if missing the fused ones where they are built and can. */
  readonly implementation?: "native" | "tensorflow";
  /** Threads that a fused op uses; as many as pay if missing. */
  readonly threads?: number;
  /** One of `nativeOps().instructionSets`; the best one of the machine if missing. */
  readonly instructions?: string;
}

/** What a recurrent op gives; the caller disposes of it. */
export interface RecurrentResult {
  readonly outputs: tf.Tensor;
  /** With `returnState` the final states, `[batch, units]` each: h, or h and c for LSTM; else empty. */
  readonly states: tf.Tensor2D[];
}

/** A call whose tensors fit together, with every choice made. */
export interface RecurrentCall extends RecurrentTensors {
  readonly cell: CellName;
  readonly units: number;
  readonly options: RecurrentOptions &
    Required<
      Pick<
        RecurrentOptions,
        "activation" | "recurrentActivation" | "goBackwards" | "returnSequences" | "returnState"
      >
    >;
}

/** A call that the fused ops can run. */
export type FusableCall = RecurrentCall & {
  readonly options: {
    readonly activation: RecurrentActivation;
    readonly recurrentActivation: RecurrentActivation;
  };
};

/** What is known of a cell. */
export interface CellTraits {
  readonly gates: number;
  /** How many gates see the state as it is. The others, which come last, see what those have made of it. */
  readonly gatesOfState: number;
  readonly states: number;
  /** Whether the fused ops know it: the others run on TensorFlow's own. */
  readonly isFused: boolean;
}

/** The cells. */
export const cellTraits: Readonly<Record<CellName, CellTraits>> = {
  simpleRnn: { gates: 1, gatesOfState: 1, states: 1, isFused: true },
  lstm: { gates: 4, gatesOfState: 4, states: 2, isFused: true },
  gru: { gates: 3, gatesOfState: 3, states: 1, isFused: true },
  gruResetBefore: { gates: 3, gatesOfState: 2, states: 1, isFused: true },
};
