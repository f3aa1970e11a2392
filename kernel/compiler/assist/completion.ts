import ts from "typescript";
import {
  COMPLETION_KINDS,
  type CompletionEntry,
  type CompletionKind,
  type Completions,
} from "../../shared/compiler-messages.js";
import { withoutCellModules } from "../cells/cell-specifiers.js";
import { kernelSpecifiers } from "../library/kernel-packages.js";
import { SELDOM_MODULES } from "../library/seldom-modules.js";

/** Signatures take time: only a list that a person still reads has them. */
const SIGNED_ENTRIES = 100;

/**
 * What could stand at a position of a cell.
 *
 * @param file - the file that holds the cell, from `cellStart` on
 * @param offset - the cursor's offset in the cell
 */
export function completionsAt(
  service: ts.LanguageService,
  file: string,
  cellStart: number,
  source: string,
  offset: number,
): Completions {
  const found = service.getCompletionsAtPosition(file, cellStart + offset, {
    includeCompletionsForModuleExports: false,
    includeCompletionsWithInsertText: false,
    includeSymbol: true,
  });
  // In JavaScript TypeScript also offers every word of the cell.
  const known = found?.entries.filter(({ kind }) => kind !== ts.ScriptElementKind.warning) ?? [];
  const entries = known.sort(bySortText);
  const specifier = moduleSpecifierBefore(source, offset);
  if (specifier !== undefined) return specifiersAt(specifier, offset, entries, cellStart);
  const word = /#?[\p{ID_Continue}$]*$/u.exec(source.slice(0, offset))?.[0] ?? "";
  const span = found?.optionalReplacementSpan;
  const start = span === undefined ? offset - word.length : span.start - cellStart;
  const end = span === undefined ? offset : start + span.length;
  const prefix = source.slice(start, offset).toLowerCase();
  const matching = entries.filter(({ name }) => name.toLowerCase().startsWith(prefix));
  const checker = service.getProgram()?.getTypeChecker();
  const signed = matching.length <= SIGNED_ENTRIES;
  return listOf(start, end, matching, ({ name, kind, symbol }) => {
    const meant = symbol === undefined ? undefined : behindAlias(symbol, checker);
    return {
      text: name,
      kind: kindOf(kind, meant),
      signature: signed && meant !== undefined ? signatureOf(meant, checker) : "",
    };
  });
}

/** Makes a list in which every text stands once: TypeScript names a keyword that is also a value twice. */
function listOf<Item>(
  start: number,
  end: number,
  items: readonly Item[],
  describe: (item: Item) => CompletionEntry,
): Completions {
  const entries = new Map<string, CompletionEntry>();
  for (const item of items) {
    const entry = describe(item);
    if (!entries.has(entry.text)) entries.set(entry.text, entry);
  }
  return { start, end, entries: [...entries.values()] };
}

const bySortText = (left: ts.CompletionEntry, right: ts.CompletionEntry): number =>
  left.sortText < right.sortText ? -1 : left.sortText > right.sortText ? 1 : 0;

/** What stands of a module name before a position inside it. */
function moduleSpecifierBefore(source: string, offset: number): string | undefined {
  const pattern = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*["']([^"'\n]*)$/;
  return pattern.exec(source.slice(0, offset))?.[1];
}

/** The modules that could be meant: paths by their last part, packages whole. */
function specifiersAt(
  specifier: string,
  offset: number,
  entries: readonly ts.CompletionEntry[],
  cellStart: number,
): Completions {
  const start = offset - specifier.length;
  const folderLength = specifier.lastIndexOf("/") + 1;
  const known = entries
    .filter(({ name }) => name !== "node_modules")
    .map(({ name, kind, replacementSpan }) => {
      const replaced =
        replacementSpan === undefined ? folderLength : replacementSpan.start - cellStart - start;
      return { text: specifier.slice(0, replaced) + name, kind };
    });
  const isPath = specifier.startsWith(".");
  const importable = isPath ? [] : [...kernelSpecifiers(), ...SELDOM_MODULES.keys()];
  const others = importable.map((text) => ({ text, kind: EXTERNAL_MODULE }));
  const matching = [...others, ...known].filter(({ text }) =>
    text.toLowerCase().startsWith(specifier.toLowerCase()),
  );
  const dropped = isPath ? folderLength : 0;
  return listOf(start + dropped, offset, matching, ({ text, kind }) => ({
    text: text.slice(dropped),
    kind: kindOf(kind, undefined),
    signature: "",
  }));
}

/** What an imported name is, as names of earlier cells are too. */
function behindAlias(symbol: ts.Symbol, checker: ts.TypeChecker | undefined): ts.Symbol {
  if ((symbol.flags & ts.SymbolFlags.Alias) === 0 || checker === undefined) return symbol;
  return checker.getAliasedSymbol(symbol);
}

const EXTERNAL_MODULE = ts.ScriptElementKind.externalModuleName;

/** The kinds that front ends have icons for, by TypeScript's where it has another word. */
const KINDS: Readonly<Record<string, CompletionKind>> = {
  const: "variable",
  let: "variable",
  var: "variable",
  using: "variable",
  "await using": "variable",
  "local var": "variable",
  parameter: "variable",
  "local function": "function",
  "local class": "class",
  type: "interface",
  getter: "property",
  setter: "property",
  accessor: "property",
  construct: "constructor",
  "enum member": "enumMember",
  "type parameter": "typeParameter",
  "primitive type": "keyword",
  [EXTERNAL_MODULE]: "module",
  directory: "folder",
  script: "file",
  string: "value",
};

const KINDS_OF_SYMBOLS = [
  [ts.SymbolFlags.Function, "function"],
  [ts.SymbolFlags.Class, "class"],
  [ts.SymbolFlags.Enum, "enum"],
  [ts.SymbolFlags.Variable, "variable"],
  [ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias, "interface"],
  [ts.SymbolFlags.Module, "module"],
] as const;

function kindOf(kind: string, meant: ts.Symbol | undefined): CompletionKind {
  const flags = meant?.flags ?? 0;
  if (kind === ts.ScriptElementKind.alias)
    return KINDS_OF_SYMBOLS.find(([flag]) => (flags & flag) !== 0)?.[1] ?? "variable";
  return KINDS[kind] ?? COMPLETION_KINDS.find((known) => known === kind) ?? "text";
}

/** What a person who goes on typing asks for again. */
const signatures = new WeakMap<ts.TypeChecker, WeakMap<ts.Symbol, string>>();

/** `(a: number, b?: string) => void` of what can be called, else nothing. */
function signatureOf(symbol: ts.Symbol, checker: ts.TypeChecker | undefined): string {
  if (checker === undefined || (symbol.flags & ts.SymbolFlags.Value) === 0) return "";
  const known = signatures.get(checker) ?? new WeakMap<ts.Symbol, string>();
  signatures.set(checker, known);
  const written = known.get(symbol) ?? writtenSignature(symbol, checker);
  known.set(symbol, written);
  return written;
}

function writtenSignature(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
  return signature === undefined ? "" : withoutCellModules(checker.signatureToString(signature));
}

/** Whether what is written at an offset belongs to something before a dot. */
export const isMember = (source: string, offset: number): boolean =>
  /(?<!\.)\.\s*#?[\p{ID_Continue}$]*$/u.test(source.slice(0, offset));
