import ts from "typescript";
import type { EditorCell, Place } from "../../shared/editor-messages.js";
import type { FoldedCells, OpenCell } from "./folded-cells.js";
import { rangeOf } from "./positions.js";

/**
 * Where something is declared: in a cell as it was written, or in a file. What the type checker knows of earlier cells are
 * their declarations only, and of the current cell its header, too.
 */
export type Declared =
  | { readonly cell: EditorCell; readonly start: number; readonly length: number }
  | { readonly file: string; readonly start: number; readonly length: number };

/** The name that a node declares, if it declares one. */
const nameOf = (node: ts.Node): ts.Node | undefined =>
  ts.isExportSpecifier(node) || ts.isExportAssignment(node)
    ? undefined
    : ts.getNameOfDeclaration(node as ts.Declaration);

/**
 * Finds where a declaration that the checker knows was written.
 *
 * @param cells - the notebook
 * @param open - the cell that is open
 * @param declaration - in its file, in that of an earlier cell, or elsewhere
 * @returns nothing for what stands nowhere, such as a part of a header without a meaning for people
 */
export function declaredAt(cells: FoldedCells, open: OpenCell, declaration: ts.Node): Declared | undefined {
  const { host, scope } = cells.analysis;
  const file = declaration.getSourceFile();
  const name = nameOf(declaration) ?? declaration;
  if (file.fileName === host.current) {
    const start = name.getStart(file) - open.start;
    if (start >= 0) return { cell: open.cell, start, length: name.end - name.getStart(file) };
    const { value, type } = scope.cellsOf(name.getText(file));
    return inCell(cells, isTypeOnly(declaration) ? type : (value ?? type), [name.getText(file)]);
  }
  if (host.isCell(file.fileName)) {
    const [, serial] = /__cell_(\d+)\.[^/\\]*$/.exec(file.fileName) ?? [];
    return serial === undefined ? undefined : inCell(cells, Number(serial), pathOf(declaration));
  }
  return { file: file.fileName, start: name.getStart(file), length: name.end - name.getStart(file) };
}

const isTypeOnly = (node: ts.Node): boolean =>
  ts.isImportSpecifier(node) && node.parent.parent.phaseModifier === ts.SyntaxKind.TypeKeyword;

/** The names of the declarations around a node, the outermost first. */
function pathOf(declaration: ts.Node): string[] {
  const path: string[] = [];
  for (let node: ts.Node = declaration; !ts.isSourceFile(node); node = node.parent) {
    const name = nameOf(node);
    if (name !== undefined && isPlainName(name)) path.unshift(name.text);
  }
  return path;
}

type PlainName = ts.Identifier | ts.PrivateIdentifier | ts.StringLiteral | ts.NumericLiteral;
const isPlainName = (node: ts.Node): node is PlainName =>
  ts.isIdentifier(node) ||
  ts.isPrivateIdentifier(node) ||
  ts.isStringLiteral(node) ||
  ts.isNumericLiteral(node);

/** Finds what a cell declares under a path of names. */
function inCell(
  cells: FoldedCells,
  serial: number | undefined,
  path: readonly string[],
): Declared | undefined {
  const cell = serial === undefined ? undefined : cells.cellOf(serial);
  if (cell === undefined) return undefined;
  const { language } = cells.analysis;
  const file = language.parse(cells.analysis.readable(cell.source));
  let within: ts.Node = file;
  let found: ts.Node | undefined;
  for (const name of path) {
    const next: Named | undefined = declarationWithin(within, name);
    if (next === undefined) break;
    within = next.declaration;
    found = next.name;
  }
  found ??= path[0] === undefined ? undefined : firstUse(file, path[0]);
  if (found === undefined) return undefined;
  const start = found.getStart(file);
  return { cell, start, length: found.end - start };
}

interface Named {
  readonly declaration: ts.Node;
  readonly name: ts.Node;
}

/** The outermost declaration of a name within a node; among equals the first. */
function declarationWithin(root: ts.Node, wanted: string): Named | undefined {
  let level: ts.Node[] = [root];
  while (level.length > 0) {
    const next: ts.Node[] = [];
    for (const parent of level) ts.forEachChild(parent, (child) => void next.push(child));
    for (const declaration of next) {
      const name = nameOf(declaration);
      if (name !== undefined && isPlainName(name) && name.text === wanted) return { declaration, name };
    }
    level = next;
  }
  return undefined;
}

/** In plain JavaScript a name may be declared by assigning it. */
function firstUse(node: ts.Node, name: string): ts.Node | undefined {
  return ts.forEachChild(node, (child) =>
    ts.isIdentifier(child) && child.text === name ? child : firstUse(child, name),
  );
}

/** A place that can be told from others. */
export const keyOf = (declared: Declared): string =>
  JSON.stringify(["cell" in declared ? declared.cell.id : declared.file, declared.start]);

/**
 * A declaration's place as an editor knows it.
 *
 * @param read - reads a file
 */
export function placeOf(declared: Declared, read: (file: string) => string | undefined): Place {
  const { start, length } = declared;
  if ("cell" in declared)
    return { in: { cell: declared.cell.id }, range: rangeOf(declared.cell.source, start, length) };
  return { in: { file: declared.file }, range: rangeOf(read(declared.file) ?? "", start, length) };
}
