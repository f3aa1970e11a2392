// Keras's layers on the fused ops, saved and loaded as tfjs's.
export type { ActivityRegularizer } from "./activity-penalty.js";
export type { BidirectionalArgs } from "./bidirectional.js";
export type { DenseArgs } from "./dense.js";
export { type Layers, layers } from "./layers.js";
export { type LstmGates, lstmGates } from "./lstm-gates.js";
export { orthogonalMatrix } from "./orthogonal-matrix.js";
export type { ActivationArg, RecurrentArgs } from "./recurrent-args.js";
export type { RNNArgs } from "./rnn.js";
export { seededLayers } from "./seeded-layers.js";
export type { TimeDistributedArgs } from "./time-distributed.js";
