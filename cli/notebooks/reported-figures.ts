import { REPORT_TYPE } from "../../src/platform/report-type.js";
import type { NotebookDocument } from "./notebook-document.js";

/**
 * The figures that an executed notebook reports: a lecture's closing cell, or `report()` of `rnnlab/sweep`.
 *
 * @param document - the notebook with its outputs
 * @returns numbers by their names; of two of one name the later
 */
export function reportedFigures({ cells }: NotebookDocument): Record<string, number> {
  const outputs = cells.flatMap(({ outputs }) => (Array.isArray(outputs) ? outputs : []));
  const figures: Record<string, number> = {};
  for (const output of outputs) {
    const reported: unknown = output?.data?.[REPORT_TYPE]?.figures;
    if (typeof reported !== "object" || reported === null) continue;
    for (const [name, value] of Object.entries(reported))
      if (typeof value === "number")
        Object.defineProperty(figures, name, { value, enumerable: true, configurable: true });
  }
  return figures;
}
