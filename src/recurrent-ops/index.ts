// Recurrent layers as functions of tensors, each one fused TensorFlow op where the native ops are built.
export type {
  ActivationFunction,
  DropoutMasks,
  RecurrentActivation,
  RecurrentOptions,
  RecurrentResult,
  RecurrentTensors,
} from "./call.js";
export { type NativeOps, nativeOps } from "./native-ops.js";
export { gru, lstm, simpleRnn } from "./recurrent.js";
