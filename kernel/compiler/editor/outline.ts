import ts from "typescript";
import type { CellSymbol } from "../../shared/editor-messages.js";
import type { CellAnalysis } from "../cell-analysis.js";
import type { OpenCell } from "./folded-cells.js";
import { positionAt, rangeOf } from "./positions.js";

/** What a cell declares, as a tree. */
export function symbolsOf({ service, host }: CellAnalysis, { cell, start }: OpenCell): CellSymbol[] {
  const { source } = cell;
  const range = ({ start: at, length }: ts.TextSpan) => rangeOf(source, at - start, length);
  const isOwn = ({ nameSpan }: ts.NavigationTree): boolean =>
    nameSpan !== undefined && nameSpan.start >= start && nameSpan.start <= start + source.length;
  const symbolOf = (item: ts.NavigationTree): CellSymbol[] => {
    const [span] = item.spans;
    if (span === undefined || item.nameSpan === undefined || !isOwn(item)) return [];
    const children = (item.childItems ?? []).flatMap(symbolOf);
    return [
      { name: item.text, kind: item.kind, range: range(span), selection: range(item.nameSpan), children },
    ];
  };
  return (service.getNavigationTree(host.current).childItems ?? []).flatMap(symbolOf);
}

/** How TypeScript packs the type and the modifiers of a token. */
const TYPE_OFFSET = 8;
const MODIFIERS = 255;

/** The tokens of a cell whose colour depends on their meaning: place, length, type and modifiers of each. */
export function tokensOf({ service, host }: CellAnalysis, { cell, start }: OpenCell): number[] {
  const { spans } = service.getEncodedSemanticClassifications(
    host.current,
    { start, length: cell.source.length },
    ts.SemanticClassificationFormat.TwentyTwenty,
  );
  const tokens: number[] = [];
  let before = { line: 0, character: 0 };
  for (let at = 0; at + 2 < spans.length; at += 3) {
    const [offset = 0, length = 0, packed = 0] = spans.slice(at, at + 3);
    if (offset < start || offset + length > start + cell.source.length) continue;
    const position = positionAt(cell.source, offset - start);
    const line = position.line - before.line;
    const character = line === 0 ? position.character - before.character : position.character;
    tokens.push(line, character, length, (packed >> TYPE_OFFSET) - 1, packed & MODIFIERS);
    before = position;
  }
  return tokens;
}
