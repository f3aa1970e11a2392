import ts from "typescript";
import type { CellEdits, Place, Range, Renaming, TextEdit } from "../../shared/editor-messages.js";
import { isForKernel } from "../../shared/kernel-command.js";
import { type Declared, declaredAt, keyOf, placeOf } from "./declared-places.js";
import type { FoldedCells, OpenCell } from "./folded-cells.js";
import { rangeOf } from "./positions.js";

type Name = ts.Identifier | ts.PrivateIdentifier;

/** A use of a name in a cell. */
interface Use {
  readonly open: OpenCell;
  readonly node: Name;
  /** Where it starts in the cell. */
  readonly start: number;
  /** What it means, each with the places that declare it. */
  readonly meanings: readonly Meaning[];
}

interface Meaning {
  /** Whether it is the property where `{ name }` names a variable and a property at once. */
  readonly isProperty: boolean;
  readonly declared: readonly Declared[];
}

/** The name at an offset of an open cell. */
function nameAt(cells: FoldedCells, open: OpenCell, offset: number): Use | undefined {
  const { current } = cells.analysis.checked();
  const position = open.start + offset;
  const touching = (node: ts.Node): Name | undefined =>
    ts.forEachChild(node, (child) => {
      if (child.getStart(current) > position || child.end < position) return undefined;
      return isName(child) ? child : touching(child);
    });
  const node = touching(current);
  return node === undefined || node.getStart(current) < open.start ? undefined : useOf(cells, open, node);
}

const isName = (node: ts.Node): node is Name => ts.isIdentifier(node) || ts.isPrivateIdentifier(node);

function useOf(cells: FoldedCells, open: OpenCell, node: Name): Use {
  const { program, current } = cells.analysis.checked();
  const checker = program.getTypeChecker();
  const meanings = symbolsOf(checker, node).map(({ symbol, isProperty }) => ({
    isProperty,
    declared: (symbol.declarations ?? []).flatMap((each) => declaredAt(cells, open, each) ?? []),
  }));
  return { open, node, start: node.getStart(current) - open.start, meanings };
}

interface NamedSymbol {
  readonly symbol: ts.Symbol;
  readonly isProperty: boolean;
}

/** What a name stands for. `{ name }` stands for a variable and for a property. */
function symbolsOf(checker: ts.TypeChecker, node: Name): NamedSymbol[] {
  const { parent } = node;
  const named = (symbol: ts.Symbol | undefined, isProperty: boolean): NamedSymbol[] =>
    symbol === undefined ? [] : [{ symbol, isProperty }];
  const ofLiteral = (literal: ts.ObjectLiteralExpression): NamedSymbol[] =>
    named(checker.getContextualType(literal)?.getProperty(node.text), true);
  if (ts.isShorthandPropertyAssignment(parent)) {
    const variable = checker.getShorthandAssignmentValueSymbol(parent);
    const own = checker.getSymbolAtLocation(node);
    return [...named(variable, false), ...named(own, true), ...ofLiteral(parent.parent)];
  }
  if (isShorthandElement(parent)) {
    const property = checker.getTypeAtLocation(parent.parent).getProperty(node.text);
    return [...named(checker.getSymbolAtLocation(node), false), ...named(property, true)];
  }
  const own = named(checker.getSymbolAtLocation(node), false);
  return ts.isPropertyAssignment(parent) && parent.name === node
    ? [...own, ...ofLiteral(parent.parent)]
    : own;
}

/** `name` in `const { name } = row`. */
const isShorthandElement = (node: ts.Node): node is ts.BindingElement =>
  ts.isBindingElement(node) &&
  ts.isObjectBindingPattern(node.parent) &&
  node.propertyName === undefined &&
  node.dotDotDotToken === undefined;

const keysOf = ({ meanings }: Use): Set<string> =>
  new Set(meanings.flatMap(({ declared }) => declared.map(keyOf)));

/** All uses of what the name at an offset stands for, in all cells. */
function usesOf(cells: FoldedCells, use: Use): Use[] {
  const { text } = use.node;
  const keys = keysOf(use);
  return cells.cells.flatMap(({ id, source }) => {
    if (!source.includes(text) || isForKernel(source)) return [];
    const open = cells.open(id);
    if (open === undefined) return [];
    const { current } = cells.analysis.checked();
    const found: Use[] = [];
    const visit = (node: ts.Node): void => {
      if (isName(node) && node.text === text && node.getStart(current) >= open.start) {
        const other = useOf(cells, open, node);
        if ([...keysOf(other)].some((key) => keys.has(key))) found.push(other);
      }
      ts.forEachChild(node, visit);
    };
    visit(current);
    return found;
  });
}

const rangeIn = ({ open, node, start }: Use): Range =>
  rangeOf(open.cell.source, start, node.end - open.start - start);

/** Whether a use is one of the places that declare a name. */
const isAmong = ({ open, start }: Use, declared: ReadonlySet<string>): boolean =>
  declared.has(keyOf({ cell: open.cell, start, length: 0 }));

/**
 * Finds the uses of a name in the cells of a notebook.
 *
 * @param offset - in the cell
 * @param withDeclarations - whether the places that declare it count
 */
export function referencesAt(
  cells: FoldedCells,
  id: string,
  offset: number,
  withDeclarations: boolean,
): Place[] {
  const open = cells.open(id);
  const use = open && nameAt(cells, open, offset);
  if (use === undefined) return [];
  const declared = keysOf(use);
  const places = usesOf(cells, use)
    .filter((each) => withDeclarations || !isAmong(each, declared))
    .map((each) => ({ in: { cell: each.open.cell.id }, range: rangeIn(each) }));
  if (!withDeclarations) return places;
  const { host } = cells.analysis;
  const elsewhere = use.meanings
    .flatMap((meaning) => meaning.declared)
    .filter((each) => "file" in each)
    .map((each) => placeOf(each, (file) => host.readFile(file)));
  return [...places, ...elsewhere];
}

/** The part of a cell that is the name at an offset. */
export function nameRangeAt(cells: FoldedCells, open: OpenCell, offset: number): Range | undefined {
  const use = nameAt(cells, open, offset);
  return use && rangeIn(use);
}

/** The name at an offset, if a cell declares it. */
export function renamedAt(cells: FoldedCells, id: string, offset: number): Range | undefined {
  const open = cells.open(id);
  const use = open && nameAt(cells, open, offset);
  return use !== undefined && isOfCells(use) ? rangeIn(use) : undefined;
}

const isOfCells = ({ meanings }: Use): boolean => {
  const declared = meanings.flatMap((each) => each.declared);
  return declared.length > 0 && declared.some((each) => "cell" in each);
};

/**
 * Renames what the name at an offset stands for, in all cells that use it.
 *
 * @param to - the new name
 */
export function renameAt(cells: FoldedCells, id: string, offset: number, to: string): Renaming {
  const refused = (why: string): Renaming => ({ refused: `Cannot rename: ${why}` });
  const open = cells.open(id);
  const use = open && nameAt(cells, open, offset);
  if (use === undefined) return refused("there is no name here");
  const meaning = use.meanings.find(({ declared }) => declared.some((each) => "cell" in each));
  if (meaning === undefined) return refused(`no cell declares ${use.node.text}`);
  if (meaning.declared.some((each) => "file" in each))
    return refused(`${use.node.text} is declared outside the notebook, too`);
  if (!isIdentifier(to) && !(ts.isPrivateIdentifier(use.node) && isIdentifier(to.replace(/^#/, ""))))
    return refused(`a name must be an identifier that is no keyword, got ${JSON.stringify(to)}`);
  // A variable is renamed without the property that `{ name }` names, too.
  const target: Use = { ...use, meanings: [meaning] };
  const keys = keysOf(target);
  const edits = new Map<string, TextEdit[]>();
  for (const each of usesOf(cells, target)) {
    const list = edits.get(each.open.cell.id) ?? [];
    edits.set(each.open.cell.id, [...list, { range: rangeIn(each), text: renamedText(each, keys, to) }]);
  }
  return { edits: edits satisfies CellEdits };
}

/** What stands in the place of a use. Where two things share a name, the other one keeps it. */
function renamedText({ node, meanings }: Use, keys: ReadonlySet<string>, to: string): string {
  const { parent, text } = node;
  const isMeant = (isProperty: boolean): boolean =>
    meanings.some((each) => each.isProperty === isProperty && each.declared.some((d) => keys.has(keyOf(d))));
  if (ts.isShorthandPropertyAssignment(parent) || isShorthandElement(parent)) {
    if (isMeant(true) && isMeant(false)) return to;
    return isMeant(false) ? `${text}: ${to}` : `${to}: ${text}`;
  }
  if (ts.isImportSpecifier(parent) && parent.propertyName === undefined) return `${text} as ${to}`;
  return to;
}

/** Whether a text is a name that a variable may have. */
function isIdentifier(text: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, false, ts.LanguageVariant.Standard, text);
  const token = scanner.scan();
  const isWord = token === ts.SyntaxKind.Identifier || token > ts.SyntaxKind.LastReservedWord;
  return (
    isWord &&
    ts.isIdentifierStart(text.codePointAt(0) ?? 0, ts.ScriptTarget.ESNext) &&
    scanner.scan() === ts.SyntaxKind.EndOfFileToken
  );
}
