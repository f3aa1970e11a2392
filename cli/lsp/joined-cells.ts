import ts from "typescript";
import { syntaxErrorsOf } from "../../kernel/compiler/syntax/syntax-errors.js";
import { MAGICS, magicCell, withoutMagics } from "../../kernel/shared/magics.js";

/** A part of a document that is looked at as a cell. */
interface Part {
  /** Its first line in the document, from 0. */
  readonly line: number;
  readonly source: string;
}

/** What JupyterLab writes between cells: two blank lines. */
export const SEPARATOR = "\n\n\n";

/**
 * Parts a document into the cells that JupyterLab has joined to it. A cell that has two blank lines itself becomes several,
 * unless they stand within a statement.
 *
 * @param saved - cells with such lines that the notebook is known to have: they stay whole
 */
export function partsOf(text: string, saved: readonly string[]): Part[] {
  const parts: Part[] = [];
  const pieces = piecesOf(text);
  for (let at = 0; at < pieces.length; ) {
    const rest = pieces.slice(at);
    const count = countOfSaved(text, rest, saved) ?? countOfOne(rest);
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
  for (let index = text.indexOf(SEPARATOR); index !== -1; index = text.indexOf(SEPARATOR, start)) {
    take(index);
    line += text.slice(start, index + SEPARATOR.length).split("\n").length - 1;
    start = index + SEPARATOR.length;
  }
  // JupyterLab ends the document with a line break that is in no cell: it shows nothing that is found there.
  take(text.endsWith("\n") && start < text.length ? text.length - 1 : text.length);
  return pieces;
}

/** How many pieces, from the first on, are a cell that was saved. */
function countOfSaved(text: string, pieces: readonly Piece[], saved: readonly string[]): number | undefined {
  const [first] = pieces;
  if (first === undefined) return undefined;
  const ends = saved
    .filter((source) => text.startsWith(source, first.start))
    .map((source) => pieces.findIndex(({ end }) => end === first.start + source.length));
  const last = Math.max(-1, ...ends);
  return last === -1 ? undefined : last + 1;
}

/** How many pieces, from the first on, make one that parses; 1 if none do. What a magic takes goes on while it is no code. */
function countOfOne(pieces: readonly Piece[]): number {
  const [first, ...others] = pieces;
  if (first !== undefined && endsInText(first.text)) {
    const end = others.findIndex(({ text }) => !isPlainText(text));
    return 1 + (end === -1 ? others.length : end);
  }
  let joined = "";
  for (const [index, { text }] of pieces.entries()) {
    joined += (index === 0 ? "" : SEPARATOR) + text;
    if (parses(joined)) return index + 1;
  }
  return 1;
}

/** Whether a cell ends in a text or a script that a magic takes. */
const endsInText = (cell: string): boolean =>
  MAGICS.get(magicCell(cell)?.magics.at(-1)?.name ?? "")?.takesText === true;

/** Two words, as in a command of a shell or in a sentence; a comment of a shell; a list or HTML. */
const WORDS = /^\s*([\w./~-]+)[ \t]+["'$\w./~[<&|-]/;
const MARKS = /^\s*(?:#|<|[-*] |\d+\. )/;
/** The words that statements of code begin with where another word follows. */
const STATEMENTS =
  /^(?:abstract|async|await|break|case|class|const|continue|declare|delete|do|else|enum|export|function|import|interface|let|module|namespace|new|return|static|throw|type|typeof|using|var|void|yield)$/;

/** Whether a text is no code, not even such as is being typed. */
function isPlainText(text: string): boolean {
  const [, word] = WORDS.exec(text) ?? [];
  const reads = word === undefined ? MARKS.test(text) : !STATEMENTS.test(word);
  return reads && !parses(text);
}

function parses(text: string): boolean {
  const file = ts.createSourceFile("cell.ts", withoutMagics(text), ts.ScriptTarget.ESNext, true);
  return syntaxErrorsOf(file).length === 0;
}
