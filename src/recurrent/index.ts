// The lectures' own classes, by hand on typed arrays and readable as the maths: what the fast layers compute.
export { autodiffGradients, type TensorLoss } from "./autodiff-gradients.js";
export {
  classicalState,
  DoubleExpSmooth,
  type DoubleExpSmoothOptions,
  type SmoothingState,
  smoothingWeights,
} from "./double-exp-smooth.js";
export { type DoubleSumOptions, doubleSumGradients } from "./double-sum-gradients.js";
export { backpropagatedGradients, type Gradients, numericGradients, relativeErrors } from "./gradients.js";
export {
  type LearnedSmoothing,
  type LearnSmoothingOptions,
  learnSmoothing,
  smoothingError,
  smoothingTensors,
} from "./learn-smoothing.js";
export { LinearLayer, type WeightOptions } from "./linear-layer.js";
export { CrossEntropyLoss, type Loss, MSELoss } from "./loss.js";
export { Matrix, type MatrixLike } from "./matrix.js";
export { Parameter } from "./parameter.js";
export { type ForwardPass, RecurrentNetwork, type RecurrentNetworkOptions } from "./recurrent-network.js";
export { identity, Rnn, type RnnOptions } from "./rnn.js";
export { type Optimizer, Sgd, type SgdStepOptions } from "./sgd.js";
export { softmax } from "./softmax.js";
export { type RnnTensors, type RunRnnOptions, rnnVariables, runRnn } from "./tensor-rnn.js";
export { type TrainReporting, train } from "./train.js";
