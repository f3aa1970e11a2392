/**
 * Values as the debugger and the panel of variables show them. The inspector calls this, also while code is stopped: so it
 * is synchronous, runs no getter and no code of the value's own, and looks at as much as is shown.
 */
import { types } from "node:util";
import { withoutShadowing } from "../../shared/shadowed-names.js";
import { bundleNow } from "../output/mime.js";
import { attributedSerial, print } from "../output/output.js";
import { currentCell } from "../ownership/cell-context.js";
import { classOf, describe, frameOf, isComposite, lengthOf, mapSize, setSize } from "./description.js";
import { valueNow } from "./value-now.js";

/** What is written of a value: its text, its class, and how many parts it has. They go as a list, which is asked for once. */
type Row = readonly [name: string, text: string, type: string, parts: number, value: unknown];

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
  const frame = frameOf(value);
  if (frame?.values !== undefined) return frame.columns.length;
  return keysOf(value).length;
}

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
    const isList = Array.isArray(value) || types.isTypedArray(value);
    const frame = isList ? undefined : frameOf(value);
    if (frame?.values !== undefined)
      return frame.columns.slice(from, to).map((name, i) => row(String(name), frame.values?.[from + i]));
    const keys: PropertyKey[] | undefined = isList ? undefined : keysOf(value);
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
  /** Says what a variable is, by the first of its names that it has. The type of a function says it all. */
  now(...reads: readonly (() => unknown)[]): string | undefined {
    for (const read of reads) {
      try {
        const value = read();
        return typeof value === "function" ? undefined : valueNow(value);
      } catch {
        // It has no such name, or no value yet.
      }
    }
    return undefined;
  },
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
