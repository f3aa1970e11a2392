import ts from "typescript";
import type { Completeness } from "../../shared/compiler-messages.js";
import { syntaxErrorsOf } from "../syntax/syntax-errors.js";
import { isAmbient, isMistake } from "./mistakes.js";

/** "Unterminated string literal", "… regular expression literal" and "Digit expected": these must end on their line. */
const ENDS_ON_ITS_LINE = new Set([1002, 1161, 1124]);
/** Unterminated template literal and comment start before the end of what they leave open. */
const OPEN_ENDED = new Set([1160, 1010]);

/** Nothing ends with these words, although the parser accepts some of them as names. */
const CONTINUING = /(?<![\w$.#])(?:abstract|await|const|declare|export|import|let|var)$/;

/** Whether a cell could run as it stands, judged by its syntax alone. */
export function statusOf(file: ts.SourceFile): Completeness["status"] {
  const [first] = syntaxErrorsOf(file);
  const source = file.text.trimEnd();
  if (first === undefined) {
    const open = openStatement(file);
    const unfinished = open && ts.isVariableStatement(open) ? lastOf(open) : undefined;
    if (isMistaken(file, unfinished)) return "invalid";
    return CONTINUING.test(source) || (open !== undefined && expectsMore(open)) ? "incomplete" : "complete";
  }
  if (ENDS_ON_ITS_LINE.has(first.code)) return "invalid";
  if (OPEN_ENDED.has(first.code) || CONTINUING.test(source)) return "incomplete";
  // More text can mend an error only where nothing but comments follows it.
  const scanner = ts.createScanner(
    ts.ScriptTarget.ESNext,
    true,
    undefined,
    file.text,
    undefined,
    first.start,
  );
  return scanner.scan() === ts.SyntaxKind.EndOfFileToken ? "incomplete" : "invalid";
}

/** @param unfinished - what the next line may complete */
function isMistaken(node: ts.Node, unfinished: ts.Node | undefined): boolean {
  if (node !== unfinished && isMistake(node)) return true;
  return ts.forEachChild(node, (child) => isMistaken(child, unfinished)) === true;
}

/** The statement that the next line may go on with. */
function openStatement(file: ts.SourceFile): ts.Statement | undefined {
  const last = file.statements.at(-1);
  return last?.getText(file).endsWith(";") ? undefined : last;
}

/** The declaration that more text may give its value, unless another one is to follow. */
function lastOf({ declarationList: { declarations } }: ts.VariableStatement): ts.Node | undefined {
  return declarations.hasTrailingComma ? undefined : declarations.at(-1);
}

/** Whether a statement that parses lacks its end all the same: a function its body, a declaration its names or values. */
function expectsMore(last: ts.Statement): boolean {
  if (ts.isFunctionDeclaration(last)) {
    return last.body === undefined && !isAmbient(last);
  }
  if (!ts.isVariableStatement(last)) return false;
  const unfinished = lastOf(last);
  return unfinished === undefined || isMistake(unfinished);
}

/** How much deeper the next line of an incomplete cell begins. */
export const INDENTATION: ts.EditorSettings = {
  indentStyle: ts.IndentStyle.Smart,
  indentSize: 2,
  tabSize: 2,
  newLineCharacter: "\n",
  convertTabsToSpaces: true,
};

/** What is no block may be the beginning of an object literal. */
export function statusWithObject(
  status: Completeness["status"],
  object: ts.SourceFile | undefined,
): Completeness["status"] {
  const continues = status === "invalid" && object !== undefined && statusOf(object) === "incomplete";
  return continues ? "incomplete" : status;
}
