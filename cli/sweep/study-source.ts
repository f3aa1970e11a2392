import { resolve } from "node:path";
import type { SweepRun } from "../../src/sweep/sweep-run.js";
import type { StudyArguments } from "./arguments.js";
import { type Line, PythonLines } from "./engines/python-lines.js";
import type { Texts } from "./plan-runs.js";
import type { PlannedRun, RunSource } from "./run-all.js";
import type { Variation } from "./variation.js";

/** What a study is asked for. */
export interface StudyOptions extends StudyArguments {
  readonly python: string;
  readonly variations: readonly Variation[];
  readonly seed: number;
  readonly count: number;
  readonly metric: string;
  /** The runs that have ended. */
  readonly done: ReadonlyMap<string, SweepRun>;
  /** What `-p` takes, as the notebook gets it. */
  readonly typed: (name: string, text: string) => unknown;
}

const trialId = (trial: number): string => `trial-${String(trial).padStart(6, "0")}`;

/** Runs whose parameters Optuna chooses, by the figures of those before. The study is in a file, and goes on from there. */
export class StudySource implements RunSource {
  readonly total: number;
  readonly #options: StudyOptions;
  readonly #study: PythonLines;
  readonly #waiting: { resolve(line: Line): void; reject(error: Error): void }[] = [];
  #failure: Error | undefined;
  #closed = false;

  private constructor(options: StudyOptions) {
    this.#options = options;
    this.total = options.count;
    const { python, file, sampler, direction, seed, metric, variations } = options;
    const space = variations.map((variation) => ({
      ...variation,
      // What is neither drawn nor chosen needs no sampler.
      fixed: variation.kind === "list" && variation.choices.length === 1,
    }));
    const study = { file: resolve(file), sampler, direction, seed, metric, space };
    this.#study = new PythonLines(python, ["optuna_study.py", JSON.stringify(study)], {
      line: (line) => this.#receive(line),
      lost: (reason) => this.#fail(reason),
    });
  }

  /**
   * Opens a study, or makes it, and tells it of the runs that it does not know to have ended.
   *
   * @throws {Error} when Optuna is not installed, or the file is of another study
   */
  static async open(options: StudyOptions): Promise<StudySource> {
    const source = new StudySource(options);
    try {
      await source.#answer();
      for (const run of options.done.values()) await source.ended(run);
      return source;
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** A trial that was asked for and has not ended comes again before there is a new one. */
  async next(): Promise<PlannedRun | undefined> {
    const { trial, parameters } = await this.#ask({ ask: this.total });
    if (typeof trial !== "number") return undefined;
    const texts = parameters as Texts;
    const values = Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, this.#options.typed(name, text)]),
    );
    return { id: trialId(trial), texts, values };
  }

  async ended(run: SweepRun): Promise<void> {
    const value = run.status === "ok" ? run.figures[this.#options.metric] : undefined;
    await this.#ask({ tell: Number(run.id.replace("trial-", "")), value: value ?? null });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#study.close();
  }

  #ask(line: Line): Promise<Line> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#study.send(line);
    return this.#answer();
  }

  /** Answers come in the order of the questions. */
  #answer(): Promise<Line> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #receive(line: Line): void {
    if (typeof line.failed === "string") this.#fail(line.failed);
    else this.#waiting.shift()?.resolve(line);
  }

  #fail(reason: string): void {
    if (this.#closed || this.#failure !== undefined) return;
    this.#failure = new Error(`Cannot use the study ${this.#options.file}: ${reason}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
