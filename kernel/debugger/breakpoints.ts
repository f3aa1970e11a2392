import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { CompilerClient } from "../compiler/client/compiler-client.js";
import type { Json } from "../protocol/wire.js";
import type { CodePlace } from "../shared/compiler-messages.js";
import type { Command } from "./inspector.js";
import { numberArgument } from "./protocol.js";
import { type CompiledCell, cellUrl, pathOf, type Scripts, type Written, writtenCell } from "./scripts.js";

/** A breakpoint as a front end has set it, on the line at which it stops. */
interface Breakpoint {
  readonly id: number;
  readonly line: number;
  readonly condition: string | undefined;
  readonly logMessage: string | undefined;
  /** Why it cannot stop anything. */
  readonly problem: string | undefined;
}

interface Source {
  readonly text: string;
  readonly breakpoints: readonly Breakpoint[];
  /** V8's own numbers of them. */
  readonly set: string[];
}

const IN_WORKER =
  "Worker threads cannot be stopped: only the notebook's main thread can, and it has not loaded this file";
const UNKNOWN = "There is no such cell or module";
const optionalText = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;

/** Where the code of a line begins, for the compiler. */
function placeIn({ source, file }: Pick<Written, "source" | "file">, line: number): CodePlace {
  const text = source.split("\n")[line - 1] ?? "";
  return { source, file, line, column: text.length - text.trimStart().length + 1 };
}

/** The breakpoints of all cells and modules, by the paths that front ends know. */
export class Breakpoints {
  readonly #compiler: CompilerClient;
  readonly #scripts: Scripts;
  readonly #command: Command;
  readonly #sources = new Map<string, Source>();
  #lastId = 0;

  constructor(compiler: CompilerClient, scripts: Scripts, command: Command) {
    this.#compiler = compiler;
    this.#scripts = scripts;
    this.#command = command;
  }

  /** As `debugInfo` tells them. */
  get list(): readonly Json[] {
    return [...this.#sources]
      .filter(([, { breakpoints }]) => breakpoints.length > 0)
      .map(([source, { breakpoints }]) => ({ source, breakpoints: breakpoints.map(described) }));
  }

  clear(): void {
    this.#sources.clear();
  }

  /** Replaces the breakpoints of a path. @returns what has become of each */
  async set(path: string, wanted: readonly Json[]): Promise<Json[]> {
    const before = this.#sources.get(path);
    for (const breakpointId of before?.set ?? [])
      await this.#command("Debugger.removeBreakpoint", { breakpointId });
    const cell = this.#scripts.cellAt(path);
    const module = cell === undefined ? await this.#scripts.writtenModule(path) : undefined;
    const text = cell ?? module?.source;
    const lines = text === undefined ? [] : await this.#compiler.call("linesWithCode", text);
    const place = { source: text ?? "", file: module?.file };
    const refused = text === undefined ? UNKNOWN : this.#isOfWorker(path, text) ? IN_WORKER : undefined;
    const breakpoints = await Promise.all(
      wanted.map(async (each): Promise<Breakpoint> => {
        const asked = numberArgument(each, "line");
        const line = lines.find((one) => one >= asked) ?? lines.at(-1) ?? asked;
        const [condition, logMessage] = [optionalText(each.condition), optionalText(each.logMessage)];
        const compiled = await this.#conditionAt(placeIn(place, line), condition, logMessage);
        const problem = refused ?? ("problem" in compiled ? compiled.problem : undefined);
        return { id: ++this.#lastId, line, condition, logMessage, problem };
      }),
    );
    const source: Source = { text: text ?? "", breakpoints, set: [] };
    this.#sources.set(path, source);
    for (const each of this.#scripts.cellsAt(path))
      await this.#place(source, cellUrl(each.serial), writtenCell(each));
    if (module !== undefined && refused === undefined) await this.#placeModule(path, source, module);
    return breakpoints.map((each) => ({
      id: each.id,
      verified: each.problem === undefined,
      line: each.line,
      source: { path },
      ...(each.problem === undefined ? {} : { message: each.problem }),
    }));
  }

  /** Sets those of a cell that is about to run; undefined where it has none. */
  before(cell: CompiledCell): Promise<void> | undefined {
    const source = this.#sources.get(pathOf(cell.code));
    if (source === undefined || source.breakpoints.length === 0) return undefined;
    return this.#place(source, cellUrl(cell.serial), writtenCell(cell));
  }

  /** Sets those of modules anew: the session is another one. */
  async renew(): Promise<void> {
    for (const [path, source] of this.#sources) {
      source.set.length = 0;
      const module =
        this.#scripts.cellAt(path) === undefined ? await this.#scripts.writtenModule(path) : undefined;
      if (module !== undefined) await this.#placeModule(path, source, module);
    }
  }

  #placeModule(path: string, source: Source, module: Written): Promise<void> {
    const loaded = this.#scripts.all.find((script) => script.path === path);
    return this.#place(source, loaded?.url ?? pathToFileURL(path).href, module);
  }

  async #place({ breakpoints, set }: Source, url: string, written: Written): Promise<void> {
    const { mapping, headerLines } = written;
    // Two that are asked for on lines without code may mean the same place, where V8 has only one.
    const taken = new Set<string>();
    for (const { line, condition, logMessage, problem } of breakpoints) {
      if (problem !== undefined) continue;
      const original = line - 1 + headerLines;
      const at = mapping === undefined ? { line: original, column: 0 } : mapping.generatedOf(original);
      const compiled = await this.#conditionAt(placeIn(written, line), condition, logMessage);
      if (at === undefined || "problem" in compiled) continue;
      const key = `${at.line}:${at.column}`;
      if (taken.has(key)) continue;
      taken.add(key);
      const { breakpointId } = await this.#command("Debugger.setBreakpointByUrl", {
        url,
        lineNumber: at.line,
        columnNumber: at.column,
        condition: compiled.javascript,
      });
      set.push(String(breakpointId));
    }
  }

  /** What V8 evaluates to know whether to stop. */
  async #conditionAt(
    place: CodePlace,
    condition: string | undefined,
    logMessage: string | undefined,
  ): Promise<{ readonly javascript: string } | { readonly problem: string }> {
    const parts: string[] = [];
    if (condition !== undefined) {
      const compiled = await this.#compiler.call("expressionAt", place, condition);
      if (!compiled.ok) return compiled;
      parts.push(`(${compiled.javascript})`);
    }
    if (logMessage !== undefined) {
      const pieces: string[] = [];
      for (const [index, piece] of logMessage.split(/\{([^{}]*)\}/).entries()) {
        const compiled =
          index % 2 === 0 ? undefined : await this.#compiler.call("expressionAt", place, piece);
        if (compiled?.ok === false) return compiled;
        pieces.push(compiled === undefined ? JSON.stringify(piece) : compiled.javascript);
      }
      parts.push(`__rnnlab__.inspection.log(${pieces.join(", ")})`);
    }
    return { javascript: parts.join(" && ") };
  }

  /**
   * Whether a file is written for a worker thread alone: it asks for what such a thread is given, and nothing else has
   * loaded it. V8 tells of a worker when it runs, which is after most breakpoints are set.
   */
  #isOfWorker(path: string, text: string): boolean {
    return (
      /\bworker_threads["']/.test(text) &&
      /\b(?:parentPort|workerData)\b/.test(text) &&
      // It is for both threads: the main one runs its own part.
      !/\bisMainThread\b/.test(text) &&
      !this.#scripts.all.some((script) => script.path === path) &&
      this.#scripts.cellAt(path) === undefined
    );
  }

  /** The text of a path that has breakpoints. */
  textAt(path: string): string | undefined {
    return this.#sources.get(path)?.text;
  }
}

const described = ({ line, condition, logMessage }: Breakpoint): Json => ({
  line,
  ...(condition === undefined ? {} : { condition }),
  ...(logMessage === undefined ? {} : { logMessage }),
});

/** The text of a file that a debugger may show. */
export function fileText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It was deleted since it was loaded.
    return undefined;
  }
}
