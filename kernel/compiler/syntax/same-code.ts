import { isDeepStrictEqual } from "node:util";
import ts from "typescript";

/** Whether two texts differ in nothing but what a formatter changes: spaces, comments, quotes, commas and semicolons at ends. */
export const isSameCode = (one: ts.SourceFile, other: ts.SourceFile): boolean =>
  one.text === other.text || isDeepStrictEqual(partsOf(one), partsOf(other));

/** What a text consists of: kinds of nodes, and the texts of what has no parts. */
function partsOf(file: ts.SourceFile): (ts.SyntaxKind | string)[] {
  const found: (ts.SyntaxKind | string)[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    found.push(node.kind);
    const parts = node.getChildren(file);
    for (const [index, part] of parts.entries()) {
      if (index < parts.length - 1 || !isEndMark(part)) visit(part);
    }
    if (parts.length === 0) found.push(ts.isStringLiteral(node) ? node.text : node.getText(file));
  };
  visit(file);
  return found;
}

const isEndMark = ({ kind }: ts.Node): boolean =>
  kind === ts.SyntaxKind.SemicolonToken || kind === ts.SyntaxKind.CommaToken;
