import { inspect } from "node:util";

/**
 * A value that is not what it must be, as messages show it.
 *
 * @param value - any value
 * @returns JSON, cut where it is long; of what JSON cannot say, the kind
 */
export function quote(value: unknown): string {
  const text = jsonOf(value) ?? `a ${typeof value}`;
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function jsonOf(value: unknown): string | undefined {
  if (value === undefined || typeof value === "number") return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    // Cyclic, or a bigint: then its kind must do.
    return undefined;
  }
}

/**
 * A shape, as messages show it.
 *
 * @param shape - sizes of the axes; null where one is left open
 * @returns such as [32, 10]
 */
export function quoteShape(shape: readonly (number | null)[]): string {
  return `[${shape.map((size) => size ?? "n").join(", ")}]`;
}

/**
 * A value that is not what it must be, as a person writes it: objects by their class alone.
 *
 * @param value - any value
 * @returns one line
 */
export function briefly(value: unknown): string {
  return inspect(value, { depth: -1, maxStringLength: 40 });
}

/**
 * Names a value's type in an error.
 *
 * @param value - anything
 * @returns such as number[][], Float32Array, null, string
 */
export function typeName(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `${typeName(value[0])}[]`;
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  return value.constructor?.name ?? "Object";
}

/**
 * Makes sure that an argument is an integer.
 *
 * @param action - what cannot be done, as "build LSTM"
 * @param name - of the argument
 * @param value - what was given
 * @param least - the least that is allowed
 * @param most - the greatest that is allowed
 * @throws {RangeError} when it is none, or out of range
 */
export function requireInteger(
  action: string,
  name: string,
  value: unknown,
  least: number,
  most = Number.POSITIVE_INFINITY,
): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  throw new RangeError(`Cannot ${action}: ${name} must be ${integers(least, most)}, got ${quote(value)}`);
}

function integers(least: number, most: number): string {
  if (most !== Number.POSITIVE_INFINITY) return `an integer from ${least} to ${most}`;
  if (least > 1) return `an integer from ${least}`;
  return least === 1 ? "a positive integer" : "a non-negative integer";
}

/**
 * Makes sure that an argument is one of some strings.
 *
 * @param action - what cannot be done
 * @param name - of the argument
 * @param value - what was given
 * @param allowed - the strings
 * @throws {RangeError} when it is another
 */
export function requireOneOf(action: string, name: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.some((one) => one === value)) return;
  const written = allowed.map((one) => JSON.stringify(one));
  const rule = [written.slice(0, -1).join(", "), ...written.slice(-1)].join(" or ");
  throw new RangeError(`Cannot ${action}: ${name} must be ${rule}, got ${briefly(value)}`);
}
