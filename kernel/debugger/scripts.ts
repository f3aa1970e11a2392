import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../../src/platform/package-root.js";
import type { CompilerClient } from "../compiler/client/compiler-client.js";
import type { Program } from "../shared/session-messages.js";
import type { AsyncStack, Location } from "./inspector.js";
import { murmur2 } from "./murmur2.js";
import { type Position, SourceMapping } from "./source-map.js";

export const HASH_SEED = 0xc70f6907;
/**
 * Another one for each process: breakpoints of the one before are moved by it. No file has such a name. JupyterLab looks for
 * the first word in it, and then calls the path by the cell's number.
 */
export const PATH_PREFIX = `/tmp/ipykernel_rnnlab_${process.pid}/`;
export const PATH_SUFFIX = ".ts";

const CELL = /^rnnlab:\/\/\/cell\/(\d+)$/;
/** The kernel, and what it offers to the modules. */
const KERNEL_CODE = ["kernel", "src/host", "src/platform"].map(
  (folder) => join(packageRoot, "dist", folder) + sep,
);
const PACKAGE_CODE = join(packageRoot, "dist") + sep;
const PACKAGES = /[\\/]node_modules[\\/]/;
/** In its name the session calls Node's own `import()`. */
const IMPORTER = "__cell.js";
const LOCAL = /\.[cm]?[jt]sx?$/;

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** What is stepped over: the kernel and Node always, packages unless they are asked for. */
export function skipped(withPackages: boolean): string[] {
  const always = ["^node:", ...KERNEL_CODE.map(escaped), `${escaped(IMPORTER)}$`];
  return withPackages ? always : [...always, "[\\\\/]node_modules[\\\\/]", escaped(PACKAGE_CODE)];
}

/** A cell as it was compiled. */
export interface CompiledCell {
  readonly serial: number;
  /** What it is called: "Cell In[3]". */
  readonly label: string;
  /** The cell as it was written. */
  readonly code: string;
  /** Of what it was compiled to, the way back to the text. */
  readonly program: Pick<Program, "source" | "sourceMap" | "headerLines">;
}

/** The path by which a front end knows a cell. */
export const pathOf = (code: string): string => `${PATH_PREFIX}${murmur2(code, HASH_SEED)}${PATH_SUFFIX}`;

/** The name under which V8 knows a cell. */
export const cellUrl = (serial: number): string => `rnnlab:///cell/${serial}`;

/** The text that somebody has written, and the way to it from the JavaScript. */
export interface Written {
  readonly source: string;
  /** The file of a module of the user's own; none for a cell. */
  readonly file: string | undefined;
  readonly mapping: SourceMapping | undefined;
  /** How many lines stand before the text in what the mapping refers to. */
  readonly headerLines: number;
}

/** A script that V8 knows and that may be shown. */
export interface Script {
  readonly id: string;
  readonly url: string;
  readonly path: string;
  readonly kind: "cell" | "module" | "library";
  /** What it is called in a call stack. */
  readonly label: string;
  readonly cell: CompiledCell | undefined;
}

/** A place in what somebody has written; lines and columns count from 1. */
export interface Place {
  readonly script: Script;
  readonly line: number;
  readonly column: number;
}

/** Knows which scripts there are, what they were compiled from, and which of them may be shown. */
export class Scripts {
  readonly #compiler: CompilerClient;
  readonly #cells: ReadonlyMap<number, CompiledCell>;
  readonly #scripts = new Map<string, Script>();
  readonly #written = new Map<string, Promise<Written | undefined>>();
  /** Cells that a front end has shown, by path. */
  readonly #dumped = new Map<string, string>();

  /** @param cells - the cells that have been compiled, by serial */
  constructor(compiler: CompilerClient, cells: ReadonlyMap<number, CompiledCell>) {
    this.#compiler = compiler;
    this.#cells = cells;
  }

  /** A front end shows a cell. @returns its path */
  dump(code: string): string {
    const path = pathOf(code);
    this.#dumped.set(path, code);
    return path;
  }

  /** V8 has parsed a script. */
  add(id: string, url: string): void {
    const script = this.#scriptOf(id, url);
    if (script !== undefined) this.#scripts.set(id, script);
  }

  /** The session is another one. */
  forget(): void {
    this.#scripts.clear();
    this.#written.clear();
  }

  get all(): readonly Script[] {
    return [...this.#scripts.values()];
  }

  get(id: string): Script | undefined {
    return this.#scripts.get(id);
  }

  #scriptOf(id: string, url: string): Script | undefined {
    const serial = CELL.exec(url)?.[1];
    if (serial !== undefined) {
      const cell = this.#cells.get(Number(serial));
      if (cell === undefined) return undefined;
      const { label, code } = cell;
      return { id, url, path: pathOf(code), kind: "cell", label, cell };
    }
    const path = url.startsWith("file:") ? fileURLToPath(url) : url;
    const isHidden =
      KERNEL_CODE.some((folder) => path.startsWith(folder)) || path.endsWith(IMPORTER) || !path.includes(sep);
    if (isHidden || /^[a-z]+:/.test(path)) return undefined;
    const isLibrary = PACKAGES.test(path) || path.startsWith(PACKAGE_CODE);
    const label = path.slice(path.lastIndexOf(sep) + 1);
    return { id, url, path, kind: isLibrary ? "library" : "module", label, cell: undefined };
  }

  /** The place that a location means; undefined in code that nobody has written or that is not to be shown. */
  async placeOf({ scriptId, lineNumber, columnNumber = 0 }: Location): Promise<Place | undefined> {
    const script = this.#scripts.get(scriptId);
    if (script === undefined) return undefined;
    const written = await this.written(script);
    const generated: Position = { line: lineNumber, column: columnNumber };
    const original = written?.mapping === undefined ? generated : written.mapping.originalOf(generated);
    if (original === undefined) return undefined;
    const line = original.line - (written?.headerLines ?? 0) + 1;
    return line < 1 ? undefined : { script, line, column: original.column + 1 };
  }

  /** The places of what has awaited the running code, the nearest first. */
  async asyncPlaces(stack: AsyncStack | undefined): Promise<Place[]> {
    if (stack === undefined) return [];
    const places = await Promise.all(stack.callFrames.map((frame) => this.placeOf(frame)));
    return [...places.filter((place) => place !== undefined), ...(await this.asyncPlaces(stack.parent))];
  }

  /** What a script was compiled from; undefined for one of a library. */
  written({ id, kind, cell, path }: Script): Promise<Written | undefined> {
    const known = this.#written.get(id);
    if (known !== undefined) return known;
    const found =
      cell !== undefined
        ? Promise.resolve(writtenCell(cell))
        : kind === "module"
          ? this.writtenModule(path)
          : Promise.resolve(undefined);
    this.#written.set(id, found);
    return found;
  }

  /** A module of the user's own as it is now; undefined where it cannot be compiled, or is none. */
  async writtenModule(file: string): Promise<Written | undefined> {
    if (!LOCAL.test(file) || PACKAGES.test(file) || file.startsWith(PATH_PREFIX)) return undefined;
    try {
      const text = readFileSync(file, "utf8");
      const compiled = await this.#compiler.call("compileModule", file);
      if (!compiled.ok) return undefined;
      const { module } = compiled;
      if (module === undefined) return { source: text, file, mapping: undefined, headerLines: 0 };
      return { source: module.source, file, mapping: new SourceMapping(module.sourceMap), headerLines: 0 };
    } catch {
      // There is no such file.
      return undefined;
    }
  }

  /** The text of a cell that a front end has shown, or that was run. */
  cellAt(path: string): string | undefined {
    return this.#dumped.get(path) ?? this.cellsAt(path)[0]?.code;
  }

  /** The cells that were run of a path's text. */
  cellsAt(path: string): CompiledCell[] {
    return [...this.#cells.values()].filter(({ code }) => pathOf(code) === path);
  }
}

/** @param cell - a cell that was compiled */
export function writtenCell({ program }: CompiledCell): Written {
  const { source, sourceMap, headerLines } = program;
  return { source, file: undefined, mapping: new SourceMapping(sourceMap), headerLines };
}
