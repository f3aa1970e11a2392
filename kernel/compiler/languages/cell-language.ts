import type ts from "typescript";
import type { CellExtension, Declaration, Diagnostic } from "../../shared/compiler-messages.js";
import type { CellRules } from "../project/options.js";

/** What the compiler does in one language otherwise than in the other. */
export interface CellLanguage {
  /**
   * How the cells of a folder are checked and compiled.
   *
   * @param project - the options of its tsconfig, if it has one
   */
  rulesFor(project: ts.CompilerOptions): CellRules;
  /** Whether a cell asks for it to be checked strictly. */
  asksForStrict(source: string): boolean;
  /** Declares all that cells have besides what the types of TypeScript and Node.js know. */
  globals(): string;
  /** A cell without what the parser does not know, each part replaced by a comment of the same length. */
  readable(source: string): string;
  parse(source: string): ts.SourceFile;
  extensionOf(file: ts.SourceFile): CellExtension;
  /**
   * The names that a cell gives to later ones.
   *
   * @param isKnown - whether an earlier cell has declared a name
   */
  declarationsOf(file: ts.SourceFile, isKnown: (name: string) => boolean): Map<string, Declaration>;
  /** One line of declarations that the type checker needs to know a cell's names. */
  prelude(file: ts.SourceFile, declared: ReadonlyMap<string, Declaration>): string;
  /** Whether what the type checker has found wrong with a cell or a module stops the cell. */
  stops(found: ts.Diagnostic): boolean;
  /** Whether the types of the local modules that a cell imports are checked, too. */
  checksModulesOf(source: string): boolean;
  /** What has stopped a cell, as people who write the language know it. */
  present(diagnostic: Diagnostic): Diagnostic;
  /** Whether packages must not see what a cell declares under a name. */
  hides(name: string): boolean;
  /** Whether the session has a value under a name that it hides from packages itself. */
  provides(name: string): boolean;
  /** Whether a cell may run that assigns what is constant. */
  mayAssignConstants(source: string): boolean;
  /** Whether a cell is emitted as a script of plain JavaScript. */
  readonly isPlain: boolean;
  /** What later cells know a cell by if it has no declarations. */
  surface(header: string, source: string, declared: ReadonlyMap<string, Declaration>): string;
  /** Small cells of different kinds, by which the compiler practises. */
  readonly practice: readonly string[];
}
