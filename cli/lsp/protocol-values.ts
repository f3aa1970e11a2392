import {
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentSymbol,
  type Range,
  SymbolKind,
} from "vscode-languageserver";
import type { CompletionEntry, CompletionKind } from "../../kernel/shared/compiler-messages.js";
import type { Range as CellRange, CellSymbol, Finding } from "../../kernel/shared/editor-messages.js";

/** A range of a cell as one of its document, which has `line` lines before the cell. */
export const moved = ({ start, end }: CellRange, line: number): Range => ({
  start: { ...start, line: start.line + line },
  end: { ...end, line: end.line + line },
});

/** The server's name in what it tells of. */
export const SOURCE = "rnnlab";

export const diagnosticOf = ({ range, severity, code, message }: Finding, line: number): Diagnostic => ({
  range: moved(range, line),
  severity: severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
  ...(code === undefined ? {} : { code }),
  source: SOURCE,
  message,
});

const COMPLETION_KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  variable: CompletionItemKind.Variable,
  function: CompletionItemKind.Function,
  method: CompletionItemKind.Method,
  constructor: CompletionItemKind.Constructor,
  property: CompletionItemKind.Property,
  class: CompletionItemKind.Class,
  interface: CompletionItemKind.Interface,
  typeParameter: CompletionItemKind.TypeParameter,
  enum: CompletionItemKind.Enum,
  enumMember: CompletionItemKind.EnumMember,
  module: CompletionItemKind.Module,
  keyword: CompletionItemKind.Keyword,
  folder: CompletionItemKind.Folder,
  file: CompletionItemKind.File,
  value: CompletionItemKind.Value,
  text: CompletionItemKind.Text,
};

/**
 * @param at - what the client sends back when it asks for the documentation
 */
export const completionOf = (
  { text, kind, signature }: CompletionEntry,
  index: number,
  range: Range,
  at: object,
): CompletionItem => ({
  label: text,
  ...(signature === "" ? {} : { labelDetails: { detail: signature } }),
  kind: COMPLETION_KINDS[kind],
  // The server knows the order: what is near, then what is global.
  sortText: String(index).padStart(6, "0"),
  textEdit: { range, newText: text },
  data: at,
});

const SYMBOL_KINDS: Readonly<Record<string, SymbolKind>> = {
  function: SymbolKind.Function,
  "local function": SymbolKind.Function,
  method: SymbolKind.Method,
  construct: SymbolKind.Constructor,
  constructor: SymbolKind.Constructor,
  class: SymbolKind.Class,
  "local class": SymbolKind.Class,
  interface: SymbolKind.Interface,
  type: SymbolKind.Interface,
  enum: SymbolKind.Enum,
  "enum member": SymbolKind.EnumMember,
  module: SymbolKind.Namespace,
  alias: SymbolKind.Variable,
  const: SymbolKind.Constant,
  property: SymbolKind.Property,
  getter: SymbolKind.Property,
  setter: SymbolKind.Property,
};

export const symbolOf = (
  { name, kind, range, selection, children }: CellSymbol,
  line: number,
): DocumentSymbol => ({
  name,
  kind: SYMBOL_KINDS[kind] ?? SymbolKind.Variable,
  range: moved(range, line),
  selectionRange: moved(selection, line),
  children: children.map((child) => symbolOf(child, line)),
});

/** Joins the tokens of several cells of one document. */
export function joinedTokens(
  cells: readonly { readonly line: number; readonly tokens: readonly number[] }[],
): number[] {
  const joined: number[] = [];
  let before = { line: 0, character: 0 };
  for (const { line: first, tokens } of cells) {
    let place = { line: first, character: 0 };
    for (let at = 0; at + 4 < tokens.length; at += 5) {
      const [down = 0, along = 0, ...rest] = tokens.slice(at, at + 5);
      place = { line: place.line + down, character: down === 0 ? place.character + along : along };
      const line = place.line - before.line;
      joined.push(line, line === 0 ? place.character - before.character : place.character, ...rest);
      before = place;
    }
  }
  return joined;
}
