// tfjs layers with Keras's defaults and seeded weights.
export { orthogonalMatrix } from "./orthogonal-matrix.js";
export { type SeededLayers, seededLayers } from "./seeded-layers.js";
