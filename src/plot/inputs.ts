import { briefly, requireOneOf } from "../arguments.js";

/** The options of figures that are texts. */
const TEXTS = new Set(["title", "xLabel", "yLabel", "xUnit", "yUnit", "valueLabel", "valueUnit"]);

/** The options of figures that are one of some words. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  xScale: ["linear", "log"],
  yScale: ["linear", "log"],
  measure: ["count", "share"],
  share: ["none", "x", "y", "both"],
};

/**
 * Makes sure that an argument is an object, whoever called without types.
 *
 * @param action - what cannot be done, as "plot bars"
 * @param name - of the argument
 * @param value - what was given
 * @throws {TypeError} when it is none
 */
export function requireObject(action: string, name: string, value: unknown): asserts value is object {
  if (typeof value === "object" && value !== null) return;
  throw new TypeError(`Cannot ${action}: ${name} must be an object, got ${briefly(value)}`);
}

/**
 * Makes sure that an argument is an array or what is like one.
 *
 * @param action - what cannot be done
 * @param name - of the argument
 * @param value - what was given
 * @throws {TypeError} when it is none
 */
export function requireList(
  action: string,
  name: string,
  value: unknown,
): asserts value is ArrayLike<unknown> {
  if (typeof value === "object" && value !== null && "length" in value && Number.isInteger(value.length))
    return;
  throw new TypeError(`Cannot ${action}: ${name} must be an array, got ${briefly(value)}`);
}

/**
 * Makes sure that labels are a list where they are given. A text is a list of its letters.
 *
 * @param action - what cannot be done
 * @param labels - by the names of the arguments
 * @throws {TypeError} when they are none
 */
export function requireLabels(action: string, labels: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(labels)) {
    if (value !== undefined && typeof value !== "string") requireList(action, name, value);
  }
}

/**
 * Makes sure that an argument is a text.
 *
 * @param action - what cannot be done
 * @param name - of the argument
 * @param value - what was given
 * @throws {TypeError} when it is none
 */
export function requireText(action: string, name: string, value: unknown): void {
  if (typeof value === "string") return;
  throw new TypeError(`Cannot ${action}: ${name} must be a string, got ${briefly(value)}`);
}

/**
 * Makes sure that options of a figure are what their types say.
 *
 * @param action - what cannot be done
 * @param options - of the figure
 * @throws {TypeError} when they are no object, or one is no text that must be one
 * @throws {RangeError} when one is none of the words that it may be
 */
export function requireOptions(action: string, options: object): void {
  requireObject(action, "options", options);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (TEXTS.has(name)) requireText(action, name, value);
    if (Object.hasOwn(CHOICES, name)) requireOneOf(action, name, value, CHOICES[name] ?? []);
    if (name === "range") requireList(action, name, value);
  }
}

/**
 * Reads an argument that is one thing or a list of them.
 *
 * @param action - what cannot be done
 * @param name - of the argument
 * @param given - what was given
 * @param lists - what each thing must hold a list of
 * @returns the things
 * @throws {TypeError} when one is no object, or what it must hold is no list
 */
export function listed<Item extends object>(
  action: string,
  name: string,
  given: Item | readonly Item[],
  lists: readonly (keyof Item & string)[],
): readonly Item[] {
  const isList = (value: Item | readonly Item[]): value is readonly Item[] => Array.isArray(value);
  const items = isList(given) ? given : [given];
  for (const [index, item] of items.entries()) {
    const place = isList(given) ? `${name}[${index}]` : name;
    requireObject(action, place, item);
    for (const key of lists) requireList(action, `${place}.${key}`, item[key]);
  }
  return items;
}
