// Training: mini-batch gradient descent with a progress bar, a live plot and a history.
export { type FitOptions, fit, type Samples } from "./fit.js";
export type { EpochResult, History } from "./history.js";
