import type { Logs } from "./callback.js";

/** What one epoch of training came to. */
export interface EpochResult {
  /** Counted from 1 */
  readonly epoch: number;
  /** Mean over the samples, dropout at work, as the weights changed along the epoch (as Keras reports it) */
  readonly loss: number;
  /** Loss on the validation data after the epoch */
  readonly valLoss?: number;
  /** The model's metrics by name; those on the validation data begin with `val_` */
  readonly metrics: Readonly<Record<string, number>>;
  /** Time of the epoch, validation included */
  readonly seconds: number;
  /** Mean time of a training step */
  readonly msPerStep: number;
}

/** The results of all epochs, an entry each, in columns. */
export interface History {
  readonly epoch: number[];
  readonly loss: number[];
  /** Present if there were validation data */
  readonly valLoss?: number[];
  readonly metrics: Readonly<Record<string, number[]>>;
  readonly seconds: number[];
  readonly msPerStep: number[];
}

/**
 * Names what an epoch came to as Keras and callbacks do.
 *
 * @param result - of an epoch
 * @returns loss, validation loss and metrics by name
 */
export function logsOf({ loss, valLoss, metrics }: EpochResult): Logs {
  return { loss, ...(valLoss === undefined ? {} : { val_loss: valLoss }), ...metrics };
}

/**
 * Turns the results of epochs into columns.
 *
 * @param results - one result an epoch
 * @returns the columns
 */
export function toHistory(results: readonly EpochResult[]): History {
  const names = Object.keys(results[0]?.metrics ?? {});
  const valLoss = results.flatMap((result) => result.valLoss ?? []);
  return {
    epoch: results.map(({ epoch }) => epoch),
    loss: results.map(({ loss }) => loss),
    ...(valLoss.length > 0 ? { valLoss } : {}),
    metrics: Object.fromEntries(
      names.map((name) => [name, results.map(({ metrics }) => metrics[name] ?? Number.NaN)]),
    ),
    seconds: results.map(({ seconds }) => seconds),
    msPerStep: results.map(({ msPerStep }) => msPerStep),
  };
}
