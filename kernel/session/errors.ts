import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname } from "node:path";
import { inspect } from "node:util";
import type { ErrorReport, Program } from "./protocol.js";

/** Where V8 says that code is; the line and column refer to the compiled JavaScript. */
const LOCATION = /\(?([^\s()]+):(\d+):(\d+)\)?$/;
const CELL_LOCATION = /rnnlab:\/\/\/cell\/(\d+):\d+:\d+/;
/** How many frames of other code are shown in a row. */
const FRAMES_SHOWN = 4;
/** How deep V8 records a stack: libraries such as tfjs need more than its 10 to reach the cell that called them. */
export const STACK_DEPTH = 50;
const KERNEL_FOLDER = dirname(__dirname);

/** The name under which V8 knows a cell's script. */
export function scriptName(serial: number): string {
  return `rnnlab:///cell/${serial}`;
}

/** A text that code was compiled from. */
interface Source {
  readonly label: string;
  readonly lines: readonly string[];
  readonly map: SourceMap;
  /** How many lines stand before the first line in the text that the map refers to. */
  readonly headerLines: number;
}

/** By the name under which V8 knows the script. */
const sources = new Map<string, Source>();

/** Remembers a cell's source, so that stack lines can point into it for as long as its functions live. */
export function rememberCell(serial: number, label: string, program: Program): void {
  sources.set(scriptName(serial), {
    label,
    lines: program.source.split("\n"),
    map: new SourceMap(JSON.parse(program.sourceMap)),
    headerLines: program.headerLines,
  });
}

/** Remembers what a file that was compiled looks like, as {@link rememberCell} does for cells. */
export function rememberSource(file: string, sourceMap: string): void {
  const lines = readFileSync(file, "utf8").split("\n");
  sources.set(file, { label: file, lines, map: new SourceMap(JSON.parse(sourceMap)), headerLines: 0 });
}

/** The serial of the cell that a stack trace begins in, if any. */
export function cellOfStack(error: unknown): number | undefined {
  const match = error instanceof Error ? CELL_LOCATION.exec(stackOf(error)) : null;
  return match === null ? undefined : Number(match[1]);
}

interface Position {
  readonly source: Source;
  readonly line: number;
  readonly column: number;
}

function positionOf(frame: string): Position | undefined {
  const match = LOCATION.exec(frame);
  const source = sources.get(match?.[1] ?? "");
  if (match === null || source === undefined) return undefined;
  const entry = source.map.findEntry(Number(match[2]) - 1, Number(match[3]) - 1);
  if (!("originalLine" in entry)) return { source, line: 1, column: 1 };
  return { source, line: entry.originalLine - source.headerLines + 1, column: entry.originalColumn + 1 };
}

/** `at name (place)` → the name, without what V8 calls a script's top level. */
function functionOf(frame: string): string {
  const name = /^\s*at (?:async )?(.+?) \(/.exec(frame)?.[1];
  return name === undefined || name === "<anonymous>" || name === "eval" ? "" : `, in ${name}`;
}

function excerpt({ source, line, column }: Position): string[] {
  const text = source.lines[line - 1];
  if (text === undefined) return [];
  const gutter = String(line).padStart(6);
  // Tabs stay tabs, so that the caret stands below its character at any tab width.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  return [`${gutter} | ${text}`, `${" ".repeat(6)} | ${indent}^`];
}

function isInternal(frame: string): boolean {
  return (
    frame.includes(KERNEL_FOLDER) || /\(?node:/.test(frame) || frame.includes("at new Promise (<anonymous>)")
  );
}

/** The readable lines for the `at …` lines of a stack: cells by number with the source line, no frames of the kernel. */
function describeFrames(frames: readonly string[]): string[] {
  const described: string[] = [];
  const foreign: string[] = [];
  let shown = false;
  for (const frame of frames) {
    const position = positionOf(frame);
    if (position === undefined) {
      if (!isInternal(frame)) foreign.push(`    ${frame.trim()}`);
      continue;
    }
    described.push(...folded(foreign.splice(0)));
    const { source, line, column } = position;
    described.push(`  ${source.label}, line ${line}, column ${column}${functionOf(frame)}`);
    if (!shown) described.push(...excerpt(position));
    shown = true;
  }
  return [...described, ...folded(foreign)];
}

/** Of many frames between two of the user's own, only the first few help. */
function folded(frames: readonly string[]): string[] {
  if (frames.length <= FRAMES_SHOWN) return [...frames];
  return [...frames.slice(0, FRAMES_SHOWN), `    … ${frames.length - FRAMES_SHOWN} more frames`];
}

/** An error's stack; user code may have made reading it fail. */
function stackOf(error: Error): string {
  try {
    return typeof error.stack === "string" ? error.stack : String(error);
  } catch (failure) {
    return `${error.name}: ${error.message}\n(its stack cannot be read: ${String(failure)})`;
  }
}

const isFrame = (line: string): boolean => /^\s+at /.test(line);

function describeError(error: Error, seen: ReadonlySet<unknown>): string[] {
  const stack = stackOf(error);
  const lines = stack.split("\n");
  const firstFrame = lines.findIndex(isFrame);
  const head = firstFrame === -1 ? lines : lines.slice(0, firstFrame);
  const frames = firstFrame === -1 ? [] : lines.slice(firstFrame).filter(isFrame);
  const described = [...head, ...describeFrames(frames)];
  const inner = new Set([...seen, error]);
  if (error instanceof AggregateError) {
    for (const [index, each] of error.errors.entries()) {
      described.push(`  [errors ${index}]`, ...describeThrown(each, inner).map((line) => `  ${line}`));
    }
  }
  if (error.cause !== undefined) described.push("", "Caused by:", ...describeThrown(error.cause, inner));
  return described;
}

function describeThrown(value: unknown, seen: ReadonlySet<unknown>): string[] {
  if (seen.has(value)) return ["[circular]"];
  return value instanceof Error ? describeError(value, seen) : inspect(value).split("\n");
}

function nameOf(value: unknown): string {
  if (value instanceof Error) return String(value.name || value.constructor?.name || "Error");
  return "Thrown";
}

/** Turns anything that was thrown into what Jupyter's `error` message carries. */
export function reportError(value: unknown): ErrorReport {
  const evalue = value instanceof Error ? String(value.message) : inspect(value);
  const traceback = describeThrown(value, new Set());
  // A thrown non-Error has no stack to show: say at least what happened.
  if (!(value instanceof Error)) traceback[0] = `Thrown: ${traceback[0] ?? ""}`;
  return { ename: nameOf(value), evalue, traceback };
}

/** The report of a cell that an interrupt stopped. */
export function interruptReport(): ErrorReport {
  const evalue = "the cell was interrupted";
  return { ename: "KeyboardInterrupt", evalue, traceback: [`KeyboardInterrupt: ${evalue}`] };
}
