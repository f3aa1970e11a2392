import { endianness } from "node:os";
import { quote } from "../arguments.js";
import { readError } from "./read-error.js";

/** What a numeric array's elements become. */
export type NumericData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** A NumPy dtype that can be read. */
export interface NpyDtype {
  /** NumPy's own name, such as `float32`; `object` for lists. */
  readonly name: string;
  /** Bytes of one element. */
  readonly itemSize: number;
  readonly order: "LE" | "BE";
}

type Decode = (buffer: ArrayBuffer, origin: string) => NumericData;

const decoders: Readonly<Record<string, readonly [name: string, itemSize: number, decode: Decode]>> = {
  b1: ["bool", 1, (buffer) => new Uint8Array(buffer)],
  u1: ["uint8", 1, (buffer) => new Uint8Array(buffer)],
  i1: ["int8", 1, (buffer) => new Int8Array(buffer)],
  u2: ["uint16", 2, (buffer) => new Uint16Array(buffer)],
  i2: ["int16", 2, (buffer) => new Int16Array(buffer)],
  u4: ["uint32", 4, (buffer) => new Uint32Array(buffer)],
  i4: ["int32", 4, (buffer) => new Int32Array(buffer)],
  u8: ["uint64", 8, (buffer, origin) => safeIntegers(new BigUint64Array(buffer), origin)],
  i8: ["int64", 8, (buffer, origin) => safeIntegers(new BigInt64Array(buffer), origin)],
  f2: ["float16", 2, (buffer) => Float32Array.from(new Uint16Array(buffer), halfToNumber)],
  f4: ["float32", 4, (buffer) => new Float32Array(buffer)],
  f8: ["float64", 8, (buffer) => new Float64Array(buffer)],
};

/**
 * Understands NumPy's short name of a dtype, such as `<f4`.
 *
 * @throws {RangeError} when it is none of bool, int, uint and float (8 to 64 bits) or object
 */
export function parseDtype(descr: string, origin: string): NpyDtype {
  const { order, code = "" } = /^(?<order>[<>|=]?)(?<code>O8?|[a-zA-Z]\d*)$/.exec(descr)?.groups ?? {};
  if (code.startsWith("O")) return { name: "object", itemSize: 0, order: "LE" };
  const decoder = decoders[code];
  if (decoder === undefined) {
    throw readError(origin, `the dtype must be bool, int, uint, float or object, got ${quote(descr)}`);
  }
  const [name, itemSize] = decoder;
  return { name, itemSize, order: order === ">" ? "BE" : order === "<" ? "LE" : endianness() };
}

/**
 * Decodes elements that lie one after the other. int64 and uint64 become float64, whose integers are exact up to
 * 2⁵³ − 1; beyond it they are refused. float16 becomes float32, bool becomes 0 and 1.
 *
 * @returns a typed array; for one-byte elements it shares the bytes' memory
 * @throws {RangeError} when an integer is not safe
 */
export function decodeElements(bytes: Uint8Array, dtype: NpyDtype, origin: string): NumericData {
  const decoder = Object.values(decoders).find(([name]) => name === dtype.name);
  if (decoder === undefined) throw readError(origin, `the elements must be numbers, got dtype ${dtype.name}`);
  const [name, itemSize, decode] = decoder;
  if (itemSize === 1) {
    const { buffer, byteOffset, byteLength } = bytes;
    return name === "int8"
      ? new Int8Array(buffer, byteOffset, byteLength)
      : new Uint8Array(buffer, byteOffset, byteLength);
  }
  // A copy is aligned, and may be swapped in place.
  const buffer = new ArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  if (dtype.order !== endianness()) swapBytes(buffer, itemSize);
  return decode(buffer, origin);
}

function swapBytes(content: ArrayBuffer, itemSize: number): void {
  const bytes = Buffer.from(content);
  if (itemSize === 2) bytes.swap16();
  else if (itemSize === 4) bytes.swap32();
  else bytes.swap64();
}

function safeIntegers(integers: BigInt64Array | BigUint64Array, origin: string): Float64Array {
  return Float64Array.from(integers, (integer) => {
    const value = Number(integer);
    if (Number.isSafeInteger(value)) return value;
    throw readError(
      origin,
      `64-bit integers must be within ±(2^53 - 1), else they are not exact as numbers, got ${integer}`,
    );
  });
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // Subnormal numbers have no leading one.
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
