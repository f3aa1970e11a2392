// Optimisers: each step is one fused op over all variables where the native ops are built.
export { AdamOptimizer, type AdamOptions, adam } from "./adam.js";
export { FusedOptimizer, type OptimizerConfig } from "./fused-optimizer.js";
export type { Numerics, OptimizerOptions } from "./options.js";
export { RmsPropOptimizer, type RmsPropOptions, rmsprop } from "./rmsprop.js";
export { SgdOptimizer, type SgdOptions, sgd } from "./sgd.js";
