import { PickleMachine } from "./pickle-machine.js";
import { PickledArray, PickledDtype, PickledGlobal } from "./pickle-numpy.js";
import { describeOpcode, opcodes } from "./pickle-opcodes.js";
import { stepByCode } from "./pickle-steps.js";
import { readError } from "./read-error.js";

const LARGEST = 64 * 2 ** 20;
const DEEPEST = 50;
/** Elements, where a list that is held twice counts twice. */
const MOST_ELEMENTS = 2 ** 28;

/**
 * Reads a pickle of lists, tuples, numbers, strings, bytes, None, booleans and NumPy arrays, of protocols 0 to 5.
 * Python's own reader runs whatever the file says; this one knows none but the opcodes for such data and refuses every
 * other by name, imports nothing, and bounds memory: 64 MiB of pickle, 4,000,000 objects, 50 levels.
 *
 * @param bytes - the whole pickle
 * @param origin - path or address, for messages
 * @returns the value: lists and tuples as arrays, None as null, bytes as Uint8Array, arrays as PickledArray
 * @throws {RangeError} when the pickle is cut off, malformed, too large, or is more than such data; it names the origin
 */
export function readPickle(bytes: Uint8Array, origin: string): unknown {
  if (bytes.length > LARGEST) {
    throw readError(origin, `the pickle must have at most ${LARGEST} bytes, got ${bytes.length}`);
  }
  const machine = new PickleMachine(bytes, origin);
  for (;;) {
    const code = machine.uint8();
    if (code === opcodes.STOP) break;
    const step = stepByCode[code] ?? refuseOpcode(machine, code);
    step(machine);
  }
  const value = machine.finish();
  measure(value, { origin, depth: 0, known: new Map() });
  return value;
}

function refuseOpcode(machine: PickleMachine, code: number): never {
  return machine.refuse(
    `the pickle must hold lists, tuples, numbers and strings only, got opcode ${describeOpcode(code)}`,
  );
}

interface Extent {
  readonly elements: number;
  readonly levels: number;
}

/**
 * Lists that hold each other again and again are small in memory, but grow without bound, or have no end, for whoever
 * walks through them.
 */
function measure(
  value: unknown,
  walk: { readonly origin: string; readonly depth: number; readonly known: Map<object, Extent> },
): Extent {
  const { origin, depth, known } = walk;
  if (value instanceof PickledGlobal || value instanceof PickledDtype) {
    throw readError(origin, "the pickle must hold data only, got a name that it imports");
  }
  if (value instanceof PickledArray && !value.built) {
    throw readError(origin, "every array of the pickle must have its state, got one without");
  }
  const children = value instanceof PickledArray ? value.data : value;
  if (!Array.isArray(children)) return { elements: 1, levels: 0 };
  const measured = known.get(children);
  const tooDeep = depth + (measured?.levels ?? 0) > DEEPEST;
  if (tooDeep) throw readError(origin, `lists must be nested at most ${DEEPEST} levels deep, got more`);
  if (measured !== undefined) return measured;
  let elements = 1;
  let levels = 0;
  for (const child of children) {
    if (typeof child !== "object" || child === null) {
      elements++;
      continue;
    }
    const extent = measure(child, { origin, depth: depth + 1, known });
    elements += extent.elements;
    levels = Math.max(levels, extent.levels + 1);
  }
  if (elements > MOST_ELEMENTS) {
    throw readError(origin, `lists must have at most ${MOST_ELEMENTS} elements in all, got more`);
  }
  known.set(children, { elements, levels });
  return { elements, levels };
}
