/**
 * Values as the debugger and the panel of variables show them. The inspector calls this, also while code is stopped: so it
 * is synchronous, runs no getter and no code of the value's own, and looks at as much as is shown.
 */
import { inspect, types } from "node:util";
import { withoutShadowing } from "../../shared/shadowed-names.js";
import { bundleNow } from "../output/mime.js";
import { attributedSerial, print } from "../output/output.js";
import { currentCell } from "../ownership/cell-context.js";

const LONGEST_VALUE = 200;
const OPTIONS = {
  customInspect: false,
  depth: 0,
  getters: false,
  maxArrayLength: 10,
  maxStringLength: 100,
  breakLength: Number.POSITIVE_INFINITY,
  compact: true,
  showProxy: true,
} as const;
/** An object with more properties is told by their number: to write it would take all of them. */
const MOST_PROPERTIES = 1000;

/** What is written of a value: its text, its class, and how many parts it has. They go as a list, which is asked for once. */
type Row = readonly [name: string, text: string, type: string, parts: number, value: unknown];

const isComposite = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** An own property that is data; a getter is not asked. */
function data(value: object, key: PropertyKey): unknown {
  return Reflect.getOwnPropertyDescriptor(value, key)?.value;
}

/** The class of a value as its prototype says it, without asking the value. */
function classOf(value: unknown): string {
  if (!isComposite(value)) return value === null ? "null" : typeof value;
  if (types.isProxy(value)) return "Proxy";
  const prototype = Reflect.getPrototypeOf(value);
  if (prototype === null || types.isProxy(prototype)) return "Object";
  const made = data(prototype, "constructor");
  const name = typeof made === "function" && !types.isProxy(made) && data(made, "name");
  return typeof name === "string" && name !== "" ? name : "Object";
}

/** What tensors and data frames have in common. */
function shapeOf(value: object): readonly unknown[] | undefined {
  const shape = data(value, "shape");
  return Array.isArray(shape) && !types.isProxy(shape) && shape.length <= 10 ? shape : undefined;
}

function textOf(value: unknown): string {
  if (!isComposite(value) || types.isProxy(value)) return inspect(value, OPTIONS);
  const name = classOf(value);
  const shape = shapeOf(value);
  const dtype = data(value, "dtype");
  if (shape !== undefined && typeof dtype === "string") return `${name} [${shape.join(", ")}] ${dtype}`;
  const rows = frameShape(value);
  if (rows !== undefined) return `${name} [${rows.join(", ")}]`;
  const isLong =
    !Array.isArray(value) && !types.isTypedArray(value) && Reflect.ownKeys(value).length > MOST_PROPERTIES;
  if (isLong) return `${name} {… ${Reflect.ownKeys(value).length} properties}`;
  return inspect(value, OPTIONS);
}

/** Rows and columns of a data frame of danfojs: its own shape is a getter. */
function frameShape(value: object): readonly number[] | undefined {
  const rows = data(value, "$data");
  const columns = data(value, "$columns");
  return Array.isArray(rows) && Array.isArray(columns) ? [rows.length, columns.length] : undefined;
}

function describe(value: unknown): string {
  let text: string;
  try {
    text = withoutShadowing(textOf(value));
  } catch {
    // The value has changed what Node asks of all.
    text = `[${typeof value}]`;
  }
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}

const row = (name: string, value: unknown): Row => [
  name,
  describe(value),
  classOf(value),
  countOf(value),
  value,
];

/** How many parts of a value can be shown. */
function countOf(value: unknown): number {
  if (!isComposite(value) || types.isProxy(value)) return 0;
  if (types.isMap(value)) return mapSize(value);
  if (types.isSet(value)) return setSize(value);
  if (Array.isArray(value)) return value.length;
  if (types.isTypedArray(value)) return lengthOf(value);
  return keysOf(value).length;
}

const getter = (prototype: object, key: string): (() => number) =>
  Reflect.getOwnPropertyDescriptor(prototype, key)?.get as () => number;
const sizeOfMap = getter(Map.prototype, "size");
const sizeOfSet = getter(Set.prototype, "size");
const sizeOfArray = getter(Reflect.getPrototypeOf(Uint8Array.prototype) as object, "length");
const mapSize = (value: object): number => Reflect.apply(sizeOfMap, value, []);
const setSize = (value: object): number => Reflect.apply(sizeOfSet, value, []);
const lengthOf = (value: object): number => Reflect.apply(sizeOfArray, value, []);

const forEachOfMap = Map.prototype.forEach;
const forEachOfSet = Set.prototype.forEach;

/** Of a function only what somebody has added. */
const keysOf = (value: object): PropertyKey[] =>
  typeof value === "function"
    ? Reflect.ownKeys(value).filter(
        (key) => Reflect.getOwnPropertyDescriptor(value, key)?.enumerable === true,
      )
    : Reflect.ownKeys(value);

const withoutValue = (name: string): Row => [name, "(not initialised)", "undefined", 0, undefined];

function property(value: object, key: PropertyKey): Row {
  const name = withoutShadowing(String(key));
  let descriptor: PropertyDescriptor | undefined;
  try {
    descriptor = Reflect.getOwnPropertyDescriptor(value, key);
  } catch {
    // A variable whose declaration is still to come, from Node 24 on.
    return withoutValue(name);
  }
  if (descriptor === undefined) return [name, "<empty>", "undefined", 0, undefined];
  if (!("value" in descriptor)) return [name, "(getter, not run)", "accessor", 0, undefined];
  return row(name, descriptor.value);
}

/** The parts of a value from one place to another. */
function parts(value: object, from: number, to: number): Row[] {
  const rows: Row[] = [];
  let index = 0;
  const take = (make: () => Row): void => {
    if (index >= from && index < to) rows.push(make());
    index++;
  };
  if (types.isMap(value))
    Reflect.apply(forEachOfMap, value, [
      (each: unknown, key: unknown) => take(() => row(describe(key), each)),
    ]);
  else if (types.isSet(value))
    Reflect.apply(forEachOfSet, value, [(each: unknown) => take(() => row(String(index), each))]);
  else {
    const keys: PropertyKey[] | undefined =
      Array.isArray(value) || types.isTypedArray(value) ? undefined : keysOf(value);
    for (let i = from; i < to; i++) {
      const key = keys === undefined ? String(i) : keys[i];
      if (key !== undefined) rows.push(property(value, key));
    }
  }
  return rows;
}

/** Reads variables, each by a function: one that has no value yet says so. */
function variables(names: readonly string[], ...reads: readonly (() => unknown)[]): Row[] {
  return reads.map((read, index) => {
    const name = names[index] ?? "";
    try {
      return row(name, read());
    } catch {
      return withoutValue(name);
    }
  });
}

let kept: unknown;

/** What the debugger calls, under the name `__rnnlab__.inspection`. All lists are flat: the inspector asks for their items. */
export const inspection = Object.freeze({
  one: (value: unknown): unknown[] => [...row("", value)],
  parts: (value: object, from: number, to: number): unknown[] => parts(value, from, to).flat(1),
  variables: (names: string, ...reads: readonly (() => unknown)[]): unknown[] =>
    variables(JSON.parse(names) as string[], ...reads).flat(1),
  /** The scope of a frame, as an object of the inspector's. */
  scope: (scope: object, names: string): unknown[] =>
    (JSON.parse(names) as string[]).flatMap((name) => [...property(scope, name)]),
  names: (scope: object): string =>
    JSON.stringify(Reflect.ownKeys(scope).filter((key) => typeof key === "string")),
  /** How the kernel shows a value, as JSON. */
  rich: (value: unknown): string => JSON.stringify(bundleNow(value)),
  /** Prints what a logpoint says, and has nothing stop there. */
  log(...pieces: readonly unknown[]): boolean {
    const text = pieces.map((each) => (typeof each === "string" ? each : describe(each))).join("");
    print(currentCell()?.origin.serial ?? attributedSerial(), "stdout", `${text}\n`);
    return false;
  },
  keep(value: unknown): void {
    kept = value;
  },
  get kept(): unknown {
    const value = kept;
    kept = undefined;
    return value;
  },
  assign: (target: object, key: string, value: unknown): boolean =>
    types.isMap(target) || types.isSet(target) ? false : Reflect.set(target, key, value),
});
