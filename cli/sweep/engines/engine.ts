/** A command that does one run. */
export interface Job {
  /** The run's id. */
  readonly id: string;
  /** What Node is called with; the path of the executed notebook is added to it. */
  readonly command: readonly string[];
  /** Where the executed notebook is to be kept, if it is. */
  readonly output: string | undefined;
}

/** How a job came to an end: by itself, because its worker died, or because the sweep was stopped. */
export type JobEnd =
  | { readonly kind: "ended"; readonly status: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "died"; readonly reason: string }
  | { readonly kind: "stopped" };

/** What does jobs somewhere. */
export interface Engine {
  /** How many jobs it does at a time; this may change. */
  readonly capacity: number;
  /** Where it does them, for people. */
  readonly name: string;
  /**
   * Does a job.
   *
   * @returns how it ended
   * @throws {Error} when the engine itself can do no more
   */
  run(job: Job): Promise<JobEnd>;
  /** Ends the jobs that are running, which then are "stopped". */
  close(): Promise<void>;
}

/** How much of what a job prints is kept: the end of it tells why it failed. */
export const KEPT_ERRORS = 4000;
