import type ts from "typescript";
import type { Definition } from "../../shared/compiler-messages.js";
import { declarationsOf } from "../syntax/declarations.js";

/**
 * Where a name's meaning is written down, in a file that the language service knows.
 *
 * @param definition - what the service found
 * @param text - the text of the file that it names
 * @returns the whole declaration with its file and line
 */
export function definitionIn(
  { fileName, textSpan, contextSpan }: ts.DefinitionInfo,
  text: string,
): Definition {
  const { start, length } = contextSpan ?? textSpan;
  const line = text.slice(0, start).split("\n").length;
  return { place: `${fileName}:${line}`, text: text.slice(start, start + length) };
}

/**
 * Finds a name's declarations as the user wrote them: what the service knows of earlier cells are their types only.
 *
 * @param cell - the parsed cell
 * @returns the statements at the cell's top level that declare the name
 */
export function statementsOf(cell: ts.SourceFile, name: string): Definition[] {
  return cell.statements
    .filter((statement) => declarationsOf(cell, [statement]).has(name))
    .map((statement) => ({ place: undefined, text: statement.getFullText(cell).trim() }));
}
