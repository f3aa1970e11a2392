// Many runs of one notebook with other parameters: what a run reports, and what `rnnlab sweep` has found.
export { readSweep } from "./read-sweep.js";
export { report } from "./report.js";
export { type Figures, type Parameters, Sweep, type SweepChoice } from "./sweep.js";
export type { FailedRun, FinishedRun, SweepRun } from "./sweep-run.js";
