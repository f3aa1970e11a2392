import type { Position, Range } from "../../shared/editor-messages.js";

/** Where the lines of a text begin, as editors count them. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
  return starts;
}

export function positionAt(text: string, offset: number): Position {
  const starts = lineStarts(text.slice(0, offset));
  return { line: starts.length - 1, character: offset - (starts.at(-1) ?? 0) };
}

/** The offset of a position; one after the end of its line is at that end. */
export function offsetAt(text: string, { line, character }: Position): number {
  const starts = lineStarts(text);
  const start = starts[line];
  if (start === undefined) return text.length;
  const next = starts[line + 1];
  const end = next === undefined ? text.length : start + text.slice(start, next).search(/[\r\n]/);
  return Math.min(start + character, end);
}

export function rangeOf(text: string, start: number, length: number): Range {
  const from = Math.min(Math.max(start, 0), text.length);
  const to = Math.min(Math.max(from, start + length), text.length);
  return { start: positionAt(text, from), end: positionAt(text, to) };
}
