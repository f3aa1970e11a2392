import ts from "typescript";

/**
 * Keeps, in what later cells see of a cell, the documentation of members that stands on the line of what precedes them,
 * such as that of several members on one line: TypeScript knows only that which begins a line.
 */
export const keepInlineDocumentation: ts.TransformerFactory<ts.SourceFile | ts.Bundle> =
  (context) => (file) => {
    if (ts.isBundle(file)) return file;
    const visit = (node: ts.Node): ts.Node => {
      const visited = ts.visitEachChild(node, visit, context);
      if (!ts.isClassElement(node) && !ts.isTypeElement(node) && !ts.isEnumMember(node)) return visited;
      for (const comment of inlineDocumentation(file.text, ts.getCommentRange(node).pos)) {
        ts.addSyntheticLeadingComment(visited, ts.SyntaxKind.MultiLineCommentTrivia, comment, true);
      }
      return visited;
    };
    return ts.visitEachChild(file, visit, context);
  };

/** The texts, between the comment's own signs, of what documents the node that begins at a position of its line. */
function inlineDocumentation(text: string, position: number): string[] {
  const comments = position < 0 ? [] : (ts.getTrailingCommentRanges(text, position) ?? []);
  return comments
    .map(({ pos, end }) => text.slice(pos + 2, end - 2))
    .filter((comment) => comment.startsWith("*"));
}
