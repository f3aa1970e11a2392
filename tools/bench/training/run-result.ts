/** What a worker answers after each run. */
export interface RunResult {
  readonly msPerStep: number;
  /** The mean over the run's batches, before each step. */
  readonly loss: number;
  /** Tensors that are there after the run; only tfjs counts them. */
  readonly tensors?: number;
  readonly residentMiB: number;
  /** The most that was resident since the process began. */
  readonly peakMiB: number;
}

/** Begins the line with an answer: whatever else a framework prints is not one. */
export const RESULT_MARK = "bench result: ";
