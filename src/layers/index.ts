// Keras's layers on the fused ops, saved and loaded as tfjs's.
export type { DenseArgs } from "./dense.js";
export { type Layers, layers } from "./layers.js";
export { type LstmGates, lstmGates } from "./lstm-gates.js";
export { orthogonalMatrix } from "./orthogonal-matrix.js";
export type { ActivationArg, RecurrentArgs } from "./recurrent-args.js";
export { seededLayers } from "./seeded-layers.js";
