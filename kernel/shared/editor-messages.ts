/** The messages between a language server and the process that answers for notebooks. */
import type { CompletionEntry } from "./compiler-messages.js";
import type { Language } from "./language.js";

/** A place in a text as the Language Server Protocol counts: from 0, a line in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A code cell as an editor has it. */
export interface EditorCell {
  /** What the editor calls it: no other cell has this. */
  readonly id: string;
  readonly source: string;
  /** Which of its texts this is. */
  readonly version: number;
  /** Whether it is meant to fail: then nothing is told of what is wrong with it. */
  readonly mayFail: boolean;
}

/** A notebook that an editor has open. */
export interface EditorNotebook {
  readonly id: string;
  /** An absolute path: imports are looked for there. */
  readonly folder: string;
  readonly language: Language;
  /** Its code cells in their order. */
  readonly cells: readonly EditorCell[];
}

/** Where a cursor is. */
export interface Cursor {
  readonly notebook: string;
  readonly cell: string;
  readonly position: Position;
}

/** Something that is wrong with a cell. */
export interface Finding {
  readonly range: Range;
  readonly severity: "error" | "warning";
  /** TypeScript's number, if it has one. */
  readonly code: number | undefined;
  readonly message: string;
}

/** All that is wrong with a cell as it is. */
export interface CellFindings {
  readonly notebook: string;
  readonly cell: string;
  readonly version: number;
  readonly findings: readonly Finding[];
}

/** A part of a cell or of a file. */
export interface Place {
  readonly in: { readonly cell: string } | { readonly file: string };
  readonly range: Range;
}

export interface Hover {
  readonly range: Range;
  readonly markdown: string;
}

export interface CompletionList {
  /** What is replaced. */
  readonly range: Range;
  readonly items: readonly CompletionEntry[];
}

export interface Signatures {
  readonly active: number;
  readonly parameter: number;
  readonly signatures: readonly {
    readonly label: string;
    readonly documentation: string;
    /** The parameters, as parts of the label. */
    readonly parameters: readonly { readonly label: string; readonly documentation: string }[];
  }[];
}

/** A name of a cell that an editor lists. */
export interface CellSymbol {
  readonly name: string;
  /** TypeScript's word for what it is. */
  readonly kind: string;
  readonly range: Range;
  /** Its name alone. */
  readonly selection: Range;
  readonly children: readonly CellSymbol[];
}

export interface TextEdit {
  readonly range: Range;
  readonly text: string;
}

/** Edits by the cells that they are in. */
export type CellEdits = ReadonlyMap<string, readonly TextEdit[]>;

export interface Fix {
  readonly title: string;
  /** The mistake that it mends. */
  readonly code: number;
  readonly edits: readonly TextEdit[];
}

/** What a name could be renamed to, or why it cannot be. */
export type Renaming = { readonly edits: CellEdits } | { readonly refused: string };

/** The questions of an editor, with their answers. */
export interface EditorCalls {
  /** Tells of a notebook, or of what has become of it. */
  update(notebook: EditorNotebook): void;
  close(notebook: string): void;
  /** Looks at files anew that may have changed. */
  refresh(): void;
  hover(at: Cursor): Hover | undefined;
  complete(at: Cursor): CompletionList | undefined;
  /** What is known about a completion, as Markdown. */
  describe(at: Cursor, name: string): string;
  signatures(at: Cursor): Signatures | undefined;
  definitions(at: Cursor): readonly Place[];
  typeDefinitions(at: Cursor): readonly Place[];
  /** Where a name is used in the notebook. */
  references(at: Cursor, withDeclarations: boolean): readonly Place[];
  /** The name at a position that could be renamed. */
  renamed(at: Cursor): Range | undefined;
  rename(at: Cursor, name: string): Renaming;
  symbols(notebook: string, cell: string): readonly CellSymbol[];
  fixes(notebook: string, cell: string, range: Range, codes: readonly number[]): readonly Fix[];
  /** Numbers as the protocol has them, five a token. */
  tokens(notebook: string, cell: string): readonly number[];
}

export interface EditorRequest {
  readonly id: number;
  readonly method: keyof EditorCalls;
  readonly args: readonly unknown[];
}

export type EditorResponse =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: string }
  | { readonly found: CellFindings };

/** What the tokens' numbers stand for: TypeScript's own order. */
export const TOKEN_TYPES = [
  "class",
  "enum",
  "interface",
  "namespace",
  "typeParameter",
  "type",
  "parameter",
  "variable",
  "enumMember",
  "property",
  "function",
  "method",
] as const;
export const TOKEN_MODIFIERS = [
  "declaration",
  "static",
  "async",
  "readonly",
  "defaultLibrary",
  "local",
] as const;
