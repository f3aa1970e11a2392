import ts from "typescript";
import { syntaxErrorsOf } from "./diagnostics.js";
import type { Completeness } from "./messages.js";

/** "Unterminated string literal": unlike other literals it must end on its line. */
const UNTERMINATED_STRING = 1002;
/** Unterminated template literal, comment and regular expression start before the end of what they leave open. */
const OPEN_ENDED = new Set([1160, 1010, 1161]);

/** Nothing ends with these words, although the parser accepts some of them as names. */
const CONTINUING = /(?<![\w$.#])(?:abstract|await|const|declare|export|import|let|var)$/;

/** Whether a cell could run as it stands, judged by its syntax alone. */
export function statusOf(file: ts.SourceFile): Completeness["status"] {
  const [first] = syntaxErrorsOf(file);
  const source = file.text.trimEnd();
  if (first === undefined) return expectsMore(file, source) ? "incomplete" : "complete";
  if (first.code === UNTERMINATED_STRING) return "invalid";
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

/** Whether a cell that parses lacks its end all the same: a function its body, a declaration its names or values. */
function expectsMore(file: ts.SourceFile, source: string): boolean {
  if (CONTINUING.test(source)) return true;
  const last = file.statements.at(-1);
  if (last === undefined || last.getText(file).endsWith(";")) return false;
  if (
    ts.canHaveModifiers(last) &&
    last.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)
  ) {
    return false;
  }
  if (ts.isFunctionDeclaration(last)) return last.body === undefined;
  return ts.isVariableStatement(last) && lacksValue(last.declarationList);
}

function lacksValue({ declarations, flags }: ts.VariableDeclarationList): boolean {
  const last = declarations.at(-1);
  const needsValue =
    (flags & ts.NodeFlags.Constant) !== 0 || (last !== undefined && !ts.isIdentifier(last.name));
  return needsValue && last?.initializer === undefined;
}
