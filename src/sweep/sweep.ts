import { richDisplay } from "../display/index.js";
import type { Figure } from "../plot/index.js";
import { type RichTable, type TableOptions, table } from "../table/index.js";
import { drawSweep } from "./sweep-figure.js";
import type { FailedRun, FinishedRun, SweepRun } from "./sweep-run.js";

/** Values of parameters by their names. */
export type Parameters = Record<string, unknown>;
/** Numbers by their names. */
export type Figures = Record<string, number>;

/** Which runs are good. */
export interface SweepChoice<F> {
  /** The figure that counts; that of `--metric`, or the first that was reported, unless given. */
  readonly metric?: (keyof F & string) | undefined;
  /** Whether small or large is good; "minimize" unless given. */
  readonly direction?: "minimize" | "maximize";
}

/**
 * The runs of a sweep. A notebook shows it as a table.
 *
 * @example
 * ```ts
 * import { Sweep } from "rnnlab/sweep";
 * const run = (seed: number, loss: number) =>
 *   ({ id: `${seed}`, parameters: { seed }, seconds: 1, attempts: 1, status: "ok", figures: { loss } }) as const;
 * const sweep = new Sweep([run(0, 0.3), run(1, 0.2)]);
 * console.log(sweep.best().parameters.seed, sweep.metric); // 1 loss
 * ```
 */
export class Sweep<P extends object = Parameters, F extends object = Figures> {
  /** All runs that have ended, in the order of the plan. */
  readonly runs: readonly SweepRun<P, F>[];
  /** How many runs there are to be. */
  readonly total: number;
  readonly #metric: string | undefined;

  /**
   * @param runs - that have ended
   * @param options - how many there are to be, and which figure counts
   */
  constructor(
    runs: readonly SweepRun<P, F>[],
    { total = runs.length, metric }: { readonly total?: number; readonly metric?: string | undefined } = {},
  ) {
    this.runs = runs;
    this.total = total;
    this.#metric = metric;
  }

  /** The runs that came to their end. */
  get finished(): readonly FinishedRun<P, F>[] {
    return this.runs.flatMap((run) => (run.status === "ok" ? [run] : []));
  }

  /** The runs that failed. */
  get failed(): readonly FailedRun<P, F>[] {
    return this.runs.flatMap((run) => (run.status === "failed" ? [run] : []));
  }

  /** The figure that counts; undefined if none was named and none reported. */
  get metric(): string | undefined {
    return this.#metric ?? this.#figureNames(this.finished)[0];
  }

  /**
   * The best run.
   *
   * @param choice - of the figure and its direction
   * @returns the run; of several that are as good, the first
   * @throws {RangeError} when no finished run has the figure
   */
  best({ metric, direction = "minimize" }: SweepChoice<F> = {}): FinishedRun<P, F> {
    const name = this.#chosen("choose a run", metric);
    const sign = direction === "minimize" ? 1 : -1;
    const value = (run: FinishedRun<P, F>): number => sign * (numberOf(run.figures, name) ?? Number.NaN);
    const runs = this.finished.filter((run) => !Number.isNaN(value(run)));
    return runs.reduce((best, run) => (value(run) < value(best) ? run : best));
  }

  /**
   * The runs as rows with the same columns: parameters, figures, and then seconds, status and error.
   */
  get rows(): Record<string, unknown>[] {
    const parameters = namesOf(this.runs.map((run) => run.parameters));
    const figures = this.#figureNames(this.runs);
    return this.runs.map((run) => {
      const row: Record<string, unknown> = {};
      for (const name of parameters) row[name] = Reflect.get(run.parameters, name);
      // A notebook may have a parameter and a figure of one name.
      const add = (name: string, value: unknown, kind: string): void => {
        row[Object.hasOwn(row, name) ? `${name} (${kind})` : name] = value;
      };
      for (const name of figures) add(name, numberOf(run.figures, name), "figure");
      add("seconds", run.seconds, "run");
      add("status", run.status, "run");
      add("error", run.status === "failed" ? run.error : "", "run");
      return row;
    });
  }

  /**
   * The runs as a table.
   *
   * @param options - how many rows and columns, caption, formats
   * @returns the table
   */
  table(options: TableOptions = {}): RichTable {
    const { runs, total, failed } = this;
    const ended = runs.length < total ? `${runs.length} of ${total} runs` : `${total} runs`;
    const caption = `${ended}${failed.length > 0 ? `, ${failed.length} failed` : ""}`;
    // Where all went well, status and error say nothing.
    const left = failed.length > 0 ? 0 : 2;
    const rows = this.rows.map((row) => {
      const cells = Object.entries(row).map(([name, value]) => [name, shown(value)] as const);
      return Object.fromEntries(cells.slice(0, cells.length - left));
    });
    return table(rows, { caption, ...options });
  }

  /**
   * The figure that counts over each parameter that varies, a panel a parameter. A line goes through the means where a
   * value was run several times.
   *
   * @param choice - of the figure
   * @returns a plotly figure, for `show()`
   * @throws {RangeError} when no finished run has the figure
   */
  figure({ metric }: Pick<SweepChoice<F>, "metric"> = {}): Figure {
    const name = this.#chosen("draw the sweep", metric);
    const points = this.finished.flatMap(({ parameters, figures }) => {
      const value = numberOf(figures, name);
      return value === undefined ? [] : [{ parameters, value }];
    });
    return drawSweep(points, name);
  }

  /** Shown as a table. */
  [richDisplay]() {
    return this.table()[richDisplay]();
  }

  #chosen(action: string, metric: string | undefined): string {
    const name = metric ?? this.metric;
    const known = this.#figureNames(this.finished);
    if (name !== undefined && known.includes(name)) return name;
    const got = known.length === 0 ? "no figures" : known.join(", ");
    throw new RangeError(`Cannot ${action}: a finished run must report ${name ?? "a figure"}, got ${got}`);
  }

  #figureNames(runs: readonly SweepRun<P, F>[]): string[] {
    return namesOf(runs.map(({ figures }) => figures));
  }
}

function namesOf(objects: readonly object[]): string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}

function numberOf(figures: object, name: string): number | undefined {
  const value: unknown = Object.hasOwn(figures, name) ? Reflect.get(figures, name) : undefined;
  return typeof value === "number" ? value : undefined;
}

/** Arrays and objects stand in one cell. */
const shown = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : value;
