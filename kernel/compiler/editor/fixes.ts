import ts from "typescript";
import type { Fix, TextEdit } from "../../shared/editor-messages.js";
import type { CellAnalysis } from "../cell-analysis.js";
import { withoutCellModules } from "../cells/cell-specifiers.js";
import type { OpenCell } from "./folded-cells.js";
import { rangeOf } from "./positions.js";

const FORMAT: ts.FormatCodeSettings = {
  ...ts.getDefaultFormatCodeSettings("\n"),
  indentSize: 2,
  tabSize: 2,
};
const PREFERENCES: ts.UserPreferences = { quotePreference: "double", allowTextChangesInNewFiles: false };

/**
 * What TypeScript offers to mend mistakes in a cell, as far as it changes the cell alone.
 *
 * @param span - where the mistakes stand in the cell
 * @param codes - their numbers
 */
export function fixesAt(
  { service, host }: CellAnalysis,
  { cell, start }: OpenCell,
  span: { readonly start: number; readonly end: number },
  codes: readonly number[],
): Fix[] {
  const from = start + span.start;
  const to = start + span.end;
  return codes.flatMap((code) =>
    service
      .getCodeFixesAtPosition(host.current, from, to, [code], FORMAT, PREFERENCES)
      .toSorted((left, right) => Number(isLikely(right)) - Number(isLikely(left)))
      .flatMap(({ description, changes }) => {
        const [change] = changes;
        if (change === undefined || changes.length > 1 || change.fileName !== host.current) return [];
        const edits = change.textChanges.map((each) => editOf(each, cell.source, start));
        if (!edits.every((edit) => edit !== undefined)) return [];
        return [{ title: withoutCellModules(description), code, edits }];
      }),
  );
}

/** A name that was mistyped, and one that was not imported, are what is meant most often. */
const isLikely = ({ fixName }: ts.CodeFixAction): boolean => fixName === "spelling" || fixName === "import";

/** A change of the file as one of the cell; nothing where the cell would not hold it. */
function editOf({ span, newText }: ts.TextChange, source: string, start: number): TextEdit | undefined {
  const text = withoutCellModules(newText);
  if (/__cell[-_]\d/.test(text)) return undefined;
  if (span.start >= start) return { range: rangeOf(source, span.start - start, span.length), text };
  // An import is added below the others, which may be those of the header.
  const isImport = span.length === 0 && /^\s*import\b/.test(text);
  return isImport ? { range: rangeOf(source, 0, 0), text: `${text.trim()}\n` } : undefined;
}
