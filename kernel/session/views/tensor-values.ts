/** Of a tensor with more values than this only the edges are shown. */
const MOST_VALUES = 100;
/** How many entries are shown at each end of a long dimension, if that is not too many in all. */
const EDGE = 3;
const LINE_WIDTH = 100;
const DECIMALS = 4;
const LONGEST_STRING = 40;

/** The values of a tensor in the order of memory; those of complex ones as pairs of real and imaginary part. */
export type TensorData = ArrayLike<number> | readonly string[];

/** A position along a dimension, or the gap in the middle of it. */
type Entry = number | "…";

/**
 * Writes a tensor's values in nested brackets, a row a line, cut in the middle of long dimensions.
 *
 * @param shape - at most six dimensions
 * @param data - as many values as the shape has
 */
export function writeValues(shape: readonly number[], dtype: string, data: TensorData): string {
  const entries = shownEntries(shape);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const indices: number[] = [];
  const collect = (axis: number, offset: number): void => {
    if (axis === shape.length) indices.push(offset);
    for (const entry of entries[axis] ?? []) {
      if (entry !== "…") collect(axis + 1, offset + entry * (strides[axis] ?? 0));
    }
  };
  collect(0, 0);
  const texts = writeScalars(
    indices.map((index) => valueAt(dtype, data, index)),
    shape.length > 1,
  );
  let next = 0;
  const write = (axis: number): string => {
    if (axis === shape.length) return texts[next++] ?? "";
    const parts = (entries[axis] ?? []).map((entry) => (entry === "…" ? "…" : write(axis + 1)));
    const last = axis === shape.length - 1;
    return `[${last ? wrap(parts, axis + 1) : parts.join(`,\n${" ".repeat(axis + 1)}`)}]`;
  };
  return write(0);
}

function shownEntries(shape: readonly number[]): Entry[][] {
  const all = (size: number): number[] => Array.from({ length: size }, (_, i) => i);
  if (shape.reduce((product, size) => product * size, 1) <= MOST_VALUES) return shape.map(all);
  const shown = (edge: number): number =>
    shape.reduce((product, size) => product * Math.min(size, 2 * edge), 1);
  let edge = EDGE;
  while (edge > 1 && shown(edge) > MOST_VALUES) edge--;
  return shape.map((size) =>
    size <= 2 * edge ? all(size) : [...all(edge), "…" as const, ...all(edge).map((i) => size - edge + i)],
  );
}

type Scalar = number | string | boolean | { readonly real: number; readonly imaginary: number };

function valueAt(dtype: string, data: TensorData, index: number): Scalar {
  if (dtype === "complex64") {
    return { real: Number(data[2 * index]), imaginary: Number(data[2 * index + 1]) };
  }
  const value = data[index] ?? Number.NaN;
  return dtype === "bool" ? Boolean(value) : value;
}

/** Writes values so that they agree with each other: as many decimals as they need, of the same width in a matrix. */
function writeScalars(values: readonly Scalar[], aligned: boolean): string[] {
  const write = numberWriter(
    values.flatMap((value) =>
      typeof value === "number" ? [value] : typeof value === "object" ? [value.real, value.imaginary] : [],
    ),
  );
  const texts = values.map((value) => {
    if (typeof value === "number") return write(value);
    if (typeof value === "string") return quoted(value);
    if (typeof value === "boolean") return String(value);
    const sign = value.imaginary < 0 ? "-" : "+";
    return `${write(value.real)}${sign}${write(Math.abs(value.imaginary))}i`;
  });
  if (!aligned) return texts;
  const width = texts.reduce((widest, text) => Math.max(widest, text.length), 0);
  return texts.map((text) => text.padStart(width));
}

function numberWriter(numbers: readonly number[]): (value: number) => string {
  const finite = numbers.filter(Number.isFinite);
  if (finite.every(Number.isInteger)) return String;
  const largest = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const exponential = largest >= 1e8 || largest < 10 ** (1 - DECIMALS);
  const fixed = finite.map((value) => value.toFixed(DECIMALS).replace(/0+$/, ""));
  const decimals = fixed.reduce((most, text) => Math.max(most, text.length - text.indexOf(".") - 1), 1);
  return (value) => {
    if (!Number.isFinite(value)) return String(value);
    return exponential ? value.toExponential(DECIMALS) : value.toFixed(decimals);
  };
}

function quoted(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST_STRING
    ? JSON.stringify(text)
    : `${JSON.stringify(characters.slice(0, LONGEST_STRING).join(""))}…`;
}

/** A row, broken where it is too long for a line. */
function wrap(parts: readonly string[], indent: number): string {
  const lines = [""];
  parts.forEach((part, i) => {
    const text = i < parts.length - 1 ? `${part},` : part;
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = text;
    else if (indent + line.length + text.length < LINE_WIDTH) lines[lines.length - 1] = `${line} ${text}`;
    else lines.push(text);
  });
  return lines.join(`\n${" ".repeat(indent)}`);
}
