import type { Logs } from "./callback.js";

/** What a callback watches. */
export interface MonitorOptions {
  /** A name of the logs; "val_loss" unless given */
  readonly monitor?: string;
  /** Whether less is better or more; "auto" takes more for accuracies and AUC, less for the rest, and is the default */
  readonly mode?: "auto" | "min" | "max";
  /** A smaller change is no improvement, not negative; 0 unless given */
  readonly minDelta?: number;
}

/** Reads a number of the logs and compares it. */
export class Monitor {
  readonly #name: string;
  readonly #sign: 1 | -1;
  readonly #minDelta: number;
  readonly #purpose: string;

  /**
   * @param purpose - "stop early", for errors
   * @param options - what is watched
   * @param minDelta - where the options have none
   */
  constructor(
    purpose: string,
    { monitor = "val_loss", mode = "auto", ...rest }: MonitorOptions,
    minDelta = 0,
  ) {
    this.#purpose = purpose;
    this.#name = monitor;
    this.#minDelta = rest.minDelta ?? minDelta;
    if (!(this.#minDelta >= 0)) {
      throw new RangeError(`Cannot ${purpose}: minDelta must be a number from 0, got ${rest.minDelta}`);
    }
    if (!["auto", "min", "max"].includes(mode)) {
      throw new RangeError(`Cannot ${purpose}: mode must be "auto", "min" or "max", got ${mode}`);
    }
    this.#sign = mode === "max" || (mode === "auto" && /acc|auc/i.test(monitor)) ? 1 : -1;
  }

  /**
   * @param logs - of an epoch
   * @returns the watched number
   * @throws {Error} when the logs do not have it
   */
  read(logs: Logs): number {
    const value = logs[this.#name];
    if (value !== undefined) return value;
    const hint = this.#name.startsWith("val_") ? "; give validationData to fit()" : "";
    throw new Error(
      `Cannot ${this.#purpose}: the logs must have ${this.#name}, got ${Object.keys(logs).join(", ")}${hint}`,
    );
  }

  /**
   * @param value - a new number
   * @param reference - the one to beat; any number beats none
   * @returns whether it is better by more than `minDelta`
   */
  improves(value: number, reference: number | undefined): boolean {
    return reference === undefined || this.#sign * (value - reference) > this.#minDelta;
  }
}
