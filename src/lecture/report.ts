import { display, richDisplay } from "../display/index.js";
import { REPORT_TYPE } from "../platform/report-type.js";
import { table } from "../table/index.js";
import { TRAINING_FIGURE, type TrainingTimes } from "./training-times.js";

/** A claim about a number and whether it holds. */
export interface Claim {
  readonly name: string;
  readonly value: number;
  /** The claim in words, for instance `"< 4.03"` */
  readonly rule: string;
  readonly passed: boolean;
}

/** What others report of the same number: of one run, or a range as text. */
export interface References {
  /** In the lecture that ours follows */
  readonly published?: number | string;
  /** Of Keras, measured on the same data */
  readonly keras?: number | string;
}

/** What a report says of its lecture. */
export interface ReportOptions {
  /** Name of the notebook */
  readonly notebook: string;
  readonly data: "real" | "sample";
  readonly size: "quick" | "full";
}

/** Counts stand whole, measures with six digits. */
const round = (value: number): string =>
  String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));

/**
 * Collects the figures of a lecture and the claims that it makes about them, and closes it: the last cell shows a
 * table and fails if a claim does not hold.
 *
 * @example
 * ```ts
 * import { LectureReport } from "rnnlab/lecture";
 * const report = new LectureReport({ notebook: "example", data: "real", size: "full" });
 * report.section("Training").figure("seconds", 12).below("rmse", 3.6, 4.03).equals("parameters", 16, 16);
 * report.references("rmse", { keras: "3.63 – 3.90" });
 * report.close();
 * ```
 */
export class LectureReport {
  readonly #options: ReportOptions;
  readonly #figures = new Map<string, number>();
  readonly #checks: Claim[] = [];
  readonly #references = new Map<string, References>();
  readonly #sections = new Map<string, string[]>();
  #section = "";

  /** @param options - the notebook's name, the data it used, its size */
  constructor(options: ReportOptions) {
    this.#options = options;
  }

  /**
   * Names the part of the lecture that the numbers after it belong to: the page of a run shows them together. A part may
   * be named again.
   *
   * @param title - of the part
   * @returns this report
   */
  section(title: string): this {
    this.#section = title;
    return this;
  }

  /**
   * Records a number without a claim.
   *
   * @param name - of the number, once a report
   * @param value - the number
   * @returns this report
   * @throws {RangeError} when the name is taken or the value is not finite
   */
  figure(name: string, value: number): this {
    if (this.#figures.has(name)) {
      throw new RangeError(`Cannot report "${name}": names must be unique, got it twice`);
    }
    if (!Number.isFinite(value)) {
      throw new RangeError(`Cannot report "${name}": figures must be finite, got ${value}`);
    }
    this.#figures.set(name, value);
    if (this.#section !== "")
      this.#sections.set(this.#section, [...(this.#sections.get(this.#section) ?? []), name]);
    return this;
  }

  /**
   * Claims that a number is less than a bound; records it under its name.
   *
   * @param name - of the number, once a report
   * @param value - the number
   * @param bound - it must not be reached
   * @returns this report
   * @throws {RangeError} when `figure` does
   */
  below(name: string, value: number, bound: number): this {
    return this.#check(name, value, `< ${round(bound)}`, value < bound);
  }

  /**
   * Claims that a number is greater than a bound; records it under its name.
   *
   * @param name - of the number, once a report
   * @param value - the number
   * @param bound - it must be passed
   * @returns this report
   * @throws {RangeError} when `figure` does
   */
  above(name: string, value: number, bound: number): this {
    return this.#check(name, value, `> ${round(bound)}`, value > bound);
  }

  /**
   * Claims that a number is another; records it under its name.
   *
   * @param name - of the number, once a report
   * @param value - the number
   * @param expected - what it must be
   * @param tolerance - greatest difference that passes; 0 unless given
   * @returns this report
   * @throws {RangeError} when `figure` does
   */
  equals(name: string, value: number, expected: number, tolerance = 0): this {
    const rule = `= ${round(expected)}${tolerance === 0 ? "" : ` ± ${round(tolerance)}`}`;
    return this.#check(name, value, rule, Math.abs(value - expected) <= tolerance);
  }

  /**
   * Claims that a number lies between two bounds, which count; records it under its name.
   *
   * @param name - of the number, once a report
   * @param value - the number
   * @param low - least value that passes
   * @param high - greatest value that passes
   * @returns this report
   * @throws {RangeError} when `figure` does
   */
  between(name: string, value: number, low: number, high: number): this {
    return this.#check(name, value, `${round(low)} … ${round(high)}`, value >= low && value <= high);
  }

  /**
   * Sets what others report beside a number.
   *
   * @param name - of a number that is reported
   * @param references - published, or of Keras
   * @returns this report
   * @throws {RangeError} when no such number is reported
   */
  references(name: string, references: References): this {
    if (!this.#figures.has(name)) {
      throw new RangeError(
        `Cannot report references of "${name}": it must be reported before, got no figure`,
      );
    }
    this.#references.set(name, references);
    return this;
  }

  /**
   * Records the seconds of all trainings, with Keras's beside where they are known of all.
   *
   * @param times - of the lecture's trainings
   * @returns this report
   * @throws {RangeError} when it was called before
   */
  training({ seconds, keras }: TrainingTimes): this {
    this.figure(TRAINING_FIGURE, seconds);
    return keras === undefined
      ? this
      : this.references(TRAINING_FIGURE, { keras: Number(keras.toPrecision(3)) });
  }

  /**
   * Shows all figures and claims, and publishes them for other programs.
   *
   * @throws {Error} when a claim does not hold, with all that do not
   * @throws {RangeError} when nothing was reported
   */
  close(): void {
    if (this.#figures.size === 0) {
      throw new RangeError("Cannot close the lecture: it must report at least one figure, got none");
    }
    const figures = Object.fromEntries(this.#figures);
    const rows = [...this.#figures].map(([name, value]) => {
      const check = this.#checks.find((one) => one.name === name);
      return {
        figure: name,
        ...(this.#references.size > 0 ? this.#written(name) : {}),
        value: round(value),
        rule: check?.rule ?? "",
        holds: check === undefined ? "" : check.passed ? "✓" : "✗",
      };
    });
    const { notebook, data, size } = this.#options;
    const caption = `${notebook}: ${data} data, ${size} size`;
    const shown = table(rows, { caption, head: rows.length });
    const references = Object.fromEntries(this.#references);
    const sections = [...this.#sections].map(([title, names]) => ({ title, figures: names }));
    const report = { notebook, data, size, sections, figures, checks: this.#checks, references };
    void display({ ...shown[richDisplay](), [REPORT_TYPE]: report });
    const failed = this.#checks.filter(({ passed }) => !passed);
    if (failed.length > 0) {
      const list = failed.map(({ name, value, rule }) => `${name} must be ${rule}, got ${round(value)}`);
      throw new Error(`Cannot close the lecture: ${list.join("; ")}`);
    }
  }

  #written(name: string): { published: string; Keras: string } {
    const { published = "", keras = "" } = this.#references.get(name) ?? {};
    return { published: String(published), Keras: String(keras) };
  }

  #check(name: string, value: number, rule: string, passed: boolean): this {
    this.figure(name, value);
    this.#checks.push({ name, value, rule, passed });
    return this;
  }
}
