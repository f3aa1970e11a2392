import type ts from "typescript";
import type { Declaration } from "../../shared/compiler-messages.js";
import type { CellLanguage } from "../languages/cell-language.js";
import { directivesOf } from "../syntax/declarations.js";
import { identifiersOf } from "../syntax/identifiers.js";
import { type Wrapping, wrappingOf } from "../syntax/object-cell.js";
import { type NameUses, usesOf } from "./open-variables.js";

/** A cell as it is read before it is checked. */
export interface CellText {
  readonly text: string;
  /** The parsed cell. */
  readonly file: ts.SourceFile;
  /** The comments by which it instructs the compiler. */
  readonly directives: readonly string[];
  /** The names that it gives to later cells. */
  readonly declared: ReadonlyMap<string, Declaration>;
  /** Every identifier in it: the names that it may take from earlier cells. */
  readonly identifiers: ReadonlySet<string>;
  readonly uses: NameUses;
  /** What makes an expression of it, where it would be read as something else. */
  readonly wrapping: Wrapping;
}

/**
 * Reads a cell.
 *
 * @param isKnown - whether an earlier cell has declared a name
 */
export function readCell(
  { parse, declarationsOf }: Pick<CellLanguage, "parse" | "declarationsOf">,
  text: string,
  isKnown: (name: string) => boolean,
): CellText {
  const wrapping = wrappingOf(text, parse);
  const file = parse(wrapping.before + text + wrapping.after);
  return {
    text,
    file,
    directives: directivesOf(text),
    declared: declarationsOf(file, isKnown),
    identifiers: identifiersOf(file),
    uses: usesOf(file),
    wrapping,
  };
}

/** The first line of a script that a shell can start, as a comment of the same length. */
export const withoutHashBang = (source: string): string => source.replace(/^#!/, "//");
