import ts from "typescript";

/** What TypeScript keeps out of its declarations. */
interface Bound extends ts.Node {
  locals?: ts.SymbolTable | undefined;
  readonly symbol?: { readonly flags: ts.SymbolFlags; exports?: ts.SymbolTable | undefined };
}

/**
 * Lets go of symbol tables that nothing is looked up in: that of the parameters of a signature that does not name them
 * again, and the empty one of what a variable or parameter exports. They are more than half of a compiler's maps, and each
 * has to be built anew when a start-up snapshot is loaded.
 *
 * @param files - declarations, bound
 */
export function dropIdleTables(files: readonly ts.SourceFile[]): void {
  const visit = (node: Bound): void => {
    if (node.locals !== undefined && isPlainSignature(node)) node.locals = undefined;
    const { symbol } = node;
    if (symbol?.exports?.size === 0 && (symbol.flags & ~ts.SymbolFlags.Variable) === 0)
      symbol.exports = undefined;
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
}

/** Whether the names that it declares are parameters, and it does not ask for the type of one. */
function isPlainSignature(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && node.typeParameters === undefined && !hasTypeQuery(node);
}

const hasTypeQuery = (node: ts.Node): boolean =>
  ts.isTypeQueryNode(node) || ts.forEachChild(node, hasTypeQuery) === true;
