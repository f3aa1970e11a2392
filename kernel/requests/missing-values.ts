import type { CompileResult } from "../shared/compiler-messages.js";
import type { ErrorReport } from "../shared/session-messages.js";

/**
 * The names that cells have declared which did not run because of their types. Later cells know these types, so only V8
 * notices that the values are not there: the error then says why.
 */
export class MissingValues {
  /** What the cell is called that would have declared a name. */
  readonly #cells = new Map<string, string>();

  /**
   * Takes note of a cell that was checked.
   *
   * @param label - what it is called
   */
  note({ ok, declared = new Map() }: CompileResult, label: string): void {
    for (const [name, { value }] of declared) {
      if (value === undefined) continue;
      if (ok) this.#cells.delete(name);
      else this.#cells.set(name, label);
    }
  }

  forget(): void {
    this.#cells.clear();
  }

  /** An error with the reason, where it is about such a name. */
  explain<Report extends ErrorReport>(report: Report): Report {
    const name = /^(\S+) is not defined$/.exec(report.evalue)?.[1] ?? "";
    const cell = this.#cells.get(name);
    if (report.ename !== "ReferenceError" || cell === undefined) return report;
    const evalue = `${report.evalue}: ${cell}, which declares it, did not run`;
    const title = `${report.ename}: ${report.evalue}`;
    const traceback = report.traceback.map((line) => (line === title ? `${report.ename}: ${evalue}` : line));
    return { ...report, evalue, traceback };
  }
}
