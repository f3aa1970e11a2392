import { display, richDisplay } from "../display/index.js";
import { REPORT_TYPE } from "../platform/report-type.js";
import { table } from "../table/index.js";

/**
 * Reports figures of this run: shows them as a table, and leaves them to `rnnlab run --json` and `rnnlab sweep`. A second
 * call adds to the first one; of two figures of one name the later counts.
 *
 * @param figures - numbers by their names
 * @throws {RangeError} when there is none, or one is not finite
 * @example
 * ```ts
 * import { report } from "rnnlab/sweep";
 * report({ loss: 0.012, epochs: 20 });
 * ```
 */
export function report(figures: Readonly<Record<string, number>>): void {
  const entries = Object.entries(figures);
  if (entries.length === 0)
    throw new RangeError("Cannot report: there must be at least one figure, got none");
  for (const [name, value] of entries) {
    if (!Number.isFinite(value))
      throw new RangeError(`Cannot report "${name}": figures must be finite, got ${value}`);
  }
  const shown = table(
    entries.map(([figure, value]) => ({ figure, value })),
    { head: entries.length },
  );
  void display({ ...shown[richDisplay](), [REPORT_TYPE]: { figures } });
}
