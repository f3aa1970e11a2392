import ts from "typescript";
import { syntaxErrorsOf } from "../syntax/syntax-errors.js";

/** What a cell declares of modules that have no types of their own. */
export interface AmbientModules {
  /** The declarations, by the name of the module. */
  readonly declared: ReadonlyMap<string, string>;
  /** The cell with blanks in their place, so that everything else stays where it is. */
  readonly rest: string;
}

/**
 * Takes `declare module "name"` out of a cell, where it could only add to types that are there.
 *
 * @param cell - the parsed cell
 * @param hasTypes - whether a module has types
 */
export function takeAmbientModules(
  cell: ts.SourceFile,
  hasTypes: (specifier: string) => boolean,
): AmbientModules {
  const declared = new Map<string, string>();
  let rest = cell.text;
  // What does not parse is left in the cell, whose errors are reported.
  const statements = syntaxErrorsOf(cell).length > 0 ? [] : cell.statements;
  for (const statement of statements) {
    if (!ts.isModuleDeclaration(statement) || !ts.isStringLiteral(statement.name)) continue;
    const { text: name } = statement.name;
    if (hasTypes(name)) continue;
    const text = statement.getText(cell);
    const start = statement.getStart(cell);
    declared.set(name, `${declared.get(name) ?? ""}${text}\n`);
    rest = rest.slice(0, start) + text.replace(/[^\n]/g, " ") + rest.slice(start + text.length);
  }
  return { declared, rest };
}
