import { inspect, types } from "node:util";
import { isTensor, type Tensor } from "../views/tensors.js";
import { classOf, describe, frameOf, lengthOf } from "./description.js";

/** Of more numbers the range is not looked for: that would take more than 2 ms. */
const MOST_NUMBERS = 1_000_000;
const MOST_COLUMNS = 20;
const LONGEST_STRING = 100;

/** Says in one line what a value is, without running code of the user's: its kind, size and range. */
export function valueNow(value: unknown): string {
  if (typeof value === "string") return stringNow(value);
  if (typeof value !== "object" || value === null || types.isProxy(value)) return describe(value);
  if (isTensor(value)) return tensorNow(value);
  if (types.isTypedArray(value))
    return `${classOf(value)}, ${count(lengthOf(value), "element")}${rangeOf(value)}`;
  if (Array.isArray(value)) return `${count(value.length, "element")}: ${describe(value)}`;
  const frame = frameOf(value);
  if (frame !== undefined) return frameNow(value, frame);
  return describe(value);
}

function stringNow(value: string): string {
  if (value.length <= LONGEST_STRING) return inspect(value);
  return `${count(value.length, "character")}: ${inspect(value.slice(0, LONGEST_STRING))}…`;
}

function tensorNow(tensor: Tensor): string {
  const { shape, dtype, size, isDisposed } = tensor;
  const title = `${classOf(tensor)} [${shape.join(", ")}] ${dtype}`;
  if (isDisposed) return `${title}, disposed`;
  const values = size > 0 && size <= MOST_NUMBERS ? tensor.dataSync() : undefined;
  return types.isTypedArray(values) ? `${title}${rangeOf(values)}` : title;
}

function frameNow(frame: object, { rows, columns }: { rows: number; columns: readonly unknown[] }): string {
  const names = columns.slice(0, MOST_COLUMNS).map(String);
  const more = columns.length > MOST_COLUMNS ? [`… and ${columns.length - MOST_COLUMNS} more`] : [];
  return `${classOf(frame)}, ${count(rows, "row")} of ${[...names, ...more].join(", ")}`;
}

/** `, from -0.5 to 2`, and how many are no numbers. */
function rangeOf(values: NodeJS.TypedArray): string {
  const length = lengthOf(values);
  if (length === 0 || length > MOST_NUMBERS || typeof values[0] === "bigint") return "";
  let [least, most, missing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < length; i++) {
    const value = values[i] as number;
    if (value < least) least = value;
    if (value > most) most = value;
    if (Number.isNaN(value)) missing++;
  }
  const range = missing === length ? "" : `, from ${short(least)} to ${short(most)}`;
  return missing === 0 ? range : `${range}, ${missing} NaN`;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

const count = (number: number, noun: string): string =>
  `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
