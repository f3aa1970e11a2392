import { isDeepStrictEqual } from "node:util";
import type ts from "typescript";
import { messageOf } from "../../../src/platform/message-of.js";
import type { CellSurface, Diagnostic } from "../../shared/compiler-messages.js";
import type { EditorCell, EditorNotebook } from "../../shared/editor-messages.js";
import { isForKernel } from "../../shared/kernel-command.js";
import { CellAnalysis } from "../cell-analysis.js";
import type { CellRules } from "../project/options.js";

/** A cell that was looked at. */
export interface FoldedCell {
  readonly cell: EditorCell;
  /** What keeps it from running. */
  readonly stops: readonly Diagnostic[];
  /** What is shown below it when it runs. */
  readonly shown: readonly Diagnostic[];
  /** What later cells see of it; nothing of a question such as `name?`. */
  readonly surface: CellSurface | undefined;
  /** What all of this depends on. */
  readonly foundation: string;
}

/** A cell as the current file of the language service. */
export interface OpenCell {
  readonly index: number;
  readonly cell: EditorCell;
  /** Where it starts in the file. */
  readonly start: number;
}

/**
 * The cells of a notebook as an editor has it, checked in their order. What was found of a cell stays until the cell or
 * something that it uses has changed, so an edit costs the check of the edited cell and of those that depend on it.
 */
export class FoldedCells {
  readonly analysis: CellAnalysis;
  #cells: readonly EditorCell[] = [];
  #folded: FoldedCell[] = [];
  /** Those of them that {@link fold} has not returned: a question about a later cell came first. */
  readonly #untold: FoldedCell[] = [];
  /** What was found of each cell last, by its id. */
  readonly #known = new Map<string, FoldedCell>();
  #serials = 0;
  /** How often all was to be looked at anew. */
  #refreshed = 0;
  #rules: CellRules;
  /** The user's own files that cells import, with their versions. */
  readonly #files = new Map<string, string>();

  /**
   * @param folder - the notebook's folder, an absolute path
   * @param documents - parsed files of this notebook
   * @param practised - what goes on as this one's, if it fits
   */
  constructor(
    { folder, language }: EditorNotebook,
    documents: ts.DocumentRegistry,
    practised: CellAnalysis | undefined,
  ) {
    this.analysis = new CellAnalysis(folder, language, documents, practised);
    this.#rules = this.analysis.project.current;
  }

  get cells(): readonly EditorCell[] {
    return this.#cells;
  }

  /** Takes the cells as they are now. */
  update(cells: readonly EditorCell[]): void {
    if (this.#cells.length === 0) this.analysis.foresee(cells.map(({ source }) => source));
    this.#cells = cells;
    const changed = this.#folded.findIndex(({ cell }, index) => !isSame(cell, cells[index]));
    if (changed !== -1) this.#folded.length = changed;
    const ids = new Set(cells.map(({ id }) => id));
    for (const [id, { surface }] of this.#known) {
      if (ids.has(id)) continue;
      this.#known.delete(id);
      if (surface !== undefined) this.analysis.drop([surface]);
    }
    this.#lookAround();
  }

  /** Begins anew with the first cell, as files may have changed. */
  refresh(): void {
    this.#refreshed++;
    this.#folded = [];
  }

  /** Lets go of what TypeScript knows, which may be anything after a failure. */
  startOver(): void {
    this.analysis.program.startOver();
    this.refresh();
  }

  /** Looks at the next cell that was not looked at; returns one that was not told of, or nothing if there is none. */
  fold(): FoldedCell | undefined {
    if (this.#untold.length === 0) this.#advance();
    return this.#untold.shift();
  }

  #advance(): void {
    const cell = this.#cells[this.#folded.length];
    if (cell === undefined) return;
    const folded = this.#attempt(cell);
    this.#folded.push(folded);
    this.#untold.push(folded);
    this.#known.set(cell.id, folded);
  }

  /**
   * Opens a cell with the names that it has from earlier ones, which are looked at first.
   *
   * @param wanted - whether it is to have all names that it could have
   */
  open(id: string, wanted?: "every name"): OpenCell | undefined {
    this.#lookAround();
    const index = this.#cells.findIndex((cell) => cell.id === id);
    const cell = this.#cells[index];
    if (cell === undefined || isForKernel(cell.source)) return undefined;
    while (this.#folded.length < index) this.#advance();
    this.analysis.goBackTo(this.#surfaces(index));
    const start = this.analysis.open(cell.source, wanted && this.analysis.scope.names);
    return { index, cell, start };
  }

  /** The cell whose surface has a serial. */
  cellOf(serial: number): EditorCell | undefined {
    return this.#folded.find(({ surface }) => surface?.serial === serial)?.cell;
  }

  /** Looks whether the folder's rules or the user's own files have changed. */
  #lookAround(): void {
    this.analysis.refreshProject();
    let changed = this.analysis.project.current !== this.#rules;
    this.#rules = this.analysis.project.current;
    for (const [name, version] of this.analysis.program.ownFiles()) {
      const known = this.#files.get(name);
      if (known !== undefined && known !== version) changed = true;
      this.#files.set(name, version);
    }
    if (changed) this.refresh();
  }

  #surfaces(count: number): CellSurface[] {
    return this.#folded.slice(0, count).flatMap(({ surface }) => surface ?? []);
  }

  /** Looks at a cell. TypeScript gives up on some, such as one that is nested too deeply. */
  #attempt(cell: EditorCell): FoldedCell {
    try {
      return this.#look(cell);
    } catch (error) {
      this.analysis.program.startOver();
      const [text = ""] = cell.source.split("\n");
      const message = `Cannot check the cell: ${messageOf(error)}`;
      const place = { line: 1, column: 1, length: text.length, text, file: undefined, code: undefined };
      const stops = [{ ...place, message, syntax: true }];
      return { cell, stops, shown: [], surface: undefined, foundation: "" };
    }
  }

  #look(cell: EditorCell): FoldedCell {
    if (isForKernel(cell.source)) return { cell, stops: [], shown: [], surface: undefined, foundation: "" };
    this.analysis.goBackTo(this.#surfaces(this.#folded.length));
    this.analysis.refreshProject();
    const read = this.analysis.readWhole(cell.source);
    const foundation = `${this.#refreshed} ${this.analysis.foundationOf(read)}`;
    const known = this.#known.get(cell.id);
    if (known?.foundation === foundation) return { ...known, cell };
    const before = known?.surface && this.analysis.declare(known.surface);
    const wanted = before && "declarations";
    const { stops, shown, surface, rest } = this.analysis.checkWithRest(this.#serials++, read, wanted);
    return { cell, stops, shown, surface: this.#settled(surface, rest, before), foundation };
  }

  /**
   * Decides what later cells see of a cell. Where nothing has changed for them, nothing has to be checked again. One that
   * does not parse is about to be typed: it is what it was before, or else what TypeScript has made of it.
   */
  #settled(
    surface: CellSurface | undefined,
    rest: CellSurface | undefined,
    before: CellSurface | undefined,
  ): CellSurface | undefined {
    if (before !== undefined && surface === undefined && this.#stands(before)) return before;
    const now = surface ?? rest;
    if (before !== undefined && now !== undefined && looksSame(now, before)) {
      const { source, written } = now;
      const same = { ...before, source, written };
      this.analysis.program.rewrite(same);
      return same;
    }
    if (now !== undefined) this.analysis.commit(now);
    if (before !== undefined) this.analysis.drop([before]);
    return now;
  }

  /** Whether all cells are still there that a surface names. */
  #stands({ text }: CellSurface): boolean {
    const serials = [...text.matchAll(/__cell_(\d+)/g)].map(([, serial]) => Number(serial));
    return serials.every((serial) => this.cellOf(serial) !== undefined);
  }
}

/** Another version with the same text is told of anew, since what was found of the one before counts no more. */
const isSame = (left: EditorCell, right: EditorCell | undefined): boolean => isDeepStrictEqual(left, right);

/** Whether later cells see the same. */
function looksSame(left: CellSurface, right: CellSurface): boolean {
  const seen = ({ serial, source: _, written: __, open, ...rest }: CellSurface) => ({
    ...rest,
    // It names the cell itself where it says at whose end a variable has a type.
    open: [...open].map(([name, each]) => [
      name,
      { ...each, cell: each.cell === serial ? "own" : each.cell },
    ]),
  });
  return left.kind === ".d.ts" && isDeepStrictEqual(seen(left), seen(right));
}
