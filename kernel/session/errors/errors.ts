import { types } from "node:util";
import { INTERRUPT_REPORT } from "../../shared/interrupt-report.js";
import { type Place, placeLines } from "../../shared/place-lines.js";
import type { ErrorReport } from "../../shared/session-messages.js";
import { withoutShadowing } from "../../shared/shadowed-names.js";
import { callGuarded, interruptibly } from "../interrupts/guarded-call.js";
import { listOf } from "../realm/lists.js";
import { inspectSafely } from "./inspect-safely.js";
import { withoutCounts } from "./module-urls.js";
import { cellOfStack, framesOf, isFrame, lineAt, readFrame } from "./stack-traces.js";
import { isError, stackOfThrown } from "./thrown-values.js";

/** How many frames of other code are shown in a row. */
const FRAMES_SHOWN = 4;
/** How many places are shown with their source line. */
const EXCERPTS_SHOWN = 5;
/** How many errors of an AggregateError, and how many causes of causes, are shown. */
const ERRORS_SHOWN = 10;
const PROPERTIES_SHOWN = 10;
const LONGEST_MESSAGE = 10_000;
const LONGEST_PROPERTY = 500;
const LONGEST_STACK = 100_000;
const LONGEST_LINE = 120;
/** What an error shows in another way than the properties that a library has added to it. */
const STANDARD = new Set(["name", "message", "stack", "cause", "errors"]);

/** A property of an error; user code may have made reading it fail. */
function read(error: object, key: string): unknown {
  try {
    return Reflect.get(error, key);
  } catch (failure) {
    return `(its ${key} cannot be read: ${String(failure)})`;
  }
}

const nameOf = (error: Error): string =>
  String(
    read(error, "name") || (read(error, "constructor") as { name?: unknown } | undefined)?.name || "Error",
  );

const messageOf = (error: Error): string => withoutShadowing(String(read(error, "message") ?? ""));

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}… ${text.length - longest} more characters`;
}

/** The text above an error's frames, and the frames. */
function partsOf(error: Error): { readonly head: string; readonly frames: readonly string[] } {
  const name = nameOf(error);
  const message = messageOf(error);
  const title = message === "" ? name : `${name}: ${message}`;
  const whole = read(error, "stack");
  if (typeof whole !== "string") return { head: title, frames: [] };
  const stack = withoutCounts(whole.slice(0, title.length + LONGEST_STACK));
  // A message may have lines that look like frames. What stands above it may say where a file does not parse.
  const start = stack.indexOf(title);
  if (start !== -1) {
    const end = start + title.length;
    return { head: stack.slice(0, end), frames: framesOf(stack.slice(end)) };
  }
  // A stack of the user's making is shown whole; one that begins with a title was made before the name or message changed.
  const own = /^[\w$.]*Error\b/.test(stack) || stack.startsWith(name) ? [] : stack.split("\n").filter(isText);
  return { head: [title, ...own].join("\n"), frames: framesOf(stack) };
}

const isText = (line: string): boolean => line !== "" && !isFrame(line);

function excerpt(place: Place): string[] {
  const text = lineAt(place);
  if (text === undefined) return [];
  // Of a line that no person has written, what is around the place.
  const from = text.length <= LONGEST_LINE ? 0 : Math.max(0, place.column - LONGEST_LINE / 2);
  const shown = text.slice(from, from + LONGEST_LINE);
  // Tabs stay tabs, so that the caret stands below its character at any tab width.
  const indent = shown.slice(0, place.column - 1 - from).replace(/[^\t]/g, " ");
  return [`${String(place.line).padStart(6)} | ${shown}`, `${" ".repeat(6)} | ${indent}^`];
}

/** The readable lines for the `at …` lines of a stack: the user's own places, the first of them with their source line. */
function describeFrames(frames: readonly string[]): string[] {
  const described: string[] = [];
  const foreign: string[] = [];
  const shown = new Set<string>();
  let latest = "";
  let repeated = 0;
  const endRepetition = (): void => {
    if (repeated > 0) described.push(`    … ${repeated} more time${repeated === 1 ? "" : "s"}`);
    repeated = 0;
  };
  for (const text of frames) {
    const { name, place } = readFrame(text);
    if (place === undefined) {
      foreign.push(`    ${cut(text.trim(), LONGEST_PROPERTY)}`);
      continue;
    }
    const lines = placeLines(place, name).map((line) => `  ${line}`);
    const key = lines.join("\n");
    if (key === latest && foreign.length === 0) {
      repeated++;
      continue;
    }
    endRepetition();
    described.push(...folded(foreign.splice(0)), ...lines);
    if (shown.size < EXCERPTS_SHOWN && !shown.has(key)) described.push(...excerpt(place));
    shown.add(key);
    latest = key;
  }
  endRepetition();
  return [...described, ...folded(foreign)];
}

/** Of many frames between two of the user's own, only the first few help. */
function folded(frames: readonly string[]): string[] {
  if (frames.length <= FRAMES_SHOWN) return [...frames];
  return [...frames.slice(0, FRAMES_SHOWN), `    … ${frames.length - FRAMES_SHOWN} more frames`];
}

/** What a library or the user has added to an error: a status, a code, a path. */
function describeProperties(error: Error): string[] {
  const keys = Object.keys(error).filter((key) => !STANDARD.has(key));
  const described = keys.slice(0, PROPERTIES_SHOWN).flatMap((key) => {
    const value = inspectThrown(read(error, key), 1);
    return cut(`  ${key}: ${value}`, LONGEST_PROPERTY).replaceAll("\n", "\n  ").split("\n");
  });
  const left = keys.length - PROPERTIES_SHOWN;
  return left > 0 ? [...described, `  … ${left} more properties`] : described;
}

function describeError(error: Error, within: readonly unknown[]): string[] {
  const { head, frames } = partsOf(error);
  const described = [
    ...cut(head, LONGEST_MESSAGE).split("\n"),
    ...describeFrames(frames),
    ...describeProperties(error),
  ];
  const path = [...within, error];
  const errors = read(error, "errors");
  if (Array.isArray(errors)) {
    for (const [index, each] of listOf(errors).slice(0, ERRORS_SHOWN).entries()) {
      described.push(`  [errors ${index}]`, ...describeThrown(each, path).map((line) => `  ${line}`));
    }
    const left = errors.length - ERRORS_SHOWN;
    if (left > 0) described.push(`  … ${left} more errors`);
  }
  const cause = read(error, "cause");
  if (cause !== undefined) described.push("", "Caused by:", ...describeThrown(cause, path));
  return described;
}

const inspectThrown = (value: unknown, depth = 2): string =>
  inspectSafely(value, { depth, maxArrayLength: 20, maxStringLength: LONGEST_MESSAGE });

/** @param within - the errors that this one is a part of */
function describeThrown(value: unknown, within: readonly unknown[]): string[] {
  if (within.includes(value)) return ["[circular]"];
  if (within.length === ERRORS_SHOWN) return ["…"];
  if (isError(value)) return describeError(value, within);
  return cut(`${inspectThrown(value)}${ownText(value)}`, LONGEST_MESSAGE).split("\n");
}

/** What an object that is no error says of itself, where its class has a `toString` of its own. */
function ownText(value: unknown): string {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return "";
  try {
    const write: unknown = Reflect.get(value, "toString");
    const own =
      typeof write === "function" && !Function.prototype.toString.call(write).includes("[native code]");
    return own ? ` (${String(value)})` : "";
  } catch {
    // Then it says nothing.
    return "";
  }
}

/** Turns anything that was thrown into what Jupyter's `error` message carries. */
export function reportError(value: unknown): ErrorReport {
  const { ename, evalue, traceback } = describeReport(value);
  const shorten = (text: string): string => cut(text, LONGEST_MESSAGE);
  return { ename: shorten(ename), evalue: shorten(evalue), traceback: traceback.map(shorten) };
}

function describeReport(value: unknown): ErrorReport {
  let report: ErrorReport | undefined;
  try {
    // User code takes part in describing its own errors; whatever it does, the cell must end.
    interruptibly(() => callGuarded(() => (report = reportOf(value))));
    return report ?? INTERRUPT_REPORT;
  } catch (failure) {
    const evalue = `an error that cannot be described (${typeof failure === "string" ? failure : types.isNativeError(failure) ? failure.message : typeof failure})`;
    return { ename: "Error", evalue, traceback: [`Error: ${evalue}`] };
  }
}

function reportOf(value: unknown): ErrorReport {
  const traceback = describeThrown(value, []);
  if (isError(value)) return { ename: nameOf(value), evalue: messageOf(value), traceback };
  const evalue = traceback.join("\n");
  const places = describeFrames(framesOf(stackOfThrown(value) ?? ""));
  return {
    ename: "Thrown",
    evalue,
    traceback: [`Thrown: ${traceback[0]}`, ...traceback.slice(1), ...places],
  };
}

/** The serial of the cell that an error comes from, if its stack says so. */
export function cellOfError(error: unknown): number | undefined {
  let stack: unknown;
  interruptibly(() => callGuarded(() => (stack = isError(error) ? read(error, "stack") : undefined)));
  return typeof stack === "string" ? cellOfStack(stack) : undefined;
}
