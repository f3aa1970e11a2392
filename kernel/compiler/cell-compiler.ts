import ts from "typescript";
import type {
  CellSurface,
  CheckResult,
  CompileModuleResult,
  CompileResult,
  CompilerCalls,
  Completeness,
  Completions,
  Declaration,
  Definition,
  Diagnostic,
  Noticed,
  Parameters,
  QuickInfo,
} from "../shared/compiler-messages.js";
import type { Language } from "../shared/language.js";
import { INDENTATION, statusOf, statusWithObject } from "./assist/completeness.js";
import { completionsAt, isMember } from "./assist/completion.js";
import { definitionsAt } from "./assist/definition.js";
import { inspectAt } from "./assist/inspection.js";
import {
  describeParameters,
  fittingFunctions,
  parameterVariables,
  withVariables,
} from "./assist/parameters.js";
import { type CellText, readCell, withoutHashBang } from "./cells/cell-text.js";
import { declaredOpen, footerOf, knownEnds, type OpenEnd } from "./cells/open-variables.js";
import { CellScope } from "./cells/scope.js";
import { takeAmbientModules } from "./checks/ambient-modules.js";
import { CellChecker } from "./checks/cell-checker.js";
import { diagnosticsOf, type Span } from "./checks/diagnostics.js";
import type { CheckedCell, Examined } from "./checks/examined.js";
import { constantAssignments } from "./emit/constants.js";
import { emitCell, emitDeclarations } from "./emit/emit.js";
import {
  compileModule,
  localModulesOf,
  mustBeCompiled,
  type OwnModules,
  parseModule,
} from "./emit/own-modules.js";
import { shadowTransformer } from "./emit/shadow-transformer.js";
import { replTransformer } from "./emit/transform.js";
import type { CellLanguage } from "./languages/cell-language.js";
import { cellLanguage } from "./languages/cell-languages.js";
import { createDocuments } from "./library/documents.js";
import { CellProgram } from "./program/cell-program.js";
import { LanguageHost } from "./program/language-host.js";
import { ProjectRules } from "./program/project-rules.js";
import { unknownRequests } from "./project/strictness.js";
import { augments } from "./syntax/declarations.js";
import { isJsxCell, jsxOptions, missingLibrary } from "./syntax/jsx.js";
import { parseAsObject } from "./syntax/object-cell.js";
import { exportAssignmentsOf, syntaxErrorsOf } from "./syntax/syntax-errors.js";

/**
 * Checks and compiles the cells of one notebook with a single language service, which also answers the questions of an
 * editor. It knows nothing of values: only {@link commit} says which cells ran.
 */
export class CellCompiler implements CompilerCalls {
  readonly #language: CellLanguage;
  readonly #project: ProjectRules;
  readonly #host: LanguageHost;
  readonly #service: ts.LanguageService;
  readonly #program: CellProgram;
  readonly #checker: CellChecker;
  readonly #own: OwnModules = {
    resolve: (specifier, containingFile) => this.#host.ownModule(specifier, containingFile),
    runtimeSpecifier: (specifier, containingFile) => this.#host.runtimeSpecifier(specifier, containingFile),
    read: (fileName) => this.#host.readFile(fileName),
  };
  #scope = new CellScope();
  /** What the cells have declared of modules without types, by the modules' names. */
  readonly #ambient = new Map<string, string>();
  /** The cells as they were written, by serial. */
  readonly #sources = new Map<number, string>();

  /**
   * @param folder - the notebook's folder, an absolute path
   * @param language - the language of the cells
   * @param documents - parsed files that compilers share
   */
  constructor(folder: string, language: Language, documents: ts.DocumentRegistry = createDocuments()) {
    this.#language = cellLanguage(language);
    this.#project = new ProjectRules(folder, this.#language);
    this.#host = new LanguageHost(folder, this.#project.current.options, this.#language.globals());
    this.#service = ts.createLanguageService(this.#host, documents);
    this.#program = new CellProgram(this.#host, this.#service);
    this.#checker = new CellChecker(this.#language, this.#project, this.#host, this.#service, this.#program);
  }

  compile(serial: number, written: string): CompileResult & Noticed {
    this.#refreshProject();
    const result = this.#compile(serial, written);
    const notices = [...this.#project.takeNotices(), ...this.#aboutUpgrades(), ...unknownRequests(written)];
    return { ...result, notices };
  }

  /** Compiles a cell for nobody. */
  practise(source: string): void {
    this.#compile(0, source);
  }

  #compile(serial: number, written: string): CompileResult {
    const examined = this.#examine(serial, written);
    if ("unreadable" in examined) return { ok: false, diagnostics: examined.unreadable, surface: undefined };
    const { cell, source, span, stops, shown, modules, checked, surfaceWith } = examined;
    const { program, current } = checked;
    if (stops.length > 0)
      return { ok: false, diagnostics: stops, surface: surfaceWith(emitDeclarations(program, current)) };
    const transformer = this.#transformer(cell, source, span, checked);
    const { emitted, declarations } = emitCell(program, current, transformer);
    const options = this.#host.getCompilationSettings();
    const compiled = modules.map((module) => compileModule(module, options, this.#own));
    return {
      ok: true,
      program: { ...emitted, headerLines: cell.directives.length + 1, source, modules: compiled },
      shown,
      surface: surfaceWith(declarations),
    };
  }

  check(serial: number, written: string): CheckResult {
    this.#refreshProject();
    const examined = this.#examine(serial, written);
    if ("unreadable" in examined) return { stops: examined.unreadable, shown: [], surface: undefined };
    const { stops, shown, checked, surfaceWith } = examined;
    return { stops, shown, surface: surfaceWith(emitDeclarations(checked.program, checked.current)) };
  }

  foresee(sources: readonly string[]): void {
    this.#refreshProject();
    this.#program.foresee(this.#parsed(sources));
  }

  /** Finds what is wrong with a cell, and what later cells will see of it. */
  #examine(serial: number, written: string): Examined | { readonly unreadable: readonly Diagnostic[] } {
    const language = this.#language;
    const source = this.#readable(written);
    const whole = this.#read(source);
    const early = [...exportAssignmentsOf(whole.file), ...this.#prepareJsx(whole.file)];
    if (early.length > 0) return { unreadable: diagnosticsOf(early, source, 0, false).map(language.present) };
    const ambient = takeAmbientModules(whole.file, (specifier) => this.#host.hasTypes(specifier));
    this.#host.setAmbient(new Map([...this.#ambient, ...ambient.declared]).values());
    const cell = ambient.declared.size === 0 ? whole : this.#read(ambient.rest);
    const { file, directives, declared, identifiers } = cell;
    const header = this.#header(cell, identifiers);
    const ends = this.#openEnds(cell);
    const body = cell.text + cell.wrapping.after;
    const span = { start: header.length, end: header.length + body.length };
    this.#program.open(header + body + footerOf(ends), language.extensionOf(file), augments(file));
    const own = this.#checker.checkCell(source, span);
    if (own.stops.some(({ syntax }) => syntax)) return { unreadable: own.stops };
    const modules = this.#localModules();
    const found = [
      own,
      ...(own.stops.length > 0 ? [] : modules.map((module) => this.#checker.checkModule(module, source))),
    ];
    const stops = found.flatMap((each) => each.stops);
    const { program, current } = this.#checked();
    const kind = language.extensionOf(file);
    const asWritten = { text: language.surface(header, body + footerOf(ends), declared), kind };
    const surfaceWith = (declarations: string | undefined): CellSurface => ({
      serial,
      refused: stops.length > 0,
      declared,
      open: knownEnds(ends, serial, program.getTypeChecker(), current),
      augmenting: augments(file),
      ambient: ambient.declared,
      source,
      ...(declarations === undefined
        ? { ...asWritten, written: undefined }
        : { text: [...directives, declarations].join("\n"), kind: ".d.ts", written: asWritten }),
    });
    const shown = found.flatMap((each) => each.shown);
    return { cell, source, span, stops, shown, modules, checked: { program, current }, surfaceWith };
  }

  /** The last step of the emit of a checked cell. */
  #transformer(
    { declared, identifiers }: CellText,
    source: string,
    span: Span,
    { program, current }: CheckedCell,
  ): ReturnType<typeof replTransformer> {
    const { isPlain, mayAssignConstants } = this.#language;
    const shadowed = this.#shadowed(identifiers, declared);
    const checker = program.getTypeChecker();
    const isCell = (fileName: string): boolean => this.#host.isCell(fileName);
    return replTransformer({
      span,
      shadowed,
      isPlain,
      constants: mayAssignConstants(source) ? constantAssignments(current, checker, isCell) : undefined,
      runtimeSpecifier: (specifier) => this.#host.runtimeSpecifier(specifier, this.#host.current),
      shadow: shadowed.size === 0 ? undefined : shadowTransformer(current, checker, shadowed),
    });
  }

  compileModule(fileName: string): CompileModuleResult {
    const file = parseModule(fileName, this.#host.readFile(fileName));
    if (!mustBeCompiled(file)) return { ok: true, module: undefined };
    const diagnostics = diagnosticsOf(syntaxErrorsOf(file), file.text, 0, true, fileName).map(
      this.#language.present,
    );
    if (diagnostics.length > 0) return { ok: false, diagnostics };
    return { ok: true, module: compileModule(file, this.#host.getCompilationSettings(), this.#own) };
  }

  parameters(written: string, expressions: ReadonlyMap<string, readonly string[]>): Parameters {
    this.#refreshProject();
    const source = this.#readable(written);
    const { file } = this.#read(source);
    const errors = syntaxErrorsOf(file);
    if (errors.length > 0) return { ok: false, diagnostics: diagnosticsOf(errors, source, 0, true) };
    const variables = parameterVariables(file);
    const fits = variables.flatMap(({ name: { text } }) =>
      (expressions.get(text) ?? []).map((expression) => [text, expression] as const),
    );
    // What the cell asks of the compiler, such as to check nothing, is not meant for what comes from outside.
    const cell = { ...this.#read(withVariables(file)), directives: [] };
    const header = this.#header(cell, cell.identifiers);
    const { text, spans } = fittingFunctions(fits, header.length + cell.text.length);
    if (isJsxCell(file)) this.#prepareJsx(file);
    this.#program.open(header + cell.text + text, isJsxCell(file) ? ".tsx" : ".ts", augments(file));
    const problems = this.#checker.strictProblems(spans);
    const { program, current } = this.#checked();
    const described = describeParameters(
      variables,
      program.getTypeChecker(),
      current,
      this.#language.isPlain,
    );
    return {
      ok: true,
      parameters: described.map((each) => ({
        ...each,
        problems: fits.flatMap(([name], index) => (name === each.name ? [problems[index]] : [])),
      })),
    };
  }

  commit(surface: CellSurface): void {
    const { serial, ambient, source } = surface;
    for (const [module, declaration] of ambient) this.#ambient.set(module, declaration);
    this.#host.setAmbient(this.#ambient.values());
    this.#sources.set(serial, source);
    this.#program.setCell(surface);
    this.#scope.add(surface);
  }

  reset(): void {
    this.#forgetCells();
    this.#program.reset();
  }

  turnTo(sources: readonly string[]): void {
    this.#forgetCells();
    this.#refreshProject();
    this.#program.turnTo(this.#parsed(sources));
  }

  #forgetCells(): void {
    this.#scope = new CellScope();
    this.#sources.clear();
    this.#ambient.clear();
    this.#host.setAmbient([]);
    const { options } = this.#project.current;
    // A cell with JSX may have added to them.
    if (this.#host.getCompilationSettings() !== options) this.#host.setOptions(options);
  }

  /** Lets go of what TypeScript knows, which may be anything after a failure, but not of the cells. */
  startOver(): void {
    this.#program.startOver();
  }

  complete(source: string, offset: number): Completions {
    const start = this.#open(source, isMember(source, offset) ? undefined : this.#scope.names);
    return completionsAt(this.#service, this.#host.current, start, source, offset);
  }

  inspect(source: string, offset: number, detailed: boolean): QuickInfo | undefined {
    const position = this.#open(source) + offset;
    const info = inspectAt(this.#service, this.#host.current, position);
    return info && detailed ? { ...info, definitions: this.#definitions(position) } : info;
  }

  #definitions(position: number): Definition[] {
    return definitionsAt(this.#service, this.#host.current, position, {
      isCell: (fileName) => this.#host.isCell(fileName),
      cellOf: (name) => {
        const source = this.#sources.get(this.#scope.cellOf(name) ?? -1);
        return source === undefined ? undefined : this.#language.parse(source);
      },
      read: (fileName) => this.#host.readFile(fileName),
    });
  }

  isComplete(source: string): Completeness {
    const { parse, readable } = this.#language;
    const { file } = this.#read(readable(source));
    const status = statusWithObject(statusOf(file), parseAsObject(source, parse));
    if (status !== "incomplete") return { status, indent: "" };
    const text = source.endsWith("\n") ? source : `${source}\n`;
    this.#host.setCurrent(text, this.#language.extensionOf(file));
    const width = this.#service.getIndentationAtPosition(this.#host.current, text.length, INDENTATION);
    return { status, indent: " ".repeat(width) };
  }

  /** The tsconfig may have been edited at any time. */
  #refreshProject(): void {
    if (this.#project.refresh()) this.#host.setOptions(this.#project.current.options);
  }

  #aboutUpgrades(): string[] {
    return this.#program
      .takeUpgraded()
      .map(
        (name) =>
          `The package "${name}" has changed, and its types are read anew. If a cell has loaded it before, restart the kernel.`,
      );
  }

  /** From the first cell with JSX on it is compiled, by the library that the notebook's folder has. */
  #prepareJsx(file: ts.SourceFile): ts.Diagnostic[] {
    if (!isJsxCell(file)) return [];
    const options = this.#host.getCompilationSettings();
    const found = (specifier: string): boolean =>
      this.#host.resolve(specifier, this.#host.current) !== undefined;
    const changes = jsxOptions(options, found);
    if (changes === undefined) return [missingLibrary(file, options)];
    if (Object.keys(changes).length > 0) this.#host.override(changes);
    return [];
  }

  #localModules(): ts.SourceFile[] {
    const program = this.#service.getProgram();
    return program === undefined ? [] : localModulesOf(program, this.#host.current, this.#own);
  }

  #parsed(sources: readonly string[]): ts.SourceFile[] {
    return sources.map((source) => this.#language.parse(this.#readable(source)));
  }

  #readable(written: string): string {
    return this.#language.readable(withoutHashBang(written));
  }

  #read(source: string): CellText {
    return readCell(this.#language, source, (name) => this.#scope.has(name));
  }

  /** Makes a cell the current file, with the names that it has or could have next; returns where the cell starts. */
  #open(written: string, wanted?: Iterable<string>): number {
    this.#refreshProject();
    const cell = this.#read(this.#readable(written));
    const { file, identifiers, text, wrapping } = cell;
    const header = this.#header(cell, wanted ?? identifiers);
    if (isJsxCell(file)) this.#prepareJsx(file);
    this.#program.open(header + text + wrapping.after, this.#language.extensionOf(file), augments(file));
    return header.length;
  }

  /** What stands before a cell in the file that is checked: its directives, then one line that brings in names. */
  #header(cell: CellText, wanted: Iterable<string>): string {
    const { file, directives, declared, wrapping } = cell;
    const prelude = this.#language.prelude(file, declared);
    return [...directives, prelude + this.#scope.header(cell, wanted) + wrapping.before, ""].join("\n");
  }

  /** The open variables that a cell declares or changes. In plain JavaScript they may be anything as it is. */
  #openEnds({ file, declared, uses }: CellText): ReadonlyMap<string, OpenEnd> {
    if (this.#language.isPlain || syntaxErrorsOf(file).length > 0) return new Map();
    return new Map([...this.#scope.changedOpen(declared, uses), ...declaredOpen(file, uses)]);
  }

  /** The current cell in the program that it was checked in. */
  #checked(): CheckedCell {
    const program = this.#service.getProgram();
    const current = program?.getSourceFile(this.#host.current);
    if (program === undefined || current === undefined)
      throw new Error("Cannot compile the cell: it is not known");
    return { program, current };
  }

  /** The names in a cell of variables that it or an earlier one has declared, and that packages must not see. */
  #shadowed(identifiers: ReadonlySet<string>, declared: ReadonlyMap<string, Declaration>): Set<string> {
    const { hides, provides } = this.#language;
    const isShadowed = (name: string): boolean => {
      const own = declared.get(name);
      const isDeclared = own?.value !== undefined && !own.ambient;
      return hides(name) && (isDeclared || this.#scope.hasVariable(name) || provides(name));
    };
    return new Set([...identifiers].filter(isShadowed));
  }
}
