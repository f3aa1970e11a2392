import type ts from "typescript";
import type { Definition } from "../../shared/compiler-messages.js";
import { declarationsOf } from "../syntax/declarations.js";

/** Where the texts of cells and files are found. */
export interface Sources {
  readonly isCell: (fileName: string) => boolean;
  /** The cell, as the user wrote it, whose top level declares a name */
  readonly cellOf: (name: string) => ts.SourceFile | undefined;
  readonly read: (fileName: string) => string | undefined;
}

/**
 * Finds where the name at a position is declared.
 *
 * @param service - that knows the file
 * @param fileName - of the file
 * @param position - in the file
 * @returns the declarations, each text once
 */
export function definitionsAt(
  service: ts.LanguageService,
  fileName: string,
  position: number,
  { isCell, cellOf, read }: Sources,
): Definition[] {
  const found = service.getDefinitionAtPosition(fileName, position) ?? [];
  const definitions = found.flatMap((definition) => {
    const { fileName: place, name, containerName } = definition;
    if (!isCell(place)) return definitionIn(definition, read(place) ?? "");
    const outermost = containerName.split(".")[0] || name;
    const cell = cellOf(outermost);
    return cell === undefined ? [] : statementsOf(cell, outermost);
  });
  // A method's overloads all lead to its class.
  return definitions.filter(({ text }, i) => definitions.findIndex((other) => other.text === text) === i);
}

/**
 * Where a name's meaning is written down, in a file that the language service knows.
 *
 * @param definition - what the service found
 * @param text - the text of the file that it names
 * @returns the whole declaration with its file and line
 */
function definitionIn({ fileName, textSpan, contextSpan }: ts.DefinitionInfo, text: string): Definition {
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
function statementsOf(cell: ts.SourceFile, name: string): Definition[] {
  return cell.statements
    .filter((statement) => declarationsOf(cell, [statement]).has(name))
    .map((statement) => ({ place: undefined, text: statement.getFullText(cell).trim() }));
}
