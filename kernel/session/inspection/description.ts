/** Values in words, without a getter or code of the value's own being run. */
import { inspect, types } from "node:util";
import { withoutShadowing } from "../../shared/shadowed-names.js";

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

export const isComposite = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** An own property that is data; a getter is not asked. */
function data(value: object, key: PropertyKey): unknown {
  return Reflect.getOwnPropertyDescriptor(value, key)?.value;
}

/** The class of a value as its prototype says it, without asking the value. */
export function classOf(value: unknown): string {
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
  const frame = frameOf(value);
  if (frame !== undefined) return `${name} [${frame.rows}, ${frame.columns.length}]`;
  const isLong =
    !Array.isArray(value) && !types.isTypedArray(value) && Reflect.ownKeys(value).length > MOST_PROPERTIES;
  if (isLong) return `${name} {… ${Reflect.ownKeys(value).length} properties}`;
  return inspect(value, OPTIONS);
}

/** A data frame or series of danfojs: its own shape and columns are getters. */
interface Frame {
  readonly rows: number;
  /** The columns' names. */
  readonly columns: readonly unknown[];
  /** The columns' values; none where the frame keeps only its rows. */
  readonly values: readonly unknown[] | undefined;
}

/** What of a data frame is looked at; undefined for any other value. */
export function frameOf(value: object): Frame | undefined {
  const rows = data(value, "$data");
  const columns = data(value, "$columns");
  if (!Array.isArray(rows) || !Array.isArray(columns)) return undefined;
  const kept = data(value, "$isSeries") === true ? [rows] : data(value, "$dataIncolumnFormat");
  const values = Array.isArray(kept) && kept.length === columns.length ? kept : undefined;
  return { rows: rows.length, columns, values };
}

export function describe(value: unknown): string {
  let text: string;
  try {
    text = withoutShadowing(textOf(value));
  } catch {
    // The value has changed what Node asks of all.
    text = `[${typeof value}]`;
  }
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}

const getter = (prototype: object, key: string): (() => number) =>
  Reflect.getOwnPropertyDescriptor(prototype, key)?.get as () => number;
const sizeOfMap = getter(Map.prototype, "size");
const sizeOfSet = getter(Set.prototype, "size");
const sizeOfArray = getter(Reflect.getPrototypeOf(Uint8Array.prototype) as object, "length");
export const mapSize = (value: object): number => Reflect.apply(sizeOfMap, value, []);
export const setSize = (value: object): number => Reflect.apply(sizeOfSet, value, []);
export const lengthOf = (value: object): number => Reflect.apply(sizeOfArray, value, []);
