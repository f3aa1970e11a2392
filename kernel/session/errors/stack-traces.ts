/**
 * Stack traces that name places in what the user wrote: `Cell In[3]:2:9`, or a line of a module before it was compiled.
 * Every error of the session has such a `stack`, so it reads the same in a traceback, on the console and as a value.
 */
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../../../src/platform/package-root.js";
import type { Place } from "../../shared/place-lines.js";
import type { Program } from "../../shared/session-messages.js";
import { withoutShadowing } from "../../shared/shadowed-names.js";
import { listOf } from "../realm/lists.js";
import { withoutCounts } from "./module-urls.js";

const { toString: writeTitle } = Error.prototype;
/** How deep V8 records a stack: libraries such as tfjs need more than its 10 to reach the cell that called them. */
const STACK_DEPTH = 50;
const KERNEL_FOLDER = join(packageRoot, "dist/kernel");
/** The file, of any folder, in whose name Node's own `import()` is called: there is none, and no frame of it is shown. */
export const IMPORTER_FILE = "__cell.js";
const CELL_PLACE = /rnnlab:\/\/\/cell\/\d+:\d+:\d+/g;
const PLACE = /^(.*):(\d+):(\d+)$/s;

/** The name under which V8 knows a cell's script. */
export function scriptName(serial: number): string {
  return `rnnlab:///cell/${serial}`;
}

/** What a script was compiled from. */
interface Source {
  /** How a stack names it. */
  readonly label: string;
  /** The source map as JSON: few are ever needed. */
  readonly json: string;
  map?: SourceMap;
  /** How many lines stand before the first line in the text that the map refers to. */
  readonly headerLines: number;
}

/** By the name under which V8 knows the script; undefined for a file that was not compiled. */
const sources = new Map<string, Source | undefined>();
/** The text of each source, by its label. */
const texts = new Map<string, string>();
/** The serial of the latest cell of each label. */
const serials = new Map<string, number>();

function remember(script: string, label: string, text: string, json: string, headerLines: number): void {
  sources.set(script, { label, json, headerLines });
  texts.set(label, text);
}

/** Remembers a cell's source, so that stack lines can point into it for as long as its functions live. */
export function rememberCell(serial: number, label: string, program: Program): void {
  remember(scriptName(serial), label, program.source, program.sourceMap, program.headerLines);
  serials.set(label, serial);
}

/** Remembers what a file that was compiled looks like, as {@link rememberCell} does for cells. */
export function rememberSource(file: string, text: string, sourceMap: string): void {
  remember(file, file, text, sourceMap, 0);
}

/** What a script of the user's was compiled from; undefined for one that was not compiled. */
export function compiledScript(script: string): (Source & { readonly text: string }) | undefined {
  const source = sources.get(script);
  if (source === undefined) return undefined;
  return { ...source, text: texts.get(source.label) ?? "" };
}

/** Forgets the source map of a file that has changed. */
export function forgetSource(file: string): void {
  sources.delete(file);
}

/** The serial of the cell that a stack first comes through, if any. */
export function cellOfStack(stack: string): number | undefined {
  for (const [, label] of stack.matchAll(/(Cell In\[\d+\]):\d+:\d+/g)) {
    const serial = serials.get(label ?? "");
    if (serial !== undefined) return serial;
  }
  return undefined;
}

/** From here on the stacks of errors name the user's places, and leave out the kernel and Node's own modules. */
export function installStackTraces(): void {
  Error.stackTraceLimit = STACK_DEPTH;
  Error.prepareStackTrace = (error, frames) =>
    [
      titleOf(error),
      ...listOf(frames)
        .filter((frame) => !isInternal(frame))
        .map((frame) => `    at ${lineOf(frame)}`),
    ].join("\n");
}

/** What V8 itself writes above the frames. */
function titleOf(error: Error): string {
  try {
    return withoutShadowing(Reflect.apply(writeTitle, error, []));
  } catch {
    // A getter of the user's may throw: no reason to have no stack at all.
    return "<error>";
  }
}

function isInternal(frame: NodeJS.CallSite): boolean {
  const file = frame.getScriptNameOrSourceURL();
  // The promise's executor is native code between two frames. Only the user's are of interest.
  if (!file) return frame.isConstructor() && frame.getFunctionName() === "Promise";
  return file.startsWith(KERNEL_FOLDER) || file.startsWith("node:") || file.endsWith(IMPORTER_FILE);
}

/** Whether an `at …` line is of no interest to the user, in a stack that is not of our making. */
function isInternalLine(line: string): boolean {
  return (
    line.includes(KERNEL_FOLDER) ||
    line.includes(IMPORTER_FILE) ||
    /\(?node:/.test(line) ||
    line.includes("at new Promise (<anonymous>)")
  );
}

function lineOf(frame: NodeJS.CallSite): string {
  const text = String(frame);
  const file = frame.getScriptNameOrSourceURL();
  if (!file || file.startsWith("rnnlab:")) return text.replace(CELL_PLACE, originalPlace);
  const place = `${file}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
  return text.replace(place, () => originalPlace(place));
}

/** `script:line:column` in compiled code → the same in the text that it was compiled from. */
function originalPlace(place: string): string {
  const [, script = "", line, column] = PLACE.exec(place) ?? [];
  const source = sourceOf(script);
  if (source === undefined) return withoutCounts(place);
  source.map ??= new SourceMap(JSON.parse(source.json));
  const entry = source.map.findEntry(Number(line) - 1, Number(column) - 1);
  if (!("originalLine" in entry)) return `${source.label}:1:1`;
  return `${source.label}:${entry.originalLine - source.headerLines + 1}:${entry.originalColumn + 1}`;
}

function sourceOf(script: string): Source | undefined {
  if (!sources.has(script)) {
    sources.set(script, undefined);
    const file = localFile(script);
    if (file !== undefined) readMapOf(script, file);
  }
  return sources.get(script);
}

/** The path of a file that the user may have written: of no package and not of Node. */
function localFile(script: string): string | undefined {
  const path = script.startsWith("file:") ? fileURLToPath(script) : script;
  return isAbsolute(path) && !/[\\/]node_modules[\\/]/.test(path) ? path : undefined;
}

const MAP_COMMENT = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/m;

/** Remembers what a file was compiled from, as the source map says that it carries or that lies beside it. */
function readMapOf(script: string, file: string): void {
  try {
    const url = MAP_COMMENT.exec(readFileSync(file, "utf8"))?.[1];
    if (url === undefined) return;
    const inline = /^data:application\/json[^,]*;base64,(.*)$/.exec(url)?.[1];
    const json =
      inline === undefined
        ? readFileSync(resolve(dirname(file), url), "utf8")
        : Buffer.from(inline, "base64").toString();
    const map = JSON.parse(json) as ConstructorParameters<typeof SourceMap>[0];
    const [source] = map.sources;
    // What a bundler has put together is not what the user is working on.
    if (source === undefined || map.sources.length > 1) return;
    const label = resolve(dirname(file), map.sourceRoot ?? "", source);
    // Maps need not carry their sources, whatever the type says.
    const [text = readFileSync(label, "utf8")] = (map.sourcesContent as string[] | undefined) ?? [];
    remember(script, label, text, json, 0);
  } catch {
    // A map that cannot be used: the places in the compiled file are right, too.
  }
}

/** A frame of a stack: the function's name, empty at the top level, and the place if it is the user's. */
export interface Frame {
  readonly name: string;
  readonly place: Place | undefined;
}

/** The `at …` lines of a stack, also of one that a library or another context has written. */
export function framesOf(stack: string): string[] {
  return stack
    .split("\n")
    .filter((line) => isFrame(line) && !isInternalLine(line))
    .map((line) => line.replace(CELL_PLACE, originalPlace));
}

export const isFrame = (line: string): boolean => /^\s+at /.test(line);

/** Reads an `at …` line of a stack. */
export function readFrame(text: string): Frame {
  const frame = text.trim().replace(/^at (?:async )?/, "");
  const [, name = "", inner] = /^(.*?) \((.*)\)$/s.exec(frame) ?? [];
  const [, label = "", line, column] = PLACE.exec(inner ?? frame) ?? [];
  const isUsers = serials.has(label) || localFile(label) !== undefined;
  return {
    name: inner === undefined || name === "<anonymous>" || name === "eval" ? "" : name,
    place: isUsers ? { label, line: Number(line), column: Number(column) } : undefined,
  };
}

/** The line of the user's text at a place; undefined where it cannot be had. */
export function lineAt({ label, line }: Place): string | undefined {
  const file = localFile(label);
  try {
    const text = texts.get(label) ?? (file === undefined ? undefined : readFileSync(file, "utf8"));
    return text?.split("\n")[line - 1];
  } catch {
    // Deleted since it was loaded.
    return undefined;
  }
}
