/** The messages between the protocol process and the compiler process. */
import type { LocalModule, Program } from "./session-messages.js";

/** What the type checker knows a cell's language by. */
export type CellExtension = ".ts" | ".tsx" | ".js" | ".jsx";

/**
 * What a cell's top level declares under one name.
 * `let` and `const` are plain values; `alias` is what an `import` carries whole to another module: a function, a class, an
 * enum, a namespace or an import of the cell's own.
 */
export interface Declaration {
  value: "let" | "const" | "alias" | undefined;
  type: boolean;
  /** Whether the cell itself exports it. */
  exported: boolean;
  /** Whether the cell only describes what is there already, as `declare` does. */
  ambient: boolean;
  /** Whether the cell only assigns it, which in a script declares it. */
  undeclared?: true;
}

/** What a cell knows of an open variable. An array also takes the type of what is put into it. */
export interface OpenVariable {
  readonly kind: "value" | "array";
  /** The cell at whose end it has a known type; none where it may be anything. */
  readonly cell: number | undefined;
  /** Whether it has nothing in it: the type is but null or undefined, or nothing was put into the array. */
  readonly empty: boolean;
}

/** What is wrong with a cell, as TypeScript says it; positions count from 1. */
export interface Diagnostic {
  /** TypeScript's number; none where the language of the cell has no such numbers. */
  readonly code: number | undefined;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** How many characters of the line it is about. */
  readonly length: number;
  readonly syntax: boolean;
  /** The text of the line. */
  readonly text: string;
  /** The module that it is in; none for the cell itself. */
  readonly file: string | undefined;
}

/** What later cells see of a cell. */
export interface CellSurface {
  readonly serial: number;
  /** Whether its types have kept it from running: then its values are not there. */
  readonly refused: boolean;
  readonly declared: ReadonlyMap<string, Declaration>;
  /** What it knows of variables without a type of their own, its own and earlier cells'. */
  readonly open: ReadonlyMap<string, OpenVariable>;
  /** Whether it adds to the global scope or to another module's declarations. */
  readonly augmenting: boolean;
  /** Its declarations of modules that have no types of their own, by the module's name. */
  readonly ambient: ReadonlyMap<string, string>;
  /** The cell itself. */
  readonly source: string;
  /** Its types: its declarations or, where those cannot be written down, the cell as it was checked. */
  readonly text: string;
  readonly kind: ".d.ts" | CellExtension;
  /** The cell as it was checked, where the text has its declarations. */
  readonly written: { readonly text: string; readonly kind: CellExtension } | undefined;
}

export type CompileResult =
  | {
      readonly ok: true;
      readonly program: Program;
      readonly declared: CellSurface["declared"];
      /** The names of earlier cells whose values or types it takes while it runs, other than in functions. */
      readonly uses: readonly string[];
      /** Whether it differs from the text that it had before, if that was given, in nothing but its format and comments. */
      readonly unchanged: boolean;
      /** What is wrong with the types but does not stop the cell. */
      readonly shown: readonly Diagnostic[];
    }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      /** None of a cell that does not parse: it cannot be committed. */
      readonly declared: CellSurface["declared"] | undefined;
    };

/** What is wrong with a cell that is not to run. */
export interface CheckResult {
  /** What would keep it from running. */
  readonly stops: readonly Diagnostic[];
  /** What would be shown below it. */
  readonly shown: readonly Diagnostic[];
}

/** A cell under a serial of its own. */
export interface WrittenCell {
  readonly serial: number;
  readonly source: string;
}

/** What the person is to be told below a cell, once: of the tsconfig and of packages. */
export interface Noticed {
  readonly notices: readonly string[];
}

/** A module that code has named while it ran; undefined if Node loads it as it is. */
export type CompileModuleResult =
  | { readonly ok: true; readonly module: LocalModule | undefined }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** What a completion is, in words for which VS Code has icons. JupyterLab shows an icon for any word. */
export const COMPLETION_KINDS = [
  "variable",
  "function",
  "method",
  "constructor",
  "property",
  "class",
  "interface",
  "typeParameter",
  "enum",
  "enumMember",
  "module",
  "keyword",
  "folder",
  "file",
  "value",
  "text",
] as const;

export type CompletionKind = (typeof COMPLETION_KINDS)[number];

/** Completions of a cell; offsets count UTF-16 code units. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly entries: readonly CompletionEntry[];
}

export interface CompletionEntry {
  readonly text: string;
  readonly kind: CompletionKind;
  readonly signature: string;
}

/** A declaration as it is written. */
export interface Definition {
  /** File and line; none for what a cell declares. */
  readonly place: string | undefined;
  readonly text: string;
}

/** What is known about the name at a position. */
export interface QuickInfo {
  readonly signature: string;
  readonly documentation: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
  /** Where it is declared; only if that was asked for. */
  readonly definitions: readonly Definition[];
  /** The variable of the notebook that it is, if it is one. */
  readonly variable?: string | undefined;
  /** What its value is now, in one line. */
  readonly now?: string | undefined;
}

/** Whether a cell could run as it stands. */
export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid";
  readonly indent: string;
}

/** A variable of the notebook's parameters, and how the values fit that are to be given to it. */
export interface Parameter {
  readonly name: string;
  readonly keyword: "const" | "let" | "var";
  /** Its type as a cell can write it; undefined where none can, and in plain JavaScript. */
  readonly annotation: string | undefined;
  /** Its type for people. */
  readonly type: string;
  /** Where it is declared, counted from 1. */
  readonly line: number;
  /** For each expression that it may be given: why it cannot be, or undefined if it can. */
  readonly problems: readonly (string | undefined)[];
}

/** What a cell declares that can be set from outside. */
export type Parameters =
  | { readonly ok: true; readonly parameters: readonly Parameter[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** The questions that the compiler answers, with their answers. */
export interface CompilerCalls {
  /**
   * Checks and compiles a cell under a serial of its own.
   *
   * @param earlier - the text that the cell had before, if it ran before
   */
  compile(serial: number, source: string, earlier?: string): CompileResult & Noticed;
  /** Checks all cells of a notebook in their order as {@link compile} does, and makes no JavaScript of them. */
  check(cells: readonly WrittenCell[]): CheckResult[];
  /** Tells which cells are to come: one program is made for all packages that they import. */
  foresee(sources: readonly string[]): void;
  /** Compiles a module of the user's own; its types are not checked, as nothing that is typed depends on them. */
  compileModule(file: string): CompileModuleResult;
  /**
   * Finds what a cell declares that can be set from outside, however strictly the folder is checked.
   *
   * @param expressions - what the variables may be given, by their names
   */
  parameters(source: string, expressions: ReadonlyMap<string, readonly string[]>): Parameters;
  /**
   * Makes what a compiled cell has declared known to the later ones.
   *
   * @returns what {@link restore} takes, should another compiler take this one's place: nobody else reads it
   */
  commit(serial: number, source: string): Uint8Array;
  /** Makes known what a cell has declared that another compiler has committed. */
  restore(committed: Uint8Array): void;
  /** Forgets all cells, as their values are gone. */
  reset(): void;
  /**
   * Forgets all cells and foresees those of another notebook. It goes on with what it knows of packages, where no answer
   * depends on those that the other notebook does not import. Its serials must be new.
   */
  turnTo(sources: readonly string[]): void;
  complete(source: string, offset: number): Completions;
  /** @param detailed - whether to look up the definitions, too */
  inspect(source: string, offset: number, detailed: boolean): QuickInfo | undefined;
  isComplete(source: string): Completeness;
  /** Whether two texts of a cell differ in nothing but their format and comments. */
  isSame(one: string, other: string): boolean;
  /** The names that the next cell has from the cells so far, sorted. */
  names(): NotebookName[];
  /** The lines of a cell or module, counted from 1, at which code begins that can be stopped at. */
  linesWithCode(source: string): number[];
  /** Compiles an expression for code that is stopped at a place. */
  expressionAt(place: CodePlace, expression: string): PlacedExpression;
  /** Whether what is thrown at a place is caught in its function. */
  isCaughtAt(place: CodePlace): boolean;
}

/** A name of the notebook. */
export interface NotebookName {
  readonly name: string;
  /** The name as TypeScript describes it: "const size: number". */
  readonly signature: string;
}

/** A place in a cell or a module. */
export interface CodePlace {
  /** The text of the cell or module. */
  readonly source: string;
  /** The module's file; none for a cell. */
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
}

/** An expression as JavaScript, with its type where TypeScript knows one, or what is wrong with it. */
export type PlacedExpression =
  | { readonly ok: true; readonly javascript: string; readonly type: string | undefined }
  | { readonly ok: false; readonly problem: string };

/** What the compiler is told, and not asked: nobody waits for an answer. */
export type CompilerNotice = "restore" | "reset" | "turnTo";

export interface CompilerRequest {
  readonly id: number;
  readonly method: keyof CompilerCalls;
  readonly args: readonly unknown[];
}

/** The session, which must not outlive the kernel and cannot see to that itself while it is stopped: its process group. */
export interface SessionCompanion {
  readonly companion: number;
}

export type CompilerResponse =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: string };
