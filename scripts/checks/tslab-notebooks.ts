import ts from "typescript";
import type { Check } from "./check.js";
import { type Notebook, readNotebooks, sourceOf } from "./notebooks.js";

/** The lectures run on stock tslab, too, and so must go around its faults; the tests run them there. */
export const notebooksSuitTslab: Check = {
  name: "notebooks go around the faults of stock tslab",
  run: async () => readNotebooks().flatMap(({ name, notebook }) => tslabFaults(name, notebook)),
};

/**
 * Finds what tslab 1.0.22 compiles to something else: `{ name }` where the variable is of an earlier cell (it is not
 * defined then), and `for await` outside functions.
 *
 * @param name - the file's name, for the messages
 * @param notebook - its content
 * @returns one line a problem
 */
export function tslabFaults(name: string, notebook: Notebook): string[] {
  const earlier = new Set<string>();
  return notebook.cells.flatMap((cell, index) => {
    if (cell.cell_type !== "code") return [];
    const file = ts.createSourceFile("cell.ts", sourceOf(cell), ts.ScriptTarget.Latest, true);
    const nodes = descendants(file);
    // Names that the cell declares itself anywhere are taken for its own everywhere.
    const own = new Set(nodes.flatMap(declaredName));
    const problems = nodes.flatMap((node) => {
      if (ts.isForOfStatement(node) && node.awaitModifier !== undefined && !isInFunction(node))
        return ["`for await` must be inside a function"];
      if (!ts.isShorthandPropertyAssignment(node)) return [];
      const { text } = node.name;
      return earlier.has(text) && !own.has(text)
        ? [`{ ${text} } must be written out as { ${text}: ${text} }, for ${text} is of an earlier cell`]
        : [];
    });
    for (const node of nodes)
      if (!isInFunction(node)) for (const each of declaredName(node)) earlier.add(each);
    return problems.map((problem) => `${name}: cell ${index + 1} (${cell.id}): ${problem}`);
  });
}

function descendants(node: ts.Node): ts.Node[] {
  const nodes = [node];
  // The list grows while it is walked through.
  for (const each of nodes) ts.forEachChild(each, (child) => void nodes.push(child));
  return nodes;
}

function declaredName(node: ts.Node): string[] {
  const declares =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isImportSpecifier(node);
  return declares && node.name !== undefined && ts.isIdentifier(node.name) ? [node.name.text] : [];
}

function isInFunction({ parent }: ts.Node): boolean {
  for (let node: ts.Node | undefined = parent; node !== undefined; node = node.parent) {
    if (ts.isFunctionLike(node)) return true;
  }
  return false;
}
