import ts from "typescript";
import type { Language } from "../language.js";
import { takeAmbientModules } from "./ambient-modules.js";
import { CellChecker } from "./cell-checker.js";
import { type CellLanguage, cellLanguage } from "./cell-language.js";
import { CellProgram } from "./cell-program.js";
import { type CellText, readCell } from "./cell-text.js";
import { statusOf } from "./completeness.js";
import { completionsAt } from "./completion.js";
import { constantAssignments } from "./constants.js";
import { augments, type Declaration } from "./declarations.js";
import { definitionIn, statementsOf } from "./definition.js";
import { diagnosticsOf, exportAssignmentsOf, syntaxErrorsOf } from "./diagnostics.js";
import { createDocuments } from "./documents.js";
import { emitCell, emitDeclarations } from "./emit.js";
import { inspectAt } from "./inspection.js";
import { isJsxCell, jsxOptions, missingLibrary } from "./jsx.js";
import { LanguageHost } from "./language-host.js";
import {
  compileModule,
  localModulesOf,
  mustBeCompiled,
  type OwnModules,
  parseModule,
} from "./local-modules.js";
import type {
  CellSurface,
  CompileModuleResult,
  CompileResult,
  CompilerCalls,
  Completeness,
  Completions,
  Definition,
  Noticed,
  QuickInfo,
} from "./messages.js";
import { parseAsObject } from "./object-cell.js";
import { declaredOpen, footerOf, knownEnds, type OpenEnd } from "./open-variables.js";
import { ProjectRules } from "./project-rules.js";
import { CellScope } from "./scope.js";
import { shadowTransformer } from "./shadowing.js";
import { unknownRequests } from "./strictness.js";
import { replTransformer } from "./transform.js";

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
    const language = this.#language;
    const source = this.#readable(written);
    const whole = this.#read(source);
    const early = [...exportAssignmentsOf(whole.file), ...this.#prepareJsx(whole.file)];
    if (early.length > 0) {
      const diagnostics = diagnosticsOf(early, source, 0, false).map(language.present);
      return { ok: false, diagnostics, surface: undefined };
    }
    const ambient = takeAmbientModules(whole.file, (specifier) => this.#host.hasTypes(specifier));
    this.#host.setAmbient(new Map([...this.#ambient, ...ambient.declared]).values());
    const cell = ambient.declared.size === 0 ? whole : this.#read(ambient.rest);
    const { file, directives, declared, identifiers } = cell;
    const header = this.#header(cell, identifiers);
    const ends = this.#openEnds(cell);
    const body = cell.text + cell.wrapping.after;
    const span = { start: header.length, end: header.length + body.length };
    this.#program.open(header + body + footerOf(ends), language.extensionOf(file), augments(file));
    const name = this.#host.current;
    const own = this.#checker.checkCell(source, span);
    if (own.stops.some(({ syntax }) => syntax)) {
      return { ok: false, diagnostics: own.stops, surface: undefined };
    }
    const modules = this.#localModules();
    const checks =
      own.stops.length > 0 ? [] : modules.map((module) => this.#checker.checkModule(module, source));
    const diagnostics = [own, ...checks].flatMap(({ stops }) => stops);
    const { program, current } = this.#checked();
    const kind = language.extensionOf(file);
    const checked = { text: language.surface(header, body + footerOf(ends), declared), kind };
    const surfaceWith = (declarations: string | undefined): CellSurface => ({
      serial,
      refused: diagnostics.length > 0,
      declared,
      open: knownEnds(ends, serial, program.getTypeChecker(), current),
      augmenting: augments(file),
      ambient: ambient.declared,
      source,
      ...(declarations === undefined
        ? { ...checked, written: undefined }
        : { text: [...directives, declarations].join("\n"), kind: ".d.ts", written: checked }),
    });
    if (diagnostics.length > 0) {
      return { ok: false, diagnostics, surface: surfaceWith(emitDeclarations(program, current)) };
    }
    const shadowed = this.#shadowed(identifiers, declared);
    const checker = program.getTypeChecker();
    const isCell = (fileName: string): boolean => this.#host.isCell(fileName);
    const transformer = replTransformer({
      span,
      shadowed,
      isPlain: language.isPlain,
      constants: language.mayAssignConstants(source)
        ? constantAssignments(current, checker, isCell)
        : undefined,
      runtimeSpecifier: (specifier) => this.#host.runtimeSpecifier(specifier, name),
      shadow: shadowed.size === 0 ? undefined : shadowTransformer(current, checker, shadowed),
    });
    const { emitted, declarations } = emitCell(program, current, transformer);
    const options = this.#host.getCompilationSettings();
    const compiled = modules.map((module) => compileModule(module, options, this.#own));
    return {
      ok: true,
      program: { ...emitted, headerLines: directives.length + 1, source, modules: compiled },
      shown: [own, ...checks].flatMap(({ shown }) => shown),
      surface: surfaceWith(declarations),
    };
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

  commit(surface: CellSurface): void {
    const { serial, ambient, source } = surface;
    for (const [module, declaration] of ambient) this.#ambient.set(module, declaration);
    this.#host.setAmbient(this.#ambient.values());
    this.#sources.set(serial, source);
    this.#program.setCell(surface);
    this.#scope.add(surface);
  }

  reset(): void {
    this.#scope = new CellScope();
    this.#sources.clear();
    this.#ambient.clear();
    this.#host.setAmbient([]);
    this.#program.reset();
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
    const found = this.#service.getDefinitionAtPosition(this.#host.current, position) ?? [];
    const definitions = found.flatMap((definition) => {
      const { fileName, name, containerName } = definition;
      if (this.#host.isCell(fileName)) {
        const outermost = containerName.split(".")[0] || name;
        const source = this.#sources.get(this.#scope.cellOf(outermost) ?? -1);
        return source === undefined ? [] : statementsOf(this.#language.parse(source), outermost);
      }
      return definitionIn(definition, this.#host.readFile(fileName) ?? "");
    });
    // A method's overloads all lead to its class.
    return definitions.filter(({ text }, i) => definitions.findIndex((other) => other.text === text) === i);
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
  #checked(): { readonly program: ts.Program; readonly current: ts.SourceFile } {
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

/** How much deeper the next line of an incomplete cell begins. */
const INDENTATION: ts.EditorSettings = {
  indentStyle: ts.IndentStyle.Smart,
  indentSize: 2,
  tabSize: 2,
  newLineCharacter: "\n",
  convertTabsToSpaces: true,
};

/** The first line of a script that a shell can start, as a comment of the same length. */
const withoutHashBang = (source: string): string => source.replace(/^#!/, "//");

/** What is no block may be the beginning of an object literal. */
function statusWithObject(
  status: Completeness["status"],
  object: ts.SourceFile | undefined,
): Completeness["status"] {
  const continues = status === "invalid" && object !== undefined && statusOf(object) === "incomplete";
  return continues ? "incomplete" : status;
}

/** Whether what is written at an offset belongs to something before a dot. */
const isMember = (source: string, offset: number): boolean =>
  /(?<!\.)\.\s*#?[\p{ID_Continue}$]*$/u.test(source.slice(0, offset));
