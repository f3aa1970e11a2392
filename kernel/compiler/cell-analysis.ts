import ts from "typescript";
import type { CellSurface, CheckResult, Declaration, WrittenCell } from "../shared/compiler-messages.js";
import type { Language } from "../shared/language.js";
import { withoutMagics } from "../shared/magics.js";
import { type CellText, readCell, withoutHashBang } from "./cells/cell-text.js";
import { type LaterWords, laterWords } from "./cells/later-words.js";
import { declaredOpen, footerOf, type OpenEnd } from "./cells/open-variables.js";
import { CellScope } from "./cells/scope.js";
import { takeAmbientModules } from "./checks/ambient-modules.js";
import { CellChecker } from "./checks/cell-checker.js";
import { diagnosticsOf } from "./checks/diagnostics.js";
import type { CheckedCell, Examined, Unreadable } from "./checks/examined.js";
import { type CellParts, surfaceOf, withDeclarations } from "./checks/surface.js";
import { emitDeclarations } from "./emit/emit.js";
import { localModulesOf, type OwnModules } from "./emit/own-modules.js";
import type { CellLanguage } from "./languages/cell-language.js";
import { cellLanguage } from "./languages/cell-languages.js";
import { createDocuments } from "./library/documents.js";
import { CellProgram } from "./program/cell-program.js";
import { LanguageHost } from "./program/language-host.js";
import { prepareJsx } from "./program/prepare-jsx.js";
import { ProjectRules } from "./program/project-rules.js";
import { augments } from "./syntax/declarations.js";
import { mayImport } from "./syntax/module-syntax.js";
import { isSameCode } from "./syntax/same-code.js";
import { exportAssignmentsOf, syntaxErrorsOf } from "./syntax/syntax-errors.js";

/** A cell that was read, for everything that is done with it next. */
export interface ReadCell {
  readonly source: string;
  readonly whole: CellText;
  readonly parts: CellParts;
}

interface CheckedWithRest extends CheckResult {
  /** What later cells see of it; none of a cell that does not parse. */
  readonly surface: CellSurface | undefined;
  /** What they could see of a cell that does not parse, as far as TypeScript understood it. */
  readonly rest: CellSurface | undefined;
}

/**
 * The types of one notebook's cells, with a single language service. It knows nothing of values: {@link commit} and
 * {@link goBackTo} say which cells count.
 */
export class CellAnalysis {
  readonly language: CellLanguage;
  readonly project: ProjectRules;
  readonly host: LanguageHost;
  readonly service: ts.LanguageService;
  readonly program: CellProgram;
  readonly checker: CellChecker;
  /** How the user's own modules are found and read. */
  readonly own: OwnModules = {
    resolve: (specifier, containingFile) => this.host.ownModule(specifier, containingFile),
    runtimeSpecifier: (specifier, containingFile) => this.host.runtimeSpecifier(specifier, containingFile),
    read: (fileName) => this.host.readFile(fileName),
  };
  #scope = new CellScope();
  /** What the cells have declared of modules without types, by the modules' names. */
  readonly #ambient = new Map<string, string>();
  /** Cells that were parsed to see what they import, by their texts, until they are read. */
  readonly #parsed = new Map<string, ts.SourceFile>();
  /** The cells as they were written, by serial. */
  readonly #sources = new Map<number, string>();

  /**
   * @param folder - the notebook's folder, an absolute path
   * @param language - the language of the cells
   * @param documents - parsed files that analyses share
   * @param practised - one that goes on as this one, if it fits: its program is made and has been used
   */
  constructor(
    folder: string,
    language: Language,
    documents: ts.DocumentRegistry = createDocuments(),
    practised?: CellAnalysis,
  ) {
    this.language = cellLanguage(language);
    this.project = new ProjectRules(folder, this.language);
    const { options } = this.project.current;
    if (
      practised !== undefined &&
      practised.language === this.language &&
      practised.#goesOn(folder, options)
    ) {
      ({ host: this.host, service: this.service, program: this.program } = practised);
    } else {
      this.host = new LanguageHost(folder, options, this.language.globals());
      this.service = ts.createLanguageService(this.host, documents);
      this.program = new CellProgram(this.host, this.service);
    }
    this.checker = new CellChecker(this.language, this.project, this.host, this.service, this.program);
  }

  #goesOn(folder: string, options: ts.CompilerOptions): boolean {
    return this.host.hasGlobals(this.language.globals()) && this.program.moveTo(folder, options);
  }

  /** The names that a cell may take from the cells so far. */
  get scope(): CellScope {
    return this.#scope;
  }

  /** The cell, as it was written, whose top level declared a name last. */
  sourceOf(name: string): string | undefined {
    return this.#sources.get(this.#scope.cellOf(name) ?? -1);
  }

  /** Finds what is wrong with the cells of a notebook in their order. Each counts for those after it. */
  check(cells: readonly WrittenCell[]): CheckResult[] {
    const later = laterWords(cells.map(({ source }) => source));
    return cells.map(({ serial, source }, index) => {
      this.refreshProject();
      const { stops, shown, surface, rest } = this.checkWithRest(
        serial,
        this.readWhole(source, later[index]),
      );
      const seen = surface ?? rest;
      if (seen !== undefined) this.commit(seen);
      return { stops, shown };
    });
  }

  /**
   * Checks a cell. One that does not parse has a surface all the same in `rest`, as far as TypeScript understood it.
   *
   * @param serial - never used before
   * @param wanted - "declarations" if its surface is to be compared with another one's. Else later cells see the cell as
   * it stands in the program, where its types are known, and a fifth of the work is saved.
   */
  checkWithRest(serial: number, cell: ReadCell, wanted?: "declarations"): CheckedWithRest {
    // What others see of plain JavaScript is not what is checked.
    const stays = wanted === undefined && !this.language.isPlain;
    const examined = this.#examine(serial, cell, stays);
    if ("unreadable" in examined)
      return { stops: examined.unreadable, shown: [], surface: undefined, rest: examined.rest() };
    const { stops, shown, checked, surfaceWith } = examined;
    const surface = surfaceWith(stays ? undefined : emitDeclarations(checked.program, checked.current));
    return { stops, shown, surface, rest: undefined };
  }

  /**
   * Writes down the declarations of a committed cell that stands in the program as it was checked. From the next program on
   * they are what later cells see.
   *
   * @returns its surface with them, or as it is where they cannot be written down
   */
  declare(surface: CellSurface): CellSurface {
    if (surface.kind === ".d.ts") return surface;
    const { program, file } = this.program.cell(surface);
    const declared = withDeclarations(surface, emitDeclarations(program, file));
    if (declared !== surface) this.host.cells.set(declared);
    return declared;
  }

  /**
   * Finds what is wrong with a cell, and what later cells will see of it.
   *
   * @param isWanted - whether a later cell may name something; any may if it is not given
   */
  examine(serial: number, written: string, isWanted?: LaterWords): Examined | Unreadable {
    return this.#examine(serial, this.readWhole(written, isWanted));
  }

  /** @param stays - whether the file that is checked may stay in the program, as that of the cell */
  #examine(serial: number, { source, whole, parts }: ReadCell, stays = false): Examined | Unreadable {
    const { language } = this;
    const { cell, header, body, ends, ambient } = parts;
    const surfaceWith = (checked: CheckedCell, refused: boolean, declarations: string | undefined) =>
      withDeclarations(surfaceOf(language, { serial, source, parts, checked, refused }), declarations);
    const rest = (): CellSurface => {
      const checked = this.checked();
      return surfaceWith(checked, true, emitDeclarations(checked.program, checked.current));
    };
    const early = [...exportAssignmentsOf(whole.file), ...prepareJsx(this.host, whole.file)];
    this.host.setAmbient(new Map([...this.#ambient, ...ambient]).values());
    const { file } = cell;
    const text = header + body + footerOf(ends);
    this.program.open(text, language.extensionOf(file), augments(file), stays ? serial : undefined);
    const span = { start: header.length, end: header.length + body.length };
    // What would be found besides comes of these.
    const own =
      early.length > 0
        ? { stops: diagnosticsOf(early, source, 0, false).map(language.present), shown: [] }
        : this.checker.checkCell(source, span);
    if (own.stops.some(({ syntax }) => syntax)) return { unreadable: own.stops, rest };
    const checked = this.checked();
    const modules = mayImport(source) ? this.#localModules() : [];
    const found = [
      own,
      ...(own.stops.length > 0 ? [] : modules.map((module) => this.checker.checkModule(module, source))),
    ];
    const stops = found.flatMap((each) => each.stops);
    const shown = found.flatMap((each) => each.shown);
    return {
      cell,
      source,
      span,
      stops,
      shown,
      modules,
      checked,
      surfaceWith: (declarations) => surfaceWith(checked, stops.length > 0, declarations),
    };
  }

  foresee(sources: readonly string[]): void {
    this.refreshProject();
    this.program.foresee(this.#importing(sources));
  }

  commit(surface: CellSurface): void {
    const { serial, ambient, source } = surface;
    for (const [module, declaration] of ambient) this.#ambient.set(module, declaration);
    this.host.setAmbient(this.#ambient.values());
    this.#sources.set(serial, source);
    this.program.setCell(surface);
    this.#scope.add(surface);
  }

  /**
   * Makes cells that were committed before the only ones that count, in this order. Their types stay as they are, so this
   * takes next to no time.
   */
  goBackTo(surfaces: readonly CellSurface[]): void {
    this.#scope = new CellScope();
    this.#ambient.clear();
    for (const surface of surfaces) {
      this.#scope.add(surface);
      for (const [module, declaration] of surface.ambient) this.#ambient.set(module, declaration);
    }
    this.host.setAmbient(this.#ambient.values());
    this.program.goBackTo(surfaces);
  }

  /** Lets go of cells that are gone. */
  drop(surfaces: readonly CellSurface[]): void {
    for (const surface of surfaces) {
      this.#sources.delete(surface.serial);
      this.program.dropCell(surface);
    }
  }

  /**
   * What the check of a cell depends on, besides the files on the disk. Two cells with the same foundation have the same
   * types and the same mistakes.
   */
  foundationOf({ parts: { header, body, ends, ambient } }: ReadCell): string {
    const known = [...this.#ambient, ...ambient].flat();
    return JSON.stringify([header, body, footerOf(ends), [...ends], known, this.program.augmenting]);
  }

  reset(): void {
    this.#forgetCells();
    this.program.reset();
  }

  turnTo(sources: readonly string[]): void {
    this.#forgetCells();
    this.refreshProject();
    this.program.turnTo(this.#importing(sources));
  }

  #forgetCells(): void {
    this.#scope = new CellScope();
    this.#sources.clear();
    this.#ambient.clear();
    this.host.setAmbient([]);
    const { options } = this.project.current;
    // A cell with JSX may have added to them.
    if (this.host.getCompilationSettings() !== options) this.host.setOptions(options);
  }

  /** The tsconfig may have been edited at any time. */
  refreshProject(): void {
    if (this.project.refresh()) this.host.setOptions(this.project.current.options);
  }

  #localModules(): ts.SourceFile[] {
    const program = this.service.getProgram();
    return program === undefined ? [] : localModulesOf(program, this.host.current, this.own);
  }

  /** Those cells that may import anything. */
  #importing(sources: readonly string[]): ts.SourceFile[] {
    this.#parsed.clear();
    return sources.filter(mayImport).map((source) => {
      const text = this.readable(source);
      const file = this.language.parse(text);
      this.#parsed.set(text, file);
      return file;
    });
  }

  /** Parses a text, unless that was done to see what it imports. */
  #parse(text: string): ts.SourceFile {
    const file = this.#parsed.get(text) ?? this.language.parse(text);
    this.#parsed.delete(text);
    return file;
  }

  /** A cell as the parser takes it: everything stays where it is. */
  readable(written: string): string {
    return this.language.readable(withoutMagics(withoutHashBang(written)));
  }

  /**
   * Reads a cell for a check, with the names that count now.
   *
   * @param isWanted - whether a later cell may name something; any may if it is not given
   */
  readWhole(written: string, isWanted?: LaterWords): ReadCell {
    const source = this.readable(written);
    const whole = this.read(source);
    return { source, whole, parts: this.#fileOf(whole, isWanted) };
  }

  read(source: string): CellText {
    const { declarationsOf } = this.language;
    const parse = (text: string): ts.SourceFile => this.#parse(text);
    return readCell({ parse, declarationsOf }, source, (name) => this.#scope.has(name));
  }

  /** Makes a cell the current file, with the names that it has or could have next; returns where the cell starts. */
  open(written: string, wanted?: Iterable<string>): number {
    this.refreshProject();
    const cell = this.read(this.readable(written));
    const { file, identifiers, text, wrapping } = cell;
    const header = this.header(cell, wanted ?? identifiers);
    prepareJsx(this.host, file);
    this.program.open(header + text + wrapping.after, this.language.extensionOf(file), augments(file));
    return header.length;
  }

  /** What stands before a cell in the file that is checked: its directives, then one line that brings in names. */
  header(cell: CellText, wanted: Iterable<string>, isWantedLater?: LaterWords): string {
    const { file, directives, declared, wrapping } = cell;
    const prelude = this.language.prelude(file, declared);
    const line = prelude + this.#scope.header(cell, wanted, isWantedLater) + wrapping.before;
    return [...directives, line, ""].join("\n");
  }

  #fileOf(whole: CellText, isWanted: LaterWords = () => true): CellParts {
    const ambient = takeAmbientModules(whole.file, (specifier) => this.host.hasTypes(specifier));
    const cell = ambient.declared.size === 0 ? whole : this.read(ambient.rest);
    const ends = this.#openEnds(cell);
    return {
      cell,
      header: this.header(cell, cell.identifiers, (name) => ends.has(name) || isWanted(name)),
      body: cell.text + cell.wrapping.after,
      ends,
      ambient: ambient.declared,
    };
  }

  /** The open variables that a cell declares or changes. In plain JavaScript they may be anything as it is. */
  #openEnds({ file, declared, uses }: CellText): ReadonlyMap<string, OpenEnd> {
    if (this.language.isPlain || syntaxErrorsOf(file).length > 0) return new Map();
    return new Map([...this.#scope.changedOpen(declared, uses), ...declaredOpen(file, uses)]);
  }

  /** The current cell in the program that it was checked in. */
  checked(): CheckedCell {
    const program = this.service.getProgram();
    const current = program?.getSourceFile(this.host.current);
    if (program === undefined || current === undefined)
      throw new Error("Cannot compile the cell: it is not known");
    return { program, current };
  }

  /** Whether a cell does what an earlier text of it did. */
  isSame(earlier: string, written: string): boolean {
    const fileOf = (text: string): ts.SourceFile => this.read(this.readable(text)).file;
    return earlier === written || isSameCode(fileOf(earlier), fileOf(written));
  }

  /** The names of earlier cells that a cell takes while it runs, other than in functions. */
  usedBy({ uses }: CellText): string[] {
    return [...uses.atOnce].filter((name) => this.#scope.has(name));
  }

  /** The names in a cell of variables that it or an earlier one has declared, and that packages must not see. */
  shadowed(identifiers: ReadonlySet<string>, declared: ReadonlyMap<string, Declaration>): Set<string> {
    const { hides, provides } = this.language;
    const isShadowed = (name: string): boolean => {
      const own = declared.get(name);
      const isDeclared = own?.value !== undefined && !own.ambient;
      return hides(name) && (isDeclared || this.#scope.hasVariable(name) || provides(name));
    };
    return new Set([...identifiers].filter(isShadowed));
  }
}
