import ts from "typescript";
import { augments, declarationsOf } from "./declarations.js";
import { definitionIn, statementsOf } from "./definition.js";
import { diagnosticsOf } from "./diagnostics.js";
import { kernelSpecifiers, LanguageHost } from "./language-host.js";
import { compileModule, localModulesOf } from "./local-modules.js";
import type {
  CellSurface,
  CompileResult,
  CompilerCalls,
  Completeness,
  Completions,
  Definition,
  Diagnostic,
  QuickInfo,
} from "./messages.js";
import { optionsFor } from "./options.js";
import { CellScope } from "./scope.js";

/** The header is one line; the cell begins on the next. */
const HEADER_LINES = 1;

/**
 * Checks and compiles the cells of one notebook with a single language service, which also answers the questions of an
 * editor. It knows nothing of values: only {@link commit} says which cells ran.
 */
export class CellCompiler implements CompilerCalls {
  readonly #host: LanguageHost;
  readonly #service: ts.LanguageService;
  #scope = new CellScope();
  /** The cells as they were written, by serial. */
  readonly #sources = new Map<number, string>();

  /** @param folder - the notebook's folder, an absolute path */
  constructor(folder: string) {
    this.#host = new LanguageHost(folder, optionsFor(folder));
    this.#service = ts.createLanguageService(this.#host, ts.createDocumentRegistry());
  }

  compile(serial: number, source: string): CompileResult {
    const file = parse(source);
    const header = `${this.#scope.header(file, identifiersOf(file))}\n`;
    const text = header + source;
    this.#host.setCurrent(text);
    const name = this.#host.current;
    const syntax = this.#service.getSyntacticDiagnostics(name);
    const found = syntax.length > 0 ? syntax : this.#service.getSemanticDiagnostics(name);
    const diagnostics = diagnosticsOf(found, source, header.length, syntax.length > 0);
    if (diagnostics.length > 0) return { ok: false, diagnostics };
    const modules = this.#localModules();
    const broken = modules.flatMap((file) => this.#moduleDiagnostics(file));
    if (broken.length > 0) return { ok: false, diagnostics: broken };
    const { javascript, sourceMap, declarations } = this.#emit();
    const options = this.#host.getCompilationSettings();
    const compiled = modules.map((module) => compileModule(module, options));
    return {
      ok: true,
      program: { javascript, sourceMap, headerLines: HEADER_LINES, source, modules: compiled },
      surface: {
        serial,
        declared: declarationsOf(file),
        augmenting: augments(file),
        source,
        text: declarations ?? text,
        kind: declarations === undefined ? ".ts" : ".d.ts",
      },
    };
  }

  commit({ serial, declared, augmenting, source, text, kind }: CellSurface): void {
    this.#sources.set(serial, source);
    this.#host.setCell(serial, text, kind);
    this.#scope.add(serial, declared, augmenting);
  }

  reset(): void {
    this.#scope = new CellScope();
    this.#sources.clear();
    this.#host.forgetCells();
  }

  complete(source: string, offset: number): Completions {
    const position = this.#open(source) + offset;
    const found = this.#service.getCompletionsAtPosition(this.#host.current, position, {
      includeCompletionsForModuleExports: false,
      includeCompletionsWithInsertText: false,
      includeSymbol: true,
    });
    const specifier = moduleSpecifierBefore(source, offset);
    const word =
      specifier?.replace(/^\..*\//, "") ?? /[\p{ID_Continue}$]*$/u.exec(source.slice(0, offset))?.[0] ?? "";
    const span = specifier === undefined ? found?.optionalReplacementSpan : undefined;
    const start = span === undefined ? offset - word.length : span.start - (position - offset);
    const end = span === undefined ? offset : start + span.length;
    const prefix = source.slice(start, offset);
    const extra = specifier?.startsWith(".") === false ? kernelSpecifiers() : [];
    const entries = [
      ...(found?.entries ?? []).map(({ name, kind, sortText, symbol }) => ({
        name,
        kind: this.#kindBehindAlias(symbol) ?? kind,
        sortText,
      })),
      ...extra.map((name) => ({ name, kind: "external module name", sortText: "1" })),
    ]
      .filter(({ name }) => name.toLowerCase().startsWith(prefix.toLowerCase()))
      .sort((left, right) => (left.sortText < right.sortText ? -1 : left.sortText > right.sortText ? 1 : 0));
    return { start, end, entries: entries.map(({ name, kind }) => ({ text: name, kind, signature: "" })) };
  }

  inspect(source: string, offset: number, detailed: boolean): QuickInfo | undefined {
    const start = this.#open(source);
    const name = this.#host.current;
    // The cursor often stands just behind the name that is meant.
    const info =
      this.#service.getQuickInfoAtPosition(name, start + offset) ??
      (offset > 0 ? this.#service.getQuickInfoAtPosition(name, start + offset - 1) : undefined);
    // TypeScript calls a name that it does not know "any", and an unknown type "unresolved".
    if (info === undefined || info.kind === ts.ScriptElementKind.unknown) return undefined;
    const signature = ts.displayPartsToString(info.displayParts);
    if (signature.endsWith("= /*unresolved*/ any")) return undefined;
    return {
      // That the name reaches this cell through an import of the header is of no interest.
      signature: signature.replace(/^\(alias\) /, "").replace(/\n(?:import|export) .*$/, ""),
      documentation: proseOf(info.documentation),
      tags: (info.tags ?? []).map((tag) => ({ name: tag.name, text: proseOf(tag.text) })),
      definitions: detailed ? this.#definitions(info.textSpan.start) : [],
    };
  }

  #definitions(position: number): Definition[] {
    const found = this.#service.getDefinitionAtPosition(this.#host.current, position) ?? [];
    const definitions = found.flatMap((definition) => {
      const { fileName, name, containerName } = definition;
      if (this.#host.isCell(fileName)) {
        const outermost = containerName.split(".")[0] || name;
        const source = this.#sources.get(this.#scope.cellOf(outermost) ?? -1);
        return source === undefined ? [] : statementsOf(parse(source), outermost);
      }
      return definitionIn(definition, this.#host.readFile(fileName) ?? "");
    });
    // A method's overloads all lead to its class.
    return definitions.filter(({ text }, i) => definitions.findIndex((other) => other.text === text) === i);
  }

  isComplete(source: string): Completeness {
    const file = parse(source) as ts.SourceFile & { readonly parseDiagnostics: readonly ts.Diagnostic[] };
    const [first] = file.parseDiagnostics;
    if (first === undefined) return { status: "complete", indent: "" };
    // More text can mend an error only where the text ends, or where something that may span lines was left open.
    const atEnd = (first.start ?? 0) >= source.trimEnd().length;
    if (first.code === UNTERMINATED_STRING || !(atEnd || OPEN_ENDED.has(first.code))) {
      return { status: "invalid", indent: "" };
    }
    const lastLine = source.trimEnd().split("\n").at(-1) ?? "";
    const indent = /^\s*/.exec(lastLine)?.[0] ?? "";
    return { status: "incomplete", indent: /[{([]\s*$/.test(lastLine) ? `${indent}  ` : indent };
  }

  /** What an imported name is, as names of earlier cells are too. */
  #kindBehindAlias(symbol: ts.Symbol | undefined): string | undefined {
    if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Alias) === 0) return undefined;
    const flags = this.#service.getProgram()?.getTypeChecker().getAliasedSymbol(symbol).flags ?? 0;
    return ALIASED_KINDS.find(([flag]) => (flags & flag) !== 0)?.[1];
  }

  #localModules(): ts.SourceFile[] {
    const program = this.#service.getProgram();
    if (program === undefined) return [];
    return localModulesOf(
      program,
      this.#host.current,
      (name) => this.#host.isOwnModule(name),
      (specifier, from) => this.#host.resolve(specifier, from)?.resolvedFileName,
    );
  }

  #moduleDiagnostics(file: ts.SourceFile): Diagnostic[] {
    const syntax = this.#service.getSyntacticDiagnostics(file.fileName);
    const found = syntax.length > 0 ? syntax : this.#service.getSemanticDiagnostics(file.fileName);
    return diagnosticsOf(found, file.text, 0, syntax.length > 0, file.fileName);
  }

  /** Makes a cell the current file with everything of the scope in its header; returns where the cell starts. */
  #open(source: string): number {
    const header = `${this.#scope.header(parse(source), this.#scope.names)}\n`;
    this.#host.setCurrent(header + source);
    return header.length;
  }

  #emit(): { javascript: string; sourceMap: string; declarations: string | undefined } {
    const name = this.#host.current;
    const files = this.#service.getEmitOutput(name).outputFiles;
    const textOf = (suffix: string): string | undefined =>
      files.find((file) => file.name.endsWith(suffix))?.text;
    const javascript = textOf(".js");
    const sourceMap = textOf(".js.map");
    if (javascript === undefined || sourceMap === undefined)
      throw new Error("Cannot compile the cell: nothing emitted");
    const program = this.#service.getProgram();
    const file = program?.getSourceFile(name);
    const unspeakable = program === undefined || program.getDeclarationDiagnostics(file).length > 0;
    return {
      javascript: javascript.replace(/\/\/# sourceMappingURL=.*\s*$/, ""),
      sourceMap,
      declarations: unspeakable ? undefined : textOf(".d.ts"),
    };
  }
}

/** What stands of a module name before a position inside it. */
function moduleSpecifierBefore(source: string, offset: number): string | undefined {
  const pattern = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*["']([^"'\n]*)$/;
  return pattern.exec(source.slice(0, offset))?.[1];
}

/** Documentation as text; a link is the name that it leads to. */
function proseOf(parts: ts.SymbolDisplayPart[] | undefined): string {
  return ts.displayPartsToString(parts).replace(/\{@link(?:code|plain)?\s+([^}\s]+)\s*\}/g, "$1");
}

const ALIASED_KINDS = [
  [ts.SymbolFlags.Function, "function"],
  [ts.SymbolFlags.Class, "class"],
  [ts.SymbolFlags.Enum, "enum"],
  [ts.SymbolFlags.Variable, "variable"],
  [ts.SymbolFlags.Interface, "interface"],
  [ts.SymbolFlags.TypeAlias, "type"],
  [ts.SymbolFlags.Module, "module"],
] as const;

const UNTERMINATED_STRING = 1002;
/** Unterminated template literal, comment and regular expression start before the end of what they leave open. */
const OPEN_ENDED = new Set([1160, 1010, 1161]);

function parse(source: string): ts.SourceFile {
  return ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true);
}

/** Every identifier in the cell: the names that it may take from earlier cells. */
function identifiersOf(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}
