import { join } from "node:path";
import ts from "typescript";
import type { CellExtension, CellSurface } from "../../shared/compiler-messages.js";
import { cellOfSpecifier } from "../cells/cell-specifiers.js";

/** A file that exists only in memory. */
export interface VirtualFile {
  readonly text: string;
  readonly snapshot: ts.IScriptSnapshot;
  readonly version: string;
}

export const virtualFile = (text: string, version: number): VirtualFile => ({
  text,
  version: String(version),
  snapshot: ts.ScriptSnapshot.fromString(text),
});

/** What the names of cells' files have before their extension, where the file is the cell as it was written. */
const WRITTEN = ".written";
/** A cell that stands in the program as it was checked counts before its declarations do. */
const CELL_EXTENSIONS = [
  ts.Extension.Ts,
  ts.Extension.Tsx,
  ts.Extension.Js,
  ts.Extension.Jsx,
  ts.Extension.Dts,
];

/** The cells as files: the one that is being worked on, and what later ones see of each. */
export class CellFiles {
  #folder: string;
  readonly #files = new Map<string, VirtualFile>();
  #current = "";
  /** Whether the current file stays when the next one is named. */
  #stays = false;
  #version = 0;

  /** @param folder - the notebook's, an absolute path */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The cell being worked on: a new file each time, since TypeScript keeps what it finds wrong by the file's name. */
  get current(): string {
    return this.#current;
  }

  get(name: string): VirtualFile | undefined {
    return this.#files.get(name);
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  /** Forgets all cells, and goes on with those of another folder. */
  moveTo(folder: string): void {
    this.clear();
    this.#folder = folder;
  }

  clear(): void {
    this.#files.clear();
  }

  /**
   * Names the new file.
   *
   * @param serial - by which it may stay, as that of a cell that is set next
   */
  open(text: string, extension: CellExtension, serial?: number): string {
    if (!this.#stays) this.#files.delete(this.#current);
    this.#stays = false;
    const stem = serial === undefined ? `__cell-${this.#version}` : `__cell_${serial}`;
    this.#current = join(this.#folder, stem + extension);
    this.#set(this.#current, text);
    return this.#current;
  }

  /** Names the file of a cell that later ones see. */
  set(surface: CellSurface): string {
    this.setWritten(surface);
    const name = this.nameOf(surface);
    if (name === this.#current) this.#stays = true;
    else this.#set(name, surface.text);
    return name;
  }

  /** Names the file of that cell as it was written, if it is another. */
  setWritten({ serial, written }: CellSurface): string | undefined {
    if (written === undefined) return undefined;
    const name = this.#stem(serial, WRITTEN) + written.kind;
    this.#set(name, written.text);
    return name;
  }

  /** The name of the file of a cell that was set. */
  nameOf({ serial, kind }: CellSurface): string {
    return this.#stem(serial) + kind;
  }

  /** Forgets the files of a cell; returns their names. */
  drop(serial: number): string[] {
    const stems = [this.#stem(serial), this.#stem(serial, WRITTEN)];
    const names = stems.flatMap((stem) => CELL_EXTENSIONS.map((extension) => stem + extension));
    return names.filter((name) => this.#files.delete(name));
  }

  /** Forgets cells as they were checked where their declarations are there: all that has seen them goes with the program. */
  forgetChecked(): void {
    for (const name of this.#files.keys()) {
      const declarations = name.replace(/(__cell_\d+)\.[jt]sx?$/, "$1.d.ts");
      if (declarations !== name && this.#files.has(declarations)) this.#files.delete(name);
    }
  }

  /** The file of the cell that an import in a header means. */
  find(specifier: string): ts.ResolvedModuleFull | undefined {
    return this.#find(specifier);
  }

  /** The file of that cell as it was written, if it is another. */
  findWritten(specifier: string): ts.ResolvedModuleFull | undefined {
    return this.#find(specifier, WRITTEN);
  }

  #find(specifier: string, form?: string): ts.ResolvedModuleFull | undefined {
    const serial = cellOfSpecifier(specifier);
    if (serial === undefined) return undefined;
    const stem = this.#stem(serial, form);
    const extension = CELL_EXTENSIONS.find((each) => this.#files.has(stem + each));
    return extension && { resolvedFileName: stem + extension, extension };
  }

  #stem(serial: number, form = ""): string {
    return join(this.#folder, `__cell_${serial}${form}`);
  }

  #set(name: string, text: string): void {
    this.#files.set(name, virtualFile(text, ++this.#version));
  }
}
