import { deserialize, serialize } from "node:v8";
import type ts from "typescript";
import type {
  CellSurface,
  CheckResult,
  CodePlace,
  CompileModuleResult,
  CompileResult,
  CompilerCalls,
  Completeness,
  Completions,
  Definition,
  Diagnostic,
  NotebookName,
  Noticed,
  Parameters,
  PlacedExpression,
  QuickInfo,
  WrittenCell,
} from "../shared/compiler-messages.js";
import type { Language } from "../shared/language.js";
import { INDENTATION, statusOf, statusWithObject } from "./assist/completeness.js";
import { completionsAt, isMember } from "./assist/completion.js";
import { definitionsAt } from "./assist/definition.js";
import { inspectAt, nameAt, topLevelNameAt } from "./assist/inspection.js";
import {
  describeParameters,
  fittingFunctions,
  parameterVariables,
  withVariables,
} from "./assist/parameters.js";
import { CellAnalysis } from "./cell-analysis.js";
import type { CellText } from "./cells/cell-text.js";
import { diagnosticsOf, type Span } from "./checks/diagnostics.js";
import type { CheckedCell } from "./checks/examined.js";
import { isCaughtAt, linesWithCode } from "./debug/places.js";
import { expressionProblem, offsetIn, offsetOf, probe, probedExpression, typeOf } from "./debug/probe.js";
import { constantAssignments } from "./emit/constants.js";
import { emitDeclarations, emitScript } from "./emit/emit.js";
import { compileModule, mustBeCompiled, parseModule } from "./emit/own-modules.js";
import { shadowTransformer } from "./emit/shadow-transformer.js";
import { replTransformer } from "./emit/transform.js";
import { prepareJsx } from "./program/prepare-jsx.js";
import { unknownRequests } from "./project/strictness.js";
import { augments } from "./syntax/declarations.js";
import { isJsxCell } from "./syntax/jsx.js";
import { parseAsObject } from "./syntax/object-cell.js";
import { syntaxErrorsOf } from "./syntax/syntax-errors.js";

/**
 * Checks and compiles the cells of one notebook with a single language service, which also answers the questions of an
 * editor. It knows nothing of values: only {@link commit} says which cells ran.
 */
export class CellCompiler implements CompilerCalls {
  readonly #cells: CellAnalysis;
  /** The cell that was compiled last, and what later cells would see of it. */
  #latest: { readonly serial: number; readonly surface: () => CellSurface } | undefined;

  /**
   * @param folder - the notebook's folder, an absolute path
   * @param language - the language of the cells
   * @param documents - parsed files that compilers share
   * @param practised - what goes on as this one's, if it fits
   */
  constructor(folder: string, language: Language, documents?: ts.DocumentRegistry, practised?: CellAnalysis) {
    this.#cells = new CellAnalysis(folder, language, documents, practised);
  }

  /** The types of its cells. */
  get analysis(): CellAnalysis {
    return this.#cells;
  }

  compile(serial: number, written: string, earlier?: string): CompileResult & Noticed {
    this.#cells.refreshProject();
    const result = this.#compile(serial, written, earlier);
    const { project, program } = this.#cells;
    return {
      ...result,
      notices: [...project.takeNotices(), ...program.takeNotices(), ...unknownRequests(written)],
    };
  }

  /** Compiles a cell for nobody; returns the first mistake in it, if there is one. */
  practise(source: string): string | undefined {
    const latest = this.#latest;
    const result = this.#compile(0, source);
    this.#latest?.surface();
    this.#latest = latest;
    return [...(result.ok ? result.shown : result.diagnostics)][0]?.message;
  }

  #compile(serial: number, written: string, earlier?: string): CompileResult {
    this.#latest = undefined;
    const examined = this.#cells.examine(serial, written);
    if ("unreadable" in examined) return { ok: false, diagnostics: examined.unreadable, declared: undefined };
    const { cell, source, span, stops, shown, modules, checked, surfaceWith } = examined;
    const { program, current } = checked;
    const { declared } = cell;
    this.#latest = { serial, surface: () => surfaceWith(emitDeclarations(program, current)) };
    if (stops.length > 0) return { ok: false, diagnostics: stops, declared };
    const emitted = emitScript(program, current, this.#transformer(cell, source, span, checked));
    const options = this.#cells.host.getCompilationSettings();
    const compiled = modules.map((module) => compileModule(module, options, this.#cells.own));
    return {
      ok: true,
      program: { ...emitted, headerLines: cell.directives.length + 1, source, modules: compiled },
      declared,
      uses: this.#cells.usedBy(cell),
      unchanged: earlier !== undefined && this.#cells.isSame(earlier, written),
      shown,
    };
  }

  check(cells: readonly WrittenCell[]): CheckResult[] {
    return this.#cells.check(cells);
  }

  foresee(sources: readonly string[]): void {
    this.#cells.foresee(sources);
  }

  /** The last step of the emit of a checked cell. */
  #transformer(
    { declared, identifiers }: CellText,
    source: string,
    span: Span,
    { program, current }: CheckedCell,
  ): ReturnType<typeof replTransformer> {
    const { host, language } = this.#cells;
    const { isPlain, mayAssignConstants } = language;
    const shadowed = this.#cells.shadowed(identifiers, declared);
    const checker = program.getTypeChecker();
    const isCell = (fileName: string): boolean => host.isCell(fileName);
    return replTransformer({
      span,
      shadowed,
      isPlain,
      constants: mayAssignConstants(source) ? constantAssignments(current, checker, isCell) : undefined,
      runtimeSpecifier: (specifier) => host.runtimeSpecifier(specifier, host.current),
      shadow: shadowed.size === 0 ? undefined : shadowTransformer(current, checker, shadowed),
    });
  }

  compileModule(fileName: string): CompileModuleResult {
    const { host, language, own } = this.#cells;
    const file = parseModule(fileName, host.readFile(fileName));
    if (!mustBeCompiled(file)) return { ok: true, module: undefined };
    const diagnostics = diagnosticsOf(syntaxErrorsOf(file), file.text, 0, true, fileName).map(
      language.present,
    );
    if (diagnostics.length > 0) return { ok: false, diagnostics };
    return { ok: true, module: compileModule(file, host.getCompilationSettings(), own) };
  }

  isSame(one: string, other: string): boolean {
    return this.#cells.isSame(one, other);
  }

  parameters(written: string, expressions: ReadonlyMap<string, readonly string[]>): Parameters {
    const cells = this.#cells;
    cells.refreshProject();
    const source = cells.readable(written);
    const { file } = cells.read(source);
    const errors = syntaxErrorsOf(file);
    if (errors.length > 0) return { ok: false, diagnostics: diagnosticsOf(errors, source, 0, true) };
    const variables = parameterVariables(file);
    const fits = variables.flatMap(({ name: { text } }) =>
      (expressions.get(text) ?? []).map((expression) => [text, expression] as const),
    );
    // What the cell asks of the compiler, such as to check nothing, is not meant for what comes from outside.
    const cell = { ...cells.read(withVariables(file)), directives: [] };
    const header = cells.header(cell, cell.identifiers);
    const { text, spans } = fittingFunctions(fits, header.length + cell.text.length);
    prepareJsx(cells.host, file);
    cells.program.open(header + cell.text + text, isJsxCell(file) ? ".tsx" : ".ts", augments(file));
    const problems = cells.checker.strictProblems(spans);
    const { program, current } = cells.checked();
    const { isPlain } = cells.language;
    const described = describeParameters(variables, program.getTypeChecker(), current, isPlain);
    return {
      ok: true,
      parameters: described.map((each) => ({
        ...each,
        problems: fits.flatMap(([name], index) => (name === each.name ? [problems[index]] : [])),
      })),
    };
  }

  /** Makes ready what {@link commit} needs of the cell that was compiled last, while nobody waits. */
  prepareCommit(): void {
    if (this.#latest === undefined) return;
    const { serial, surface } = this.#latest;
    this.#latest = undefined;
    const prepared = surface();
    this.#latest = { serial, surface: () => prepared };
  }

  commit(serial: number, written: string): Uint8Array {
    if (this.#latest?.serial !== serial) this.#compile(serial, written);
    const surface = this.#latest?.surface();
    if (surface === undefined) throw new Error(`cell ${serial} cannot be read any more`);
    this.#latest = undefined;
    this.#cells.commit(surface);
    return serialize(surface);
  }

  restore(committed: Uint8Array): void {
    this.#cells.commit(deserialize(committed) as CellSurface);
  }

  reset(): void {
    this.#cells.reset();
  }

  turnTo(sources: readonly string[]): void {
    this.#cells.turnTo(sources);
  }

  /** Lets go of what TypeScript knows, which may be anything after a failure, but not of the cells. */
  startOver(): void {
    this.#cells.program.startOver();
  }

  complete(source: string, offset: number): Completions {
    const { service, host, scope } = this.#cells;
    const start = this.#cells.open(source, isMember(source, offset) ? undefined : scope.names);
    return completionsAt(service, host.current, start, source, offset);
  }

  inspect(source: string, offset: number, detailed: boolean): QuickInfo | undefined {
    const position = this.#cells.open(source) + offset;
    const { service, host, scope } = this.#cells;
    const info = inspectAt(service, host.current, position);
    if (info === undefined) return undefined;
    const name = topLevelNameAt(service, host.current, position);
    const variable = name !== undefined && scope.hasVariable(name) ? name : undefined;
    return { ...info, variable, ...(detailed && { definitions: this.#definitions(position) }) };
  }

  #definitions(position: number): Definition[] {
    const { service, host, language } = this.#cells;
    return definitionsAt(service, host.current, position, {
      isCell: (fileName) => host.isCell(fileName),
      cellOf: (name) => {
        const source = this.#cells.sourceOf(name);
        return source === undefined ? undefined : language.parse(source);
      },
      read: (fileName) => host.readFile(fileName),
    });
  }

  names(): NotebookName[] {
    const { service, host, scope } = this.#cells;
    // As a value first, then as a type: without a context TypeScript looks for values only.
    const before = "; type Asked = ";
    const lines = [...scope.names].sort().map((name) => ({ name, text: `{ ${name}${before}${name} }\n` }));
    let position = this.#cells.open(lines.map(({ text }) => text).join("")) + "{ ".length;
    return lines.map(({ name, text }) => {
      const value = nameAt(service, host.current, position);
      const info = value ?? nameAt(service, host.current, position + name.length + before.length);
      position += text.length;
      return { name, signature: info?.signature ?? name };
    });
  }

  linesWithCode(source: string): number[] {
    return linesWithCode(this.#cells.language.parse(this.#cells.readable(source)));
  }

  isCaughtAt({ source, file, line, column }: CodePlace): boolean {
    const parsed =
      file === undefined
        ? this.#cells.language.parse(this.#cells.readable(source))
        : parseModule(file, source);
    return isCaughtAt(parsed, offsetOf(parsed, line, column));
  }

  expressionAt({ source, file, line, column }: CodePlace, expression: string): PlacedExpression {
    const problem = expressionProblem(expression);
    if (problem !== undefined) return { ok: false, problem };
    const { host, language, own } = this.#cells;
    if (file !== undefined) {
      const module = parseModule(file, source);
      const { text } = probe(module, offsetOf(module, line, column), expression);
      const options = host.getCompilationSettings();
      const { javascript } = compileModule(parseModule(file, text), options, own);
      return { ok: true, javascript: probedExpression(javascript), type: undefined };
    }
    this.#cells.refreshProject();
    // What was compiled last is not what is checked now.
    this.#latest = undefined;
    const cell = language.parse(this.#cells.readable(source));
    const { text, start, end } = probe(cell, offsetOf(cell, line, column), expression);
    const examined = this.#cells.examine(0, text);
    if ("unreadable" in examined)
      return { ok: false, problem: examined.unreadable[0]?.message ?? "The code cannot be read" };
    const isOwn = ({ line, column, file: other }: Diagnostic): boolean => {
      const at = offsetIn(text, line, column);
      return other === undefined && at >= start && at <= end;
    };
    const wrong = examined.stops.find(isOwn);
    if (wrong !== undefined) return { ok: false, problem: wrong.message };
    const { span, checked } = examined;
    const { program, current } = checked;
    const transformer = this.#transformer(examined.cell, examined.source, span, checked);
    const { javascript } = emitScript(program, current, transformer);
    const type = typeOf(program.getTypeChecker(), current, span.start + start);
    return { ok: true, javascript: probedExpression(javascript), type };
  }

  isComplete(source: string): Completeness {
    const { service, host, language } = this.#cells;
    const { parse } = language;
    const { file } = this.#cells.read(this.#cells.readable(source));
    const status = statusWithObject(statusOf(file), parseAsObject(source, parse));
    if (status !== "incomplete") return { status, indent: "" };
    const text = source.endsWith("\n") ? source : `${source}\n`;
    host.cells.open(text, language.extensionOf(file));
    const width = service.getIndentationAtPosition(host.current, text.length, INDENTATION);
    return { status, indent: " ".repeat(width) };
  }
}
