import ts from "typescript";
import { assignedNames } from "./assigned-names.js";
import { runtimeMember } from "./module-syntax.js";

const { factory } = ts;

/**
 * Has assignments to a cell's or an earlier cell's `const` throw, as in any script. The session has it as a `let`, since
 * later cells may declare it anew. In TypeScript such cells do not run at all.
 *
 * @param file - the cell as it was checked
 */
export function constantAssignments(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
): (context: ts.TransformationContext) => (node: ts.Node) => ts.Node {
  const constant = new Set<ts.Node>(assignedNames(file).filter((name) => isConstant(name, file, checker)));
  const isAssigned = (node: ts.Node): boolean => constant.has(ts.getOriginalNode(node));
  return (context) => {
    if (constant.size === 0) return (node) => node;
    const visit = (node: ts.Node): ts.Node => {
      if (isAssigned(node)) return runtimeMember("constant");
      if (ts.isShorthandPropertyAssignment(node) && isAssigned(node.name)) {
        return factory.createPropertyAssignment(node.name.text, runtimeMember("constant"));
      }
      return ts.visitEachChild(node, visit, context);
    };
    return visit;
  };
}

/** Whether a name means a `const` at the top level of a cell. */
function isConstant(name: ts.Identifier, file: ts.SourceFile, checker: ts.TypeChecker): boolean {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined) return false;
  const list = ts.findAncestor(declaration, ts.isVariableDeclarationList);
  const isConst = list !== undefined && (list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
  return isConst && list.parent.parent === file;
}
