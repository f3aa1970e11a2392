import ts from "typescript";
import type { Diagnostic } from "../../shared/compiler-messages.js";
import { remedyFor } from "../../shared/npm-specifier.js";
import type { CellLanguage } from "../languages/cell-language.js";
import type { CellProgram } from "../program/cell-program.js";
import { findingsOf } from "../program/findings.js";
import type { LanguageHost } from "../program/language-host.js";
import type { ProjectRules } from "../program/project-rules.js";
import { STRICT } from "../project/strictness.js";
import { diagnosticsOf, errorsIn, type Span } from "./diagnostics.js";

/** What was found wrong with a cell or a module, as the person gets to see it. */
export interface Checked {
  /** What keeps the cell from running. */
  readonly stops: readonly Diagnostic[];
  /** What is shown below a cell that runs all the same. */
  readonly shown: readonly Diagnostic[];
}

const NOTHING: Checked = { stops: [], shown: [] };

/** A text in the program, to be looked at for what is wrong with it. */
interface Text {
  /** The file that it stands in. */
  readonly fileName: string;
  readonly text: string;
  /** Where it stands there. */
  readonly span: Span;
  /** What its errors call it; undefined for the cell. */
  readonly label?: string;
}

/** Finds what is wrong with cells, and with modules of the user's own that they import. */
export class CellChecker {
  readonly #language: CellLanguage;
  readonly #project: ProjectRules;
  readonly #host: LanguageHost;
  readonly #service: ts.LanguageService;
  readonly #program: CellProgram;

  constructor(
    language: CellLanguage,
    project: ProjectRules,
    host: LanguageHost,
    service: ts.LanguageService,
    program: CellProgram,
  ) {
    this.#language = language;
    this.#project = project;
    this.#host = host;
    this.#service = service;
    this.#program = program;
  }

  /**
   * What is wrong with the current cell.
   *
   * @param source - the cell
   * @param span - where it stands in the checked file
   */
  checkCell(source: string, span: Span): Checked {
    const cell = { fileName: this.#host.current, text: source, span };
    return this.#check(cell, true, this.#language.asksForStrict(source));
  }

  /**
   * What is wrong with a module that the current cell imports.
   *
   * @param source - the cell
   */
  checkModule({ fileName, text }: ts.SourceFile, source: string): Checked {
    const module = { fileName, text, span: { start: 0, end: text.length }, label: fileName };
    return this.#check(module, this.#language.checksModulesOf(source), this.#language.asksForStrict(source));
  }

  /**
   * What is wrong with parts of the current cell when it is checked strictly.
   *
   * @param spans - where they stand in the checked file
   * @returns a message for each, or undefined where nothing is wrong
   */
  strictProblems(spans: readonly Span[]): (string | undefined)[] {
    const program = this.#service.getProgram();
    const file = program?.getSourceFile(this.#host.current);
    if (program === undefined || file === undefined) return [];
    const found = [...program.getSyntacticDiagnostics(file), ...this.#strictFindings(program, file)];
    return spans.map((span) => {
      const [first] = errorsIn(found, span);
      return first && ts.flattenDiagnosticMessageText(first.messageText, "\n");
    });
  }

  #strictFindings(program: ts.Program, file: ts.SourceFile): readonly ts.Diagnostic[] {
    // The service's own question would also refuse types that no declaration file can express.
    return this.#project.current.options.strict
      ? program.getSemanticDiagnostics(file)
      : this.#program.diagnosticsWith(file, STRICT);
  }

  /**
   * @param typed - whether its types are to be looked at, too
   * @param strict - whether the cell asks for it to be checked strictly
   */
  #check({ fileName, text, span, label }: Text, typed: boolean, strict: boolean): Checked {
    const program = this.#service.getProgram();
    const file = program?.getSourceFile(fileName);
    // What is only required is not part of the program, and so is not checked.
    if (program === undefined || file === undefined) return NOTHING;
    const { stops, present } = this.#language;
    const errors = (found: readonly ts.Diagnostic[]): ts.Diagnostic[] =>
      errorsIn(found, span).filter((each) => stops(each) && !this.#isUntyped(each));
    const described = (found: readonly ts.Diagnostic[], syntax = false): Diagnostic[] =>
      diagnosticsOf(found, text, span.start, syntax, label).map((each) => present(this.#withRemedy(each)));
    const syntax = errors(this.#service.getSyntacticDiagnostics(fileName));
    if (syntax.length > 0) return { stops: described(syntax, true), shown: [] };
    if (!typed) return NOTHING;
    const { strictness, loose } = this.#project.current;
    const found = strict ? this.#strictFindings(program, file) : program.getSemanticDiagnostics(file);
    const findings = findingsOf(file, errors(found), strict ? "strict" : strictness, () =>
      errors(this.#program.diagnosticsWith(file, loose)),
    );
    return { stops: described(findings.stops), shown: described(findings.shown) };
  }

  /** A package without types is no reason not to use it. */
  #isUntyped({ code, messageText }: ts.Diagnostic): boolean {
    const specifier = missingPackage(code, ts.flattenDiagnosticMessageText(messageText, "\n"));
    return specifier !== undefined && this.#host.hasCode(specifier);
  }

  /** A package that is not there can be installed, and the decorators of older packages can be switched on. */
  #withRemedy(diagnostic: Diagnostic): Diagnostic {
    const { code, message } = diagnostic;
    const isOlder = this.#project.current.options.experimentalDecorators === true;
    if (code && DECORATOR_ERRORS.has(code) && !isOlder)
      return { ...diagnostic, message: `${message}\n${OLDER_DECORATORS}` };
    const specifier = code && missingPackage(code, message);
    if (!specifier) return diagnostic;
    const hint = remedyFor(specifier, this.#host.getCurrentDirectory());
    return { ...diagnostic, message: `${message}\nIf it is a package, ${hint}` };
  }
}

/** A decorator does not take what one of the standard is given, or stands where the standard has none. */
const DECORATOR_ERRORS = new Set([1206, 1238, 1239, 1240, 1241]);
const OLDER_DECORATORS =
  'Packages such as typeorm and inversify need the decorators of before the standard: write { "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } } to tsconfig.json in the notebook\'s folder';

/** The package whose types a diagnostic misses, if it does. */
function missingPackage(code: number, message: string): string | undefined {
  const specifier = code === 2307 || code === 2882 ? /'([^']+)'/.exec(message)?.[1] : undefined;
  return specifier === undefined || /^[./#]|^(?!npm:)\w+:/.test(specifier) ? undefined : specifier;
}
