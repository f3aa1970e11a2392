import type ts from "typescript";
import type { CellSurface, Diagnostic } from "../../shared/compiler-messages.js";
import type { CellText } from "../cells/cell-text.js";
import type { Span } from "./diagnostics.js";

/** A cell in the program that it was checked in. */
export interface CheckedCell {
  readonly program: ts.Program;
  readonly current: ts.SourceFile;
}

/** A cell that was checked, and what its compilation needs. */
export interface Examined {
  readonly cell: CellText;
  readonly source: string;
  readonly span: Span;
  readonly stops: readonly Diagnostic[];
  readonly shown: readonly Diagnostic[];
  /** The user's own modules that it imports. */
  readonly modules: readonly ts.SourceFile[];
  readonly checked: CheckedCell;
  /** What later cells see of it, with its declarations, where those can be written down. */
  readonly surfaceWith: (declarations: string | undefined) => CellSurface;
}

/** A cell that cannot be read as it is. */
export interface Unreadable {
  readonly unreadable: readonly Diagnostic[];
  /** What later cells see of it, as far as TypeScript has made something of it. */
  readonly rest: () => CellSurface;
}
