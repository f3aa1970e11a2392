/** What is known of every run. */
interface Run<P> {
  /** The name of its file in the sweep's folder. */
  readonly id: string;
  readonly parameters: P;
  readonly seconds: number;
  /** How often it was begun: more than once where a worker has died. */
  readonly attempts: number;
}

/** A run that came to its end. */
export interface FinishedRun<P, F> extends Run<P> {
  readonly status: "ok";
  /** What it has reported. */
  readonly figures: F;
}

/** A run that failed, with what it had reported until then. */
export interface FailedRun<P, F> extends Run<P> {
  readonly status: "failed";
  readonly figures: Partial<F>;
  /** Why it failed, in one line. */
  readonly error: string;
}

/** A run of a sweep with its parameters and figures. */
export type SweepRun<P = Record<string, unknown>, F = Record<string, number>> =
  | FinishedRun<P, F>
  | FailedRun<P, F>;
