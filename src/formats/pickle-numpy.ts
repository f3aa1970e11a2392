import { quote } from "../arguments.js";
import { type NpyDtype, type NumericData, parseDtype } from "./npy-dtype.js";
import { parseNumbers, sizeOf } from "./npy-numbers.js";
import { readError } from "./read-error.js";

/** One of the few names that a pickle may import: a marker here, nothing of it is ever run. */
export class PickledGlobal {
  readonly call: (args: readonly unknown[], origin: string) => unknown;

  constructor(call: PickledGlobal["call"]) {
    this.call = call;
  }
}

/** A dtype; BUILD gives it the byte order. */
export class PickledDtype {
  readonly #code: string;
  #order = "|";

  constructor(code: string) {
    this.#code = code;
  }

  build(state: unknown, origin: string): void {
    const order: unknown = Array.isArray(state) ? state[1] : undefined;
    if (typeof order !== "string" || !"<>|=".includes(order)) {
      throw readError(origin, "a dtype's state must have a byte order, got another");
    }
    this.#order = order;
  }

  parse(origin: string): NpyDtype {
    return parseDtype(`${this.#order}${this.#code}`, origin);
  }
}

/** An array; BUILD gives it shape, dtype and elements. */
export class PickledArray {
  dtype = "";
  shape: readonly number[] = [];
  data: readonly unknown[] | NumericData = [];

  get built(): boolean {
    return this.dtype !== "";
  }

  build(state: unknown, origin: string): void {
    const [, shape, dtype, fortranOrder, content]: unknown[] = Array.isArray(state) ? state : [];
    if (!isShape(shape) || !(dtype instanceof PickledDtype) || typeof fortranOrder !== "boolean") {
      throw readError(origin, "an array's state must have shape, dtype and order, got another");
    }
    const parsed = dtype.parse(origin);
    if (parsed.name === "object") {
      if (fortranOrder && shape.length > 1) {
        throw readError(origin, "an object array must be in C order, got Fortran order");
      }
      if (!Array.isArray(content) || content.length !== sizeOf(shape)) {
        throw readError(
          origin,
          `an object array of shape [${shape}] must have a list of ${sizeOf(shape)} elements, got ${describe(content)}`,
        );
      }
      this.data = content;
    } else {
      this.data = parseNumbers(bytesOf(content, origin), parsed, { shape, fortranOrder }, origin).data;
    }
    this.shape = shape;
    this.dtype = parsed.name;
  }
}

/** What NumPy needs for its arrays. Before NumPy 2 the module had no underscore. */
const globals = new Map<string, PickledGlobal>([
  ["numpy ndarray", new PickledGlobal(refuseCall("numpy.ndarray"))],
  ["numpy dtype", new PickledGlobal(makeDtype)],
  ["numpy.core.multiarray _reconstruct", new PickledGlobal(() => new PickledArray())],
  ["numpy._core.multiarray _reconstruct", new PickledGlobal(() => new PickledArray())],
  ["numpy.core.multiarray scalar", new PickledGlobal(makeScalar)],
  ["numpy._core.multiarray scalar", new PickledGlobal(makeScalar)],
  // How protocols 0 to 2 write bytes.
  ["_codecs encode", new PickledGlobal(([text], origin) => bytesOf(text, origin))],
]);

/**
 * Looks a name up among those that NumPy's arrays need.
 *
 * @throws {RangeError} when it is another one
 */
export function findGlobal(module: unknown, name: unknown, origin: string): PickledGlobal {
  const found = globals.get(`${module} ${name}`);
  if (found !== undefined) return found;
  throw readError(
    origin,
    `the pickle may import nothing but what NumPy's arrays need, got ${quote(`${module}.${name}`)}`,
  );
}

function refuseCall(name: string): PickledGlobal["call"] {
  return (_, origin) => {
    throw readError(origin, `the pickle must not call ${name}, got a call`);
  };
}

function makeDtype([code]: readonly unknown[], origin: string): PickledDtype {
  if (typeof code === "string") return new PickledDtype(code);
  throw readError(origin, `a dtype must be named by a string, got ${describe(code)}`);
}

function makeScalar([dtype, content]: readonly unknown[], origin: string): unknown {
  if (!(dtype instanceof PickledDtype)) throw readError(origin, "a scalar must have a dtype, got none");
  const layout = { shape: [], fortranOrder: false };
  return parseNumbers(bytesOf(content, origin), dtype.parse(origin), layout, origin).data[0];
}

/** Python 2 has no type of its own for bytes: there they are a string of Latin-1. */
function bytesOf(content: unknown, origin: string): Uint8Array {
  if (content instanceof Uint8Array) return content;
  if (typeof content === "string") return Buffer.from(content, "latin1");
  throw readError(origin, `an array's elements must be bytes, got ${describe(content)}`);
}

function isShape(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((length) => Number.isSafeInteger(length) && length >= 0) &&
    Number.isSafeInteger(sizeOf(value))
  );
}

function describe(value: unknown): string {
  return Array.isArray(value) ? `${value.length} elements` : value === null ? "None" : typeof value;
}
