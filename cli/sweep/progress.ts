import type { SweepRun } from "../../src/sweep/sweep-run.js";

/** Tells how a sweep goes on, a line a run. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  readonly #metric: string | undefined;
  readonly #total: number;
  #ended: number;
  #told = false;

  /**
   * @param out - where lines go
   * @param total - how many runs there are to be
   * @param ended - how many have ended before
   * @param metric - the figure that counts
   */
  constructor(out: NodeJS.WriteStream, total: number, ended: number, metric: string | undefined) {
    this.#out = out;
    this.#total = total;
    this.#ended = ended;
    this.#metric = metric;
    // Who reads may go away: the sweep goes on, for its files.
    out.on("error", () => {});
  }

  line(text: string): void {
    if (this.#out.writable) this.#out.write(`${text}\n`);
  }

  ended(run: SweepRun): void {
    this.#ended++;
    const { parameters, seconds } = run;
    const what = run.status === "failed" ? `failed: ${run.error}` : figuresOf(run.figures, this.#metric);
    this.line(
      `[${this.#ended} of ${this.#total}] ${assignments(parameters)}: ${what} (${seconds.toFixed(1)} s)`,
    );
    if (run.status === "failed" || this.#metric === undefined || this.#metric in run.figures) return;
    if (this.#told) return;
    this.#told = true;
    // Who has misspelt it need not wait for the last run.
    const known = Object.keys(run.figures).join(", ") || "nothing";
    process.stderr.write(`rnnlab: a run reports no ${this.#metric} (--metric), but ${known}\n`);
  }
}

/** Parameters as a command has them. */
export function assignments(parameters: object): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

function figuresOf(figures: Readonly<Record<string, number>>, metric: string | undefined): string {
  const names = metric !== undefined && metric in figures ? [metric] : Object.keys(figures).slice(0, 3);
  return names.map((name) => `${name} ${Number(figures[name]?.toPrecision(6))}`).join(", ") || "no figures";
}
