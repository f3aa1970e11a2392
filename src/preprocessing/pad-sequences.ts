import { requireInteger, requireOneOf } from "../arguments.js";
import { countFeatures, hasRows, type NumericRows, type NumericSeries, type ShapedValues } from "./arrays.js";

/** One sequence: numbers `[time]`, or steps of features `[time, features]`. */
export type Sequence = NumericSeries | NumericRows;

/** Where a sequence is filled up or cut: before its first step or after its last. */
export type PaddingSide = "pre" | "post";

/** How sequences are brought to one length; every default is Keras's. */
export interface PadSequencesOptions<Type extends "int32" | "float32" = "int32" | "float32"> {
  /** Steps of each row of the result; those of the longest sequence unless given. */
  readonly maxLength?: number;
  /** Where shorter sequences are filled up; `"pre"` unless given. */
  readonly padding?: PaddingSide;
  /** Where longer sequences are cut; `"pre"` unless given. */
  readonly truncating?: PaddingSide;
  /** What fills up; 0 unless given. */
  readonly value?: number;
  /** `"int32"` (the default) for indices, `"float32"` for measurements. */
  readonly dtype?: Type;
}

/**
 * Pads and cuts sequences to one length, as Keras's `pad_sequences` does.
 *
 * @param sequences - n sequences of different lengths, `[time]` or `[time, features]`
 * @param options - length, sides, value, dtype
 * @returns int32 or float32 `[n, length]` or `[n, length, features]`; nothing to dispose of
 * @throws {RangeError} when there are no sequences, features differ, a number is not finite or no int32, or an option
 * is out of range
 * @throws {TypeError} when a sequence is no array of numbers, or of rows of numbers
 * @example
 * ```ts
 * import { padSequences } from "rnnlab/preprocessing";
 * const { values, shape } = padSequences([[1], [2, 3, 4]], { padding: "post" });
 * console.log(shape.join("×"), [...values].join(" ")); // 2×3 1 0 0 2 3 4
 * ```
 */
export function padSequences(
  sequences: readonly Sequence[],
  options?: PadSequencesOptions<"int32">,
): ShapedValues<Int32Array>;
export function padSequences(
  sequences: readonly Sequence[],
  options: PadSequencesOptions<"float32">,
): ShapedValues<Float32Array>;
export function padSequences(sequences: readonly Sequence[], options?: PadSequencesOptions): ShapedValues;
export function padSequences(
  sequences: readonly Sequence[],
  options: PadSequencesOptions = {},
): ShapedValues {
  const { padding = "pre", truncating = "pre", value = 0, dtype = "int32" } = options;
  requireOneOf(ACTION, "padding", padding, ["pre", "post"]);
  requireOneOf(ACTION, "truncating", truncating, ["pre", "post"]);
  requireOneOf(ACTION, "dtype", dtype, ["int32", "float32"]);
  const features = featuresOf(sequences);
  const length = options.maxLength ?? sequences.reduce((longest, { length }) => Math.max(longest, length), 0);
  requireInteger(ACTION, "maxLength", length, 1);
  const width = features ?? 1;
  const size = sequences.length * length * width;
  const values = dtype === "int32" ? new Int32Array(size) : new Float32Array(size);
  requireStorable("value", value, dtype);
  values.fill(value);
  sequences.forEach((sequence, row) => {
    const steps = Math.min(sequence.length, length);
    const from = truncating === "pre" ? sequence.length - steps : 0;
    const to = (row * length + (padding === "pre" ? length - steps : 0)) * width;
    for (let i = 0; i < steps * width; i++) {
      const step = sequence[from + Math.floor(i / width)];
      const number = typeof step === "number" ? step : (step?.[i % width] ?? Number.NaN);
      requireStorable(`sequence ${row}`, number, dtype);
      values[to + i] = number;
    }
  });
  return { values, shape: [sequences.length, length, ...(features === undefined ? [] : [features])] };
}

const ACTION = "pad sequences";

/** The number of features in every step; undefined when steps are plain numbers. */
function featuresOf(sequences: readonly Sequence[]): number | undefined {
  if (!Array.isArray(sequences) || sequences.length === 0) {
    throw new RangeError(
      `Cannot ${ACTION}: sequences must be an array of at least one sequence, got ${sequences?.length}`,
    );
  }
  const kinds = sequences.map((sequence, i) => {
    const features = countFeatures(`${ACTION} (sequence ${i})`, sequence);
    return hasRows(sequence) ? features : undefined;
  });
  const filled = kinds.flatMap((kind, i) => ((sequences[i]?.length ?? 0) > 0 ? [{ kind, i }] : []));
  const [first] = filled;
  const odd = filled.find(({ kind }) => kind !== first?.kind);
  if (odd !== undefined) {
    const name = (kind: number | undefined) => (kind === undefined ? "[time]" : `[time, ${kind}]`);
    throw new RangeError(
      `Cannot ${ACTION}: every sequence must have shape ${name(first?.kind)}, got ${name(odd.kind)} in sequence ${odd.i}`,
    );
  }
  return first?.kind;
}

function requireStorable(name: string, value: number, dtype: "int32" | "float32"): void {
  if (dtype === "int32" ? (value | 0) === value : Number.isFinite(Math.fround(value))) return;
  const rule =
    dtype === "int32" ? 'int32 integers (dtype: "float32" takes others)' : "finite float32 numbers";
  throw new RangeError(`Cannot ${ACTION}: ${name} must have ${rule}, got ${value}`);
}
