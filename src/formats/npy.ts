import { parseDtype } from "./npy-dtype.js";
import { type NumericArray, parseNumbers, sizeOf } from "./npy-numbers.js";
import { readPickle } from "./pickle.js";
import { PickledArray } from "./pickle-numpy.js";
import { readError } from "./read-error.js";
import { readRegularFile } from "./regular-file.js";

/** An array of Python objects: numbers, strings, lists, arrays. */
export interface ObjectArray {
  readonly dtype: "object";
  readonly shape: readonly number[];
  /** The elements; lists and tuples as arrays, None as null, bytes as Uint8Array. */
  readonly data: readonly unknown[];
}

/** An array as NumPy's save() wrote it. */
export type NpyArray = NumericArray | ObjectArray;

const MAGIC = "\x93NUMPY";
const LONGEST_HEADER = 65_536;

/**
 * Whether an array holds Python objects rather than numbers.
 *
 * @param array - from `readNpy` or `readNpz`
 * @returns true if its dtype is `object`
 * @example
 * ```ts
 * import { isObjectArray } from "rnnlab/datasets";
 * console.log(isObjectArray({ dtype: "object", shape: [1], data: [[1, 2]] })); // true
 * ```
 */
export function isObjectArray(array: NpyArray): array is ObjectArray {
  return array.dtype === "object";
}

/**
 * Reads a file of `numpy.save` (format 1.0 to 3.0): bool, int, uint and float of every width, little and big endian,
 * C and Fortran order, and object arrays of numbers, strings, lists and tuples. Objects are read with a restricted
 * reader of pickles: nothing in a file is ever executed, see `parseNpy`.
 *
 * @param file - path of the .npy file
 * @returns the elements in C order, with their shape and dtype
 * @throws {RangeError} when it is no .npy file, cut off, of another dtype, or has a 64-bit integer beyond ±(2⁵³ − 1),
 * or a pickle that does more than build such objects; it names the file
 * @throws {Error} when the file cannot be read
 * @example
 * ```ts
 * import { writeFileSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { readNpy } from "rnnlab/datasets";
 * const file = join(tmpdir(), "two.npy");
 * const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".padEnd(117).concat("\n");
 * const prefix = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
 * writeFileSync(file, Buffer.concat([prefix, Buffer.from(header), Buffer.from(new Float32Array([1, 2.5]).buffer)]));
 * const { shape, data } = await readNpy(file);
 * console.log(shape, data); // [ 2 ] Float32Array(2) [ 1, 2.5 ]
 * ```
 */
export async function readNpy(file: string): Promise<NpyArray> {
  return parseNpy(await readRegularFile(file), file);
}

/**
 * Reads the content of an .npy file, as `readNpy` does. Python's own reader of pickles runs whatever a file says; this
 * one builds lists, tuples, numbers, strings, bytes, None, booleans and NumPy's arrays, refuses every other opcode and
 * every other import by name, and bounds memory: 64 MiB of pickle, 4,000,000 objects, 50 levels.
 *
 * @param bytes - the whole file
 * @param origin - path or address, for messages
 * @returns the elements in C order, with their shape and dtype
 * @throws {RangeError} when `readNpy` does; it names the origin
 * @example
 * ```ts
 * import { parseNpy } from "rnnlab/datasets";
 * const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".padEnd(117).concat("\n");
 * const prefix = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
 * const hostile = Buffer.concat([prefix, Buffer.from(`${header}cos\nsystem\n(S'ls'\ntR.`)]);
 * try {
 *   parseNpy(hostile, "x.npy");
 * } catch (error) {
 *   console.log(error instanceof Error && error.message.endsWith('got "os.system"')); // true
 * }
 * ```
 */
export function parseNpy(bytes: Uint8Array, origin: string): NpyArray {
  const { descr, fortranOrder, shape, dataStart } = parseHeader(bytes, origin);
  const dtype = parseDtype(descr, origin);
  const body = bytes.subarray(dataStart);
  if (dtype.name === "object") return parseObjects(body, shape, origin);
  return parseNumbers(body, dtype, { shape, fortranOrder }, origin);
}

function parseObjects(bytes: Uint8Array, shape: readonly number[], origin: string): ObjectArray {
  const loaded = readPickle(bytes, origin);
  const found =
    loaded instanceof PickledArray ? `${loaded.dtype} of shape [${loaded.shape}]` : "something else";
  if (found !== `object of shape [${shape}]`) {
    throw readError(origin, `the pickle must hold the header's object of shape [${shape}], got ${found}`);
  }
  return loaded as ObjectArray;
}

interface Header {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly dataStart: number;
}

function parseHeader(bytes: Uint8Array, origin: string): Header {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.toString("latin1", 0, 6) !== MAGIC) {
    throw readError(origin, `the file must begin as NumPy's .npy files do, got ${preview(buffer)}`);
  }
  if (buffer.length < 12) throw readError(origin, `the header must be whole, got ${buffer.length} bytes`);
  const version = buffer.readUInt8(6);
  if (version < 1 || version > 3) {
    throw readError(origin, `the version of the .npy format must be 1, 2 or 3, got ${version}`);
  }
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? buffer.readUInt16LE(8) : buffer.readUInt32LE(8);
  const dataStart = start + length;
  if (length > LONGEST_HEADER || dataStart > buffer.length) {
    throw readError(origin, `the header must be whole and at most ${LONGEST_HEADER} bytes, got ${length}`);
  }
  const text = buffer.toString("utf8", start, dataStart);
  const descr = /'descr':\s*'(?<value>[^']*)'/.exec(text)?.groups?.value;
  const order = /'fortran_order':\s*(?<value>True|False)/.exec(text)?.groups?.value;
  // Python 2 writes an L after each length.
  const axes = /'shape':\s*\((?<value>(?:\d+L?,\s*)*(?:\d+L?)?)\)/.exec(text)?.groups?.value;
  if (descr === undefined || order === undefined || axes === undefined) {
    throw readError(
      origin,
      `the header must name a plain descr, fortran_order and shape, got ${JSON.stringify(text.trim().slice(0, 100))}`,
    );
  }
  const shape = (axes.match(/\d+/g) ?? []).map(Number);
  if (!Number.isSafeInteger(sizeOf(shape))) {
    throw readError(origin, `the shape must have less than 2^53 elements, got [${shape}]`);
  }
  return { descr, fortranOrder: order === "True", shape, dataStart };
}

function preview(buffer: Buffer): string {
  return buffer.length === 0 ? "an empty file" : JSON.stringify(buffer.toString("latin1", 0, 12));
}
