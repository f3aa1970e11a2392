import { opcodes } from "../../src/formats/pickle-opcodes.js";

/** A pickle that must be refused, and how. */
export interface HostilePickle {
  readonly does: string;
  readonly pickle: () => Buffer;
  readonly refusal: RegExp;
}

type Part = keyof typeof opcodes | number | string | Buffer;

/** Opcodes by name, bytes as numbers, text in angle brackets. */
function assemble(...parts: Part[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === "number") return Buffer.from([part]);
      if (Buffer.isBuffer(part)) return part;
      const text = /^<(.*)>$/s.exec(part)?.[1];
      return text === undefined
        ? Buffer.from([opcodes[part as keyof typeof opcodes]])
        : Buffer.from(text, "latin1");
    }),
  );
}

const uint64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};
const repeat = (count: number, ...parts: Part[]): Buffer => {
  const unit = assemble(...parts);
  return Buffer.alloc(count * unit.length, unit);
};
const shortText = (text: string): Buffer => assemble("SHORT_BINUNICODE", text.length, `<${text}>`);
const imports = (module: string, name: string): Buffer => assemble("GLOBAL", `<${module}\n${name}\n>`);

const reconstruct = assemble(
  imports("numpy._core.multiarray", "_reconstruct"),
  imports("numpy", "ndarray"),
  "BININT1",
  0,
  "TUPLE1",
  "SHORT_BINBYTES",
  1,
  "<b>",
  "TUPLE3",
  "REDUCE",
);
const dtype = (code: string, order = "|"): Buffer =>
  assemble(
    imports("numpy", "dtype"),
    shortText(code),
    "NEWFALSE",
    "NEWTRUE",
    "TUPLE3",
    "REDUCE",
    "MARK",
    "BININT1",
    3,
    shortText(order),
    "NONE",
    "NONE",
    "NONE",
    "TUPLE",
    "BUILD",
  );
/** An array whose shape and elements are up to the caller. */
const array = (shape: Buffer, code: string, content: Buffer): Buffer =>
  assemble(reconstruct, "MARK", "BININT1", 1, shape, dtype(code), "NEWFALSE", content, "TUPLE", "BUILD");
const shapeOf = (length: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(length);
  return assemble("BININT", bytes, "TUPLE1");
};
/** An object array of one element. */
const holding = (element: Buffer): Buffer =>
  array(shapeOf(1), "O8", assemble("EMPTY_LIST", element, "APPEND"));
const whole = (...parts: Part[]): Buffer => assemble("PROTO", 4, ...parts, "STOP");

function opcode(name: keyof typeof opcodes, does: string, ...parts: Part[]): HostilePickle {
  return {
    does: `${does} (${name})`,
    pickle: () => whole(holding(assemble(...parts))),
    refusal: new RegExp(`must hold lists, tuples, numbers and strings only, got opcode ${name}$`),
  };
}

function call(module: string, name: string, ...parts: Part[]): HostilePickle {
  return {
    does: `calls ${module}.${name}`,
    pickle: () => whole(holding(assemble(imports(module, name), ...parts, "REDUCE"))),
    refusal: new RegExp(`may import nothing but what NumPy's arrays need, got "${module}\\.${name}"$`),
  };
}

function malformed(does: string, pickle: () => Buffer, refusal: RegExp): HostilePickle {
  return { does, pickle, refusal };
}

/** Opcodes that no array needs. */
const foreignOpcodes: readonly HostilePickle[] = [
  opcode("INST", "makes an instance", "MARK", "INST", "<os\nsystem\n>"),
  opcode("OBJ", "makes an instance", "MARK", imports("numpy", "ndarray"), "OBJ"),
  opcode("NEWOBJ", "makes an instance", imports("numpy", "ndarray"), "EMPTY_TUPLE", "NEWOBJ"),
  opcode(
    "NEWOBJ_EX",
    "makes an instance",
    imports("numpy", "ndarray"),
    "EMPTY_TUPLE",
    "EMPTY_TUPLE",
    "NEWOBJ_EX",
  ),
  opcode("PERSID", "loads from outside", "PERSID", "<1\n>"),
  opcode("BINPERSID", "loads from outside", "NONE", "BINPERSID"),
  opcode("EXT1", "imports by number", "EXT1", 1),
  opcode("EXT4", "imports by number", "EXT4", 1, 0, 0, 0),
  opcode("EMPTY_DICT", "makes a dictionary", "EMPTY_DICT"),
  opcode("DICT", "makes a dictionary", "MARK", "DICT"),
  opcode("EMPTY_SET", "makes a set", "EMPTY_SET"),
  opcode("FROZENSET", "makes a set", "MARK", "FROZENSET"),
  opcode("NEXT_BUFFER", "takes a buffer from outside", "NEXT_BUFFER"),
  opcode("DUP", "doubles a value", "NONE", "DUP"),
];

/** Pickles that no writer makes. */
const brokenPickles: readonly HostilePickle[] = [
  malformed("has an opcode that there is not", () => whole(0xff), /got opcode 0xff$/),
  malformed(
    "has a protocol that there is not",
    () => assemble("PROTO", 6, "NONE", "STOP"),
    /protocol must be at most 5, got 6$/,
  ),
  malformed("is empty", () => Buffer.alloc(0), /must not end early, got 0 bytes$/),
  malformed(
    "ends early",
    () => whole(holding(assemble("NONE"))).subarray(0, -1),
    /must not end early, got \d+ bytes$/,
  ),
  malformed("ends without a value", () => whole(), /must end with one value, got 0$/),
  malformed("ends inside a mark", () => whole("MARK", "NONE"), /must end with one value, got 1$/),
  malformed(
    "takes a value that it has not put",
    () => whole("APPEND"),
    /must not take values that it has not put/,
  ),
  malformed(
    "uses a mark that it has not set",
    () => whole("EMPTY_LIST", "APPENDS"),
    /must set a mark before it uses one/,
  ),
  malformed(
    "appends to a number",
    () => whole("BININT1", 1, "BININT1", 1, "APPEND"),
    /must append to a list/,
  ),
  malformed(
    "recalls what it has not remembered",
    () => whole("BINGET", 7),
    /must recall what it remembers, got index 7$/,
  ),
  malformed("remembers nothing", () => whole("MEMOIZE"), /must not remember a value that it has not put/),
  malformed(
    "has a line without end",
    () => assemble("UNICODE", Buffer.alloc(2_000_000, "a"), "<\n>", "STOP"),
    /a line of the pickle must end within 1000000 bytes/,
  ),
  malformed(
    "has digits that are none",
    () => whole("INT", "<1e9\n>"),
    /an integer must be digits, got "1e9"$/,
  ),
];

/** Values that are not what they say, or that no number or array can hold. */
const falseValues: readonly HostilePickle[] = [
  malformed(
    "has a string without quotes",
    () => whole("STRING", "<abc\n>"),
    /a string must be quoted, got "abc"$/,
  ),
  malformed("has a string that is no UTF-8", () => whole("SHORT_BINUNICODE", 1, 0xff), /must be UTF-8/),
  malformed(
    "has an integer that a number cannot hold",
    () => whole("LONG1", 8, uint64(2n ** 62n)),
    /an integer must be within ±\(2\^53 - 1\), got about 4611686018427388000$/,
  ),
  malformed("has an integer of 4 GB", () => whole("LONG4", 0xff, 0xff, 0xff, 0xff), /must not end early/),
  malformed(
    "has a string of 2^62 bytes",
    () => whole("BINUNICODE8", uint64(2n ** 62n)),
    /must not end early/,
  ),
  malformed("has bytes of 4 GB", () => whole("BINBYTES", 0xff, 0xff, 0xff, 0xff), /must not end early/),
  malformed(
    "holds something else than an array",
    () => whole("EMPTY_LIST"),
    /must hold the header's object of shape \[1\], got something else$/,
  ),
  malformed(
    "holds an array of another shape",
    () => whole(array(shapeOf(0), "O8", assemble("EMPTY_LIST"))),
    /got object of shape \[0\]$/,
  ),
  malformed(
    "says a shape without elements",
    () => whole(array(shapeOf(2 ** 30), "O8", assemble("EMPTY_LIST"))),
    /must have a list of 1073741824 elements, got 0 elements$/,
  ),
  malformed(
    "says a shape without numbers",
    () => whole(holding(array(shapeOf(2 ** 30), "f8", assemble("SHORT_BINBYTES", 0)))),
    /must have 8589934592 bytes, got 0$/,
  ),
  malformed(
    "has an array of another dtype",
    () => whole(holding(array(shapeOf(1), "M8", assemble("SHORT_BINBYTES", 0)))),
    /the dtype must be bool, int/,
  ),
  malformed(
    "has an array without state",
    () => whole(holding(reconstruct)),
    /every array of the pickle must have its state/,
  ),
];

/** Pickles that are built to exhaust memory or time. */
const greedyPickles: readonly HostilePickle[] = [
  malformed(
    "holds itself",
    () => whole(holding(assemble("EMPTY_LIST", "BINPUT", 0, "BINGET", 0, "APPEND"))),
    /nested at most 50 levels deep/,
  ),
  malformed(
    "is nested a million levels deep",
    () => whole(holding(assemble(repeat(1_000_000, "EMPTY_LIST"), repeat(999_999, "APPEND")))),
    /nested at most 50 levels deep/,
  ),
  malformed(
    "grows tenfold with each of thirty levels",
    () => {
      const levels = Array.from({ length: 30 }, (_, level) =>
        assemble("MARK", repeat(10, "BINGET", level), "LIST", "BINPUT", level + 1),
      );
      return whole("MARK", "EMPTY_LIST", "BINPUT", 0, ...levels, "LIST");
    },
    /must have at most 268435456 elements in all/,
  ),
  malformed(
    "keeps millions of values pending",
    () => whole(repeat(5_000_000, "NONE")),
    /must keep at most 4000000 values pending/,
  ),
  malformed(
    "makes millions of lists",
    () => whole("EMPTY_LIST", repeat(5_000_000, "EMPTY_LIST", "APPEND")),
    /must have at most 4000000 objects/,
  ),
  malformed("sets millions of marks", () => whole(repeat(5_000_000, "MARK")), /must have fewer marks/),
  malformed(
    "remembers millions of values",
    () => whole("NONE", repeat(5_000_000, "MEMOIZE")),
    /must remember at most 4000000 values/,
  ),
  malformed(
    "turns a long string into bytes again and again",
    () => {
      const text = Buffer.alloc(1_000_000, "a");
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      const encode = assemble("BINGET", 0, "BINGET", 1, "REDUCE");
      return whole(
        imports("_codecs", "encode"),
        "BINPUT",
        0,
        "BINUNICODE",
        length,
        text,
        "TUPLE1",
        "BINPUT",
        1,
        repeat(1000, encode),
      );
    },
    /must make at most 134217728 bytes anew/,
  ),
  malformed(
    "is longer than any data set",
    () => Buffer.alloc(64 * 2 ** 20 + 1),
    /must have at most 67108864 bytes/,
  ),
];

/** Pickles that would run a shell command or code in Python. */
function runningCode(marker: string): HostilePickle[] {
  const command = assemble("MARK", "STRING", `<'touch ${marker}'\n>`, "TUPLE");
  const code = assemble(shortText(`open('${marker}', 'w')`), "TUPLE1");
  return [
    call("os", "system", command),
    call("posix", "system", command),
    call("subprocess", "Popen", command),
    call("builtins", "eval", code),
    call("__builtin__", "exec", code),
    call("builtins", "getattr", code),
    call("numpy", "fromfile", command),
    call("numpy.testing._private.utils", "runstring", code),
    call("numpy.core.multiarray", "fromfile", command),
    malformed(
      "calls a name from the stack",
      () => whole(holding(assemble(shortText("os"), shortText("system"), "STACK_GLOBAL", command, "REDUCE"))),
      /may import nothing but what NumPy's arrays need, got "os\.system"$/,
    ),
    malformed(
      "looks a name up that every object has",
      () => whole(holding(imports("constructor", "prototype"))),
      /got "constructor\.prototype"$/,
    ),
    malformed(
      "calls numpy.ndarray with a size",
      () => whole(holding(assemble(imports("numpy", "ndarray"), shapeOf(2 ** 30), "TUPLE1", "REDUCE"))),
      /must not call numpy\.ndarray, got a call$/,
    ),
    malformed(
      "calls a string",
      () => whole(holding(assemble(shortText("x"), "EMPTY_TUPLE", "REDUCE"))),
      /must call nothing but what it imported/,
    ),
    malformed(
      "sets the state of a list",
      () => whole(holding(assemble("EMPTY_LIST", "NONE", "BUILD"))),
      /must set the state of an array or dtype only/,
    ),
    malformed(
      "leaves an import as a value",
      () => whole(holding(imports("numpy", "dtype"))),
      /must hold data only, got a name that it imports$/,
    ),
  ];
}

/**
 * Pickles that run code in Python, are malformed, or are built to exhaust memory or time.
 *
 * @param marker - a file that those which run a shell command would make
 */
export function hostilePickles(marker: string): HostilePickle[] {
  return [...runningCode(marker), ...foreignOpcodes, ...brokenPickles, ...falseValues, ...greedyPickles];
}

/** An .npy file of one object, around a pickle. */
export function objectFile(pickle: Buffer): Buffer {
  const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".padEnd(117).concat("\n");
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  return Buffer.concat([start, Buffer.from(header), pickle]);
}
