import type { TableLayout } from "./layout.js";

/**
 * Writes a text so that Markdown shows it as it is. Entities, unlike backslashes, are never markup to any of its
 * dialects, nor to those that look for formulas first.
 */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>&|$~#@^"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/:(?=\/\/)/g, "&#58;")
    .replace(/\b(www)\./gi, "$1&#46;");
}

/** Writes a table as Markdown, every text of it escaped: documents that know no HTML, such as PDF, are made from it. */
export function tableMarkdown({ caption, columns, rowCount, shape }: TableLayout): string {
  const row = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  const escaped = (texts: readonly string[]) => row(texts.map((text) => escapeMarkdown(text.trimEnd())));
  const lines = [
    escaped(columns.map(({ name }) => name)),
    row(columns.map(({ numeric }) => (numeric ? "---:" : ":---"))),
    ...Array.from({ length: rowCount }, (_, i) => escaped(columns.map(({ cells }) => cells[i] ?? ""))),
  ];
  const parts = [
    caption === undefined ? "" : `**${escapeMarkdown(caption)}**`,
    lines.join("\n"),
    shape ?? "",
  ];
  return parts.filter(Boolean).join("\n\n");
}
