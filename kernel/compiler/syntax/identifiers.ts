import ts from "typescript";

/** Every identifier in the cell, comments with types included: the names that it may take from earlier cells. */
export function identifiersOf(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    forEachPart(node, visit);
  };
  visit(file);
  return names;
}

/** Calls back with each part of a node. In JavaScript the comments that hold its types are parts of it, too. */
export function forEachPart(node: ts.Node, visit: (part: ts.Node) => void): void {
  ts.forEachChild(node, visit);
  if ((node.flags & ts.NodeFlags.JavaScriptFile) === 0) return;
  commentsOf(node).forEach(visit);
}

/** The JSDoc comments before a node: TypeScript itself tells of the last one only. */
export const commentsOf = (node: ts.Node): readonly ts.JSDoc[] =>
  (node as { readonly jsDoc?: readonly ts.JSDoc[] }).jsDoc ?? [];
