import type { TableLayout } from "./layout.js";

/** Writes a table as aligned plain text. */
export function tableText({ caption, columns, rowCount, shape }: TableLayout): string {
  const width = (text: string) => [...text].length;
  const written = columns.map(({ name, dtype, numeric, cells }) => {
    const texts = [
      name,
      ...(shape === undefined ? [] : [dtype]),
      ...cells.map((cell) => cell.replace(/[\u2007\u2008]/g, " ")),
    ];
    const widest = texts.reduce((most, text) => Math.max(most, width(text)), 0);
    return texts.map((text) => {
      const blank = " ".repeat(widest - width(text));
      return numeric ? blank + text : text + blank;
    });
  });
  const headLines = shape === undefined ? 1 : 2;
  const lines = Array.from({ length: headLines + rowCount }, (_, line) =>
    written
      .map((texts) => texts[line] ?? "")
      .join("  ")
      .trimEnd(),
  );
  return [caption, ...lines, shape].filter((line) => line !== undefined).join("\n");
}
