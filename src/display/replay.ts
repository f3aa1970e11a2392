import { briefly, requireInteger } from "../arguments.js";
import { findHost } from "./host.js";

/** What {@link replay} shows again. */
export interface ReplayOptions {
  /** The number `n` in the cell's `In[n]`; the latest other cell that has put out something, unless given */
  readonly cell?: number;
  /** Only what came or changed since then: a date, or milliseconds as `Date.now()` counts them */
  readonly since?: Date | number;
}

/**
 * Shows again, below the running cell, what another cell has put out: text, displays, figures, progress bars as they
 * were last, and errors. It is for output that came while no page was open. The kernel keeps the newest 32 MiB of all
 * cells, or as many as `RNNLAB_REPLAY` says. In a terminal and in tslab it changes nothing.
 *
 * A cell that is nothing but `%replay`, or `%replay 3`, does the same, also while another cell runs.
 *
 * @param options - which cell, and since when
 * @throws {RangeError} when `cell` is no positive integer, or `since` no moment
 * @example
 * ```ts
 * import { replay } from "rnnlab/display";
 * replay({ since: Date.now() - 60_000 });
 * ```
 */
export function replay(options: ReplayOptions = {}): void {
  const { cell, since } = options;
  if (cell !== undefined) requireInteger("replay", "options.cell", cell, 1);
  const moment = since === undefined ? undefined : Number(since);
  if (moment !== undefined && !Number.isFinite(moment)) {
    throw new RangeError(`Cannot replay: options.since must be a date or a number, got ${briefly(since)}`);
  }
  findHost().host.replay?.(cell, moment);
}
