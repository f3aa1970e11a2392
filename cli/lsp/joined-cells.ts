import ts from "typescript";
import { syntaxErrorsOf } from "../../kernel/compiler/syntax/syntax-errors.js";
import { withoutMagics } from "../../kernel/shared/magics.js";

/** A part of a document that is looked at as a cell. */
interface Part {
  /** Its first line in the document, from 0. */
  readonly line: number;
  readonly source: string;
}

/**
 * Parts a document into the cells that JupyterLab has joined to it: two blank lines stand between them. A cell that has such
 * lines itself becomes several, unless they stand within a statement.
 */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  const pieces = piecesOf(text);
  for (let at = 0; at < pieces.length; ) {
    const count = countOfOne(pieces.slice(at));
    const first = pieces[at];
    const last = pieces[at + count - 1];
    if (first !== undefined && last !== undefined)
      parts.push({ line: first.line, source: text.slice(first.start, last.end) });
    at += count;
  }
  return parts;
}

interface Piece {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let line = 0;
  const take = (end: number): void => {
    const piece = text.slice(start, end);
    pieces.push({ line, start, end, text: piece });
  };
  for (const { index, 0: separator } of text.matchAll(/\n\n\n/g)) {
    if (index < start) continue;
    take(index);
    line += text.slice(start, index + separator.length).split("\n").length - 1;
    start = index + separator.length;
  }
  // JupyterLab ends the document with a line break that is in no cell: it shows nothing that is found there.
  take(text.endsWith("\n") && start < text.length ? text.length - 1 : text.length);
  return pieces;
}

/** How many pieces, from the first on, make one that parses; 1 if none do. */
function countOfOne(pieces: readonly Piece[]): number {
  let joined = "";
  for (const [index, { text }] of pieces.entries()) {
    joined += (index === 0 ? "" : "\n\n\n") + text;
    if (parses(joined)) return index + 1;
  }
  return 1;
}

function parses(text: string): boolean {
  const file = ts.createSourceFile("cell.ts", withoutMagics(text), ts.ScriptTarget.ESNext, true);
  return syntaxErrorsOf(file).length === 0;
}
