import { briefly } from "../arguments.js";
import { type RichText, richDisplay } from "../display/index.js";
import { tableBundle } from "../table/index.js";

/** Class labels `[n]`: numbers or strings, such as a tensor's `dataSync()`. */
export type ClassLabels =
  | readonly (number | string)[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array;

/** Which classes a confusion matrix has. */
export interface ConfusionMatrixOptions {
  /** The classes in the order of rows and columns; all that occur, sorted, unless given. */
  readonly labels?: ClassLabels;
}

/** Counts `[classes][classes]`, a row for each true class; as the last value of a cell they are a table with its labels. */
export type ConfusionMatrix = number[][] &
  RichText & {
    /** The class of each row and column */
    readonly labels: readonly (number | string)[];
  };

/**
 * The share of predictions that are right.
 *
 * @param actual - the true labels `[n]`
 * @param predicted - the predicted labels `[n]`: classes, not probabilities
 * @returns a number from 0 to 1
 * @throws {RangeError} when the lengths differ or are 0, or a label is neither a string nor a finite number
 * @throws {TypeError} when either is no array
 * @example
 * ```ts
 * import { accuracyScore } from "rnnlab/preprocessing";
 * console.log(accuracyScore([1, 0, 1, 1], [1, 0, 0, 1])); // 0.75
 * ```
 */
export function accuracyScore(actual: ClassLabels, predicted: ClassLabels): number {
  requirePairs("compute accuracy", actual, predicted);
  let right = 0;
  for (let i = 0; i < actual.length; i++) if (actual[i] === predicted[i]) right += 1;
  return right / actual.length;
}

/**
 * Counts each true class (row) against each predicted class (column).
 *
 * @param actual - the true labels `[n]`
 * @param predicted - the predicted labels `[n]`: classes, not probabilities
 * @param options - the classes
 * @returns counts `[classes][classes]` with the labels of the classes
 * @throws {RangeError} when `accuracyScore` does, or if a label is not among those given
 * @throws {TypeError} when `accuracyScore` does
 * @example
 * ```ts
 * import { confusionMatrix } from "rnnlab/preprocessing";
 * console.log(confusionMatrix([1, 0, 1, 1], [1, 0, 0, 1]).join(" | ")); // 1,0 | 1,2
 * ```
 */
export function confusionMatrix(
  actual: ClassLabels,
  predicted: ClassLabels,
  options: ConfusionMatrixOptions = {},
): ConfusionMatrix {
  const action = "count confusions";
  requirePairs(action, actual, predicted);
  const labels = Array.from<number | string>(
    options.labels ?? [...new Set<number | string>([...actual, ...predicted])].sort(ascending),
  );
  const places = new Map(labels.map((label, place) => [label, place]));
  const placeOf = (label: number | string | undefined): number => {
    const place = label === undefined ? undefined : places.get(label);
    if (place !== undefined) return place;
    throw new RangeError(`Cannot ${action}: every label must be one of those given, got ${briefly(label)}`);
  };
  const counts = labels.map(() => new Array<number>(labels.length).fill(0));
  for (let i = 0; i < actual.length; i++) {
    const [row, column] = [counts[placeOf(actual[i])] ?? [], placeOf(predicted[i])];
    row[column] = (row[column] ?? 0) + 1;
  }
  // What an array has besides its elements is not counted among them, nor compared.
  return Object.defineProperties(counts, {
    labels: { value: labels },
    [richDisplay]: { value: () => matrixTable(counts, labels) },
  }) as ConfusionMatrix;
}

function matrixTable(counts: readonly (readonly number[])[], labels: readonly (number | string)[]) {
  const columns = labels.map((label, j) => [`predicted ${label}`, counts.map((row) => row[j] ?? 0)] as const);
  return tableBundle({ true: labels.map(String), ...Object.fromEntries(columns) });
}

function ascending(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function requirePairs(action: string, actual: ClassLabels, predicted: ClassLabels): void {
  for (const [name, labels] of Object.entries({ actual, predicted })) {
    if (!Array.isArray(labels) && !ArrayBuffer.isView(labels)) {
      throw new TypeError(`Cannot ${action}: ${name} must be an array of labels, got ${briefly(labels)}`);
    }
    labels.forEach((label: unknown, i: number) => {
      if (typeof label === "string" || (typeof label === "number" && Number.isFinite(label))) return;
      throw new RangeError(
        `Cannot ${action}: ${name} labels must be strings or finite numbers, got ${briefly(label)} at index ${i}`,
      );
    });
  }
  if (actual.length !== predicted.length || actual.length === 0) {
    throw new RangeError(
      `Cannot ${action}: actual and predicted must have one length above 0, got ${actual.length} and ${predicted.length}`,
    );
  }
}
