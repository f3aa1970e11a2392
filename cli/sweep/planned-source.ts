import type { SweepRun } from "../../src/sweep/sweep-run.js";
import type { PlannedRun, RunSource } from "./run-all.js";

/** Runs that are all known from the start. */
export class PlannedSource implements RunSource {
  readonly total: number;
  readonly #waiting: PlannedRun[];

  /**
   * @param runs - all
   * @param done - the ids of those that have ended already
   */
  constructor(runs: readonly PlannedRun[], done: { has(id: string): boolean }) {
    this.total = runs.length;
    this.#waiting = runs.filter(({ id }) => !done.has(id)).reverse();
  }

  async next(): Promise<PlannedRun | undefined> {
    return this.#waiting.pop();
  }

  async ended(_run: SweepRun): Promise<void> {}

  async close(): Promise<void> {}
}
