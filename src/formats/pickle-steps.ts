import { quote } from "../arguments.js";
import type { PickleMachine } from "./pickle-machine.js";
import { findGlobal } from "./pickle-numpy.js";
import { type OpcodeName, opcodes } from "./pickle-opcodes.js";

type Step = (machine: PickleMachine) => void;

const NEWEST_PROTOCOL = 5;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * What each opcode does that lists, tuples, numbers, strings and NumPy's arrays are written with, in protocols 0 to
 * 5. An opcode that is not here is refused: those of dictionaries, sets, classes and instances, of persistent ids,
 * extensions and out-of-band buffers.
 */
const steps: Partial<Record<OpcodeName, Step>> = {
  PROTO: (machine) => {
    const protocol = machine.uint8();
    if (protocol > NEWEST_PROTOCOL) {
      machine.refuse(`the pickle's protocol must be at most ${NEWEST_PROTOCOL}, got ${protocol}`);
    }
  },
  FRAME: (machine) => machine.uint64(),

  NONE: (machine) => machine.push(null),
  NEWTRUE: (machine) => machine.push(true),
  NEWFALSE: (machine) => machine.push(false),
  BININT: (machine) => machine.push(machine.int32()),
  BININT1: (machine) => machine.push(machine.uint8()),
  BININT2: (machine) => machine.push(machine.uint16()),
  LONG1: (machine) => machine.push(longInteger(machine, machine.uint8())),
  LONG4: (machine) => machine.push(longInteger(machine, machine.uint32())),
  INT: (machine) => machine.push(textInteger(machine)),
  LONG: (machine) => machine.push(textInteger(machine)),
  BINFLOAT: (machine) => machine.push(machine.float64()),
  FLOAT: (machine) => machine.push(textFloat(machine)),

  SHORT_BINUNICODE: (machine) => pushText(machine, machine.uint8()),
  BINUNICODE: (machine) => pushText(machine, machine.uint32()),
  BINUNICODE8: (machine) => pushText(machine, machine.uint64()),
  UNICODE: (machine) => machine.pushObject(replaceEscapes(machine, machine.line(), UNICODE_ESCAPE)),
  SHORT_BINSTRING: (machine) => machine.pushObject(machine.take(machine.uint8()).toString("latin1")),
  BINSTRING: (machine) => machine.pushObject(machine.take(machine.uint32()).toString("latin1")),
  STRING: (machine) => machine.pushObject(quotedString(machine)),
  SHORT_BINBYTES: (machine) => machine.pushObject(new Uint8Array(machine.take(machine.uint8()))),
  BINBYTES: (machine) => machine.pushObject(new Uint8Array(machine.take(machine.uint32()))),
  BINBYTES8: (machine) => machine.pushObject(new Uint8Array(machine.take(machine.uint64()))),
  BYTEARRAY8: (machine) => machine.pushObject(new Uint8Array(machine.take(machine.uint64()))),

  MARK: (machine) => machine.mark(),
  EMPTY_LIST: (machine) => machine.pushObject([]),
  LIST: (machine) => machine.pushObject(machine.popMark()),
  APPEND: (machine) => machine.append([machine.pop()]),
  APPENDS: (machine) => machine.append(machine.popMark()),
  EMPTY_TUPLE: (machine) => machine.pushObject([]),
  TUPLE: (machine) => machine.pushObject(machine.popMark()),
  TUPLE1: (machine) => pushTuple(machine, 1),
  TUPLE2: (machine) => pushTuple(machine, 2),
  TUPLE3: (machine) => pushTuple(machine, 3),

  PUT: (machine) => machine.remember(memoIndex(machine)),
  BINPUT: (machine) => machine.remember(machine.uint8()),
  LONG_BINPUT: (machine) => machine.remember(machine.uint32()),
  MEMOIZE: (machine) => machine.remember(machine.memoSize),
  GET: (machine) => machine.recall(memoIndex(machine)),
  BINGET: (machine) => machine.recall(machine.uint8()),
  LONG_BINGET: (machine) => machine.recall(machine.uint32()),

  GLOBAL: (machine) => machine.push(findGlobal(machine.line(), machine.line(), machine.origin)),
  STACK_GLOBAL: (machine) => {
    const name = machine.pop();
    machine.push(findGlobal(machine.pop(), name, machine.origin));
  },
  REDUCE: (machine) => machine.call(),
  BUILD: (machine) => machine.build(),
};

/** The steps by the opcode's number. */
export const stepByCode: readonly (Step | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  const found = Object.entries(steps).find(([name]) => opcodes[name as OpcodeName] === code);
  return found?.[1];
});

function pushText(machine: PickleMachine, length: number): void {
  const bytes = machine.take(length);
  try {
    machine.pushObject(utf8.decode(bytes));
  } catch {
    machine.refuse("a string of the pickle must be UTF-8, got other bytes");
  }
}

function pushTuple(machine: PickleMachine, length: number): void {
  const items = Array.from({ length }, () => machine.pop());
  machine.pushObject(items.reverse());
}

/** Two's complement of any length; more than eight bytes are never exact as a number. */
function longInteger(machine: PickleMachine, length: number): number {
  const bytes = machine.take(length);
  if (length === 0) return 0;
  if (length > 8) machine.refuse(`an integer must be within ±(2^53 - 1), got one of ${length} bytes`);
  const padded = Buffer.alloc(8, (bytes.at(-1) ?? 0) & 0x80 ? 0xff : 0);
  bytes.copy(padded);
  return safeInteger(machine, Number(padded.readBigInt64LE()));
}

function textInteger(machine: PickleMachine): number | boolean {
  const text = machine.line();
  // So protocols 0 and 1 write False and True.
  if (text === "00" || text === "01") return text === "01";
  if (!/^-?\d{1,20}L?$/.test(text)) machine.refuse(`an integer must be digits, got ${quote(text)}`);
  return safeInteger(machine, Number.parseInt(text, 10));
}

function safeInteger(machine: PickleMachine, value: number): number {
  if (!Number.isSafeInteger(value))
    machine.refuse(`an integer must be within ±(2^53 - 1), got about ${value}`);
  return value;
}

const specialFloats = new Map([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);

function textFloat(machine: PickleMachine): number {
  const text = machine.line();
  const special = specialFloats.get(text);
  if (special !== undefined) return special;
  if (!/^-?\d+(\.\d*)?(e[+-]?\d+)?$/.test(text))
    machine.refuse(`a float must be a number, got ${quote(text)}`);
  return Number(text);
}

function memoIndex(machine: PickleMachine): number {
  const text = machine.line();
  if (!/^\d{1,9}$/.test(text)) machine.refuse(`an index of the memo must be digits, got ${quote(text)}`);
  return Number(text);
}

const UNICODE_ESCAPE = /\\u(?<short>[\da-fA-F]{4})|\\U(?<long>[\da-fA-F]{8})/g;
const STRING_ESCAPE = /\\(?:x(?<hex>[\da-fA-F]{2})|(?<letter>[ntr\\'"]))/g;
const letters: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** A string as Python 2's repr() writes it. */
function quotedString(machine: PickleMachine): string {
  const text = machine.line();
  if (!/^(['"]).*\1$/.test(text) || text.length < 2)
    machine.refuse(`a string must be quoted, got ${quote(text)}`);
  return replaceEscapes(machine, text.slice(1, -1), STRING_ESCAPE);
}

function replaceEscapes(machine: PickleMachine, text: string, escapes: RegExp): string {
  return text.replace(escapes, (...match) => {
    const { short, long, hex, letter }: Record<string, string | undefined> = match.at(-1);
    if (letter !== undefined) return letters[letter] ?? letter;
    const code = Number.parseInt(short ?? long ?? hex ?? "", 16);
    if (code > 0x10ffff) machine.refuse(`a character must be one of Unicode's, got ${code}`);
    return String.fromCodePoint(code);
  });
}
