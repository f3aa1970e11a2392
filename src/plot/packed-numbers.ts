import type { Figure, Trace } from "./figure-json.js";

/** Numbers as plotly.js (since 2.28) takes them: the bytes of a typed array in base64. */
interface PackedNumbers {
  readonly dtype: string;
  readonly bdata: string;
  /** Rows and columns of a matrix */
  readonly shape?: string;
}

/** Shorter lists stay as they are: people read them in a notebook's file. */
const FEWEST = 100;

const integerTypes = [
  { dtype: "u1", from: 0, to: 255, type: Uint8Array },
  { dtype: "i1", from: -128, to: 127, type: Int8Array },
  { dtype: "u2", from: 0, to: 65_535, type: Uint16Array },
  { dtype: "i2", from: -32_768, to: 32_767, type: Int16Array },
  { dtype: "i4", from: -(2 ** 31), to: 2 ** 31 - 1, type: Int32Array },
] as const;

/** The smallest type that keeps every number; a gap becomes NaN. */
function pack(values: readonly (number | null)[]): { readonly dtype: string; readonly bytes: Buffer } {
  let [whole, single, least, greatest] = [true, true, 0, 0];
  for (const value of values) {
    if (value === null || !Number.isInteger(value) || Object.is(value, -0)) whole = false;
    if (value === null) continue;
    if (Math.fround(value) !== value) single = false;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const integers = whole ? integerTypes.find(({ from, to }) => from <= least && greatest <= to) : undefined;
  const { dtype, type } =
    integers ?? (single ? { dtype: "f4", type: Float32Array } : { dtype: "f8", type: Float64Array });
  const numbers = new type(values.map((value) => value ?? Number.NaN));
  return { dtype, bytes: Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength) };
}

/** How many characters a number takes as JSON on average, told from some of them. */
function jsonLength(values: readonly unknown[]): number {
  const stride = Math.max(1, Math.floor(values.length / 200));
  let [length, count] = [0, 0];
  for (let i = 0; i < values.length; i += stride, count++) length += String(values[i]).length + 1;
  return length / count;
}

const isNumber = (value: unknown): value is number | null =>
  value === null || (typeof value === "number" && Number.isFinite(value));

function packed(values: unknown): PackedNumbers | undefined {
  if (!Array.isArray(values)) return undefined;
  const columns: unknown = Array.isArray(values[0]) ? values[0].length : undefined;
  const isMatrix =
    columns !== undefined && values.every((row) => Array.isArray(row) && row.length === columns);
  const flat: readonly unknown[] = isMatrix ? values.flat() : values;
  if (flat.length < FEWEST || !flat.every(isNumber)) return undefined;
  const { dtype, bytes } = pack(flat);
  if (jsonLength(flat) < (4 / 3) * (bytes.length / flat.length)) return undefined;
  return {
    dtype,
    bdata: bytes.toString("base64"),
    ...(isMatrix ? { shape: `${values.length}, ${columns}` } : {}),
  };
}

function packTrace(trace: Trace): Trace {
  const found = ["x", "y", "z"].flatMap((name) => {
    const numbers = packed(trace[name]);
    return numbers === undefined ? [] : [[name, numbers]];
  });
  return { ...trace, ...Object.fromEntries(found) };
}

/**
 * Writes the long lists of a figure's values more briefly, without loss: 100,000 numbers of a tensor take 0.5 MB instead of
 * 2 MB, and no time to parse.
 *
 * @param figure - the figure
 * @returns the figure as it is sent
 */
export function packFigure(figure: Figure): Figure {
  return { ...figure, data: figure.data.map(packTrace) };
}
