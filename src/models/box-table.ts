/** A column of a table of text. */
export interface TextColumn {
  readonly title: string;
  /** Number of characters, more if a word is longer */
  readonly width: number;
  readonly right?: boolean;
}

/**
 * Draws a table with lines, in which cells go on below where they are too long.
 *
 * @param columns - the columns
 * @param rows - for each row its cells
 * @returns several lines of text
 */
export function boxTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title, width }, i) => {
    const words = [title, ...rows.flatMap((cells) => (cells[i] ?? "").trimStart().split(/\s+/))];
    return Math.max(width, ...words.map((word) => word.length));
  });
  const rule = ([left, line, cross, right]: string) =>
    `${left}${widths.map((width) => `${line}`.repeat(width + 2)).join(cross)}${right}`;
  const draw = (cells: readonly string[], edge: string): string => {
    const wrapped = cells.map((cell, i) => wrap(cell, widths[i] ?? 0));
    const height = Math.max(...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (_, row) => {
      const parts = wrapped.map((lines, i) => {
        const [text, width] = [lines[row] ?? "", widths[i] ?? 0];
        return ` ${columns[i]?.right ? text.padStart(width) : text.padEnd(width)} `;
      });
      return `${edge}${parts.join(edge)}${edge}`;
    }).join("\n");
  };
  return [
    rule("┏━┳┓"),
    draw(
      columns.map(({ title }) => title),
      "┃",
    ),
    rule("┡━╇┩"),
    rows.map((cells) => draw(cells, "│")).join(`\n${rule("├─┼┤")}\n`),
    rule("└─┴┘"),
  ].join("\n");
}

/** Breaks text between words; the spaces in front stay. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/^\s*\S+|\S+/g) ?? []) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
