/** A place in a text; lines and columns count from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

interface Segment {
  readonly generated: Position;
  readonly original: Position;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CONTINUES = 32;

/** The numbers of one segment: base 64 with five bits a digit, the lowest first, the sign in the lowest bit of all. */
function numbersOf(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & (CONTINUES - 1)) << shift;
    shift += 5;
    if (digit & CONTINUES) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

function segmentsOf(mappings: string): Segment[] {
  const segments: Segment[] = [];
  let [line, column] = [0, 0];
  for (const [generatedLine, text] of mappings.split(";").entries()) {
    let generatedColumn = 0;
    for (const segment of text === "" ? [] : text.split(",")) {
      const [columns = 0, , lines, originalColumns = 0] = numbersOf(segment);
      generatedColumn += columns;
      if (lines === undefined) continue;
      line += lines;
      column += originalColumns;
      segments.push({
        generated: { line: generatedLine, column: generatedColumn },
        original: { line, column },
      });
    }
  }
  return segments;
}

/** A source map of one text, in both directions. */
export class SourceMapping {
  readonly #segments: readonly Segment[];

  /** @param json - the source map as JSON */
  constructor(json: string) {
    this.#segments = segmentsOf((JSON.parse(json) as { readonly mappings: string }).mappings);
  }

  /** Where a place in the JavaScript comes from; undefined on a line that nobody has written. */
  originalOf({ line, column }: Position): Position | undefined {
    const own = this.#segments.filter(({ generated }) => generated.line === line);
    return (own.findLast(({ generated }) => generated.column <= column) ?? own[0])?.original;
  }

  /** Where the code of a line begins in the JavaScript. What is hoisted has its name in an earlier line, too. */
  generatedOf(line: number): Position | undefined {
    const own = this.#segments.filter(({ original }) => original.line === line);
    const first = Math.min(...own.map(({ original }) => original.column));
    const beginnings = own.filter(({ original }) => original.column === first);
    const last = beginnings.at(-1)?.generated.line;
    return beginnings.find(({ generated }) => generated.line === last)?.generated;
  }
}
