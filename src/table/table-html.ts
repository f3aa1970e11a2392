import { escapeHtml } from "../display/index.js";
import type { LayoutColumn, TableLayout } from "./layout.js";

// The doubled class outweighs JupyterLab's own rule, which aligns every cell to the right. Colours are the front
// end's own, so that a table fits light and dark themes.
const STYLE = `.rnnlab-table { overflow-x: auto; }
.rnnlab-table table { border-collapse: collapse; border: none; margin: 0; color: inherit; font-size: 0.9em; }
.rnnlab-table caption { caption-side: top; text-align: left; white-space: nowrap; font-weight: bold; color: inherit; padding: 0.3em 0; }
.rnnlab-table.rnnlab-table th, .rnnlab-table.rnnlab-table td { border: none; padding: 0.25em 0.8em; text-align: left; }
.rnnlab-table.rnnlab-table .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.rnnlab-table thead { border-bottom: 1px solid currentColor; }
.rnnlab-table .dim { opacity: 0.65; font-weight: normal; }
.rnnlab-table p { margin: 0.3em 0 0; font-size: 0.85em; }`;

/** Writes a table as HTML, every text of it escaped. */
export function tableHtml({ caption, columns, rowCount, shape }: TableLayout): string {
  const element = (tag: string, text: string, ...classes: readonly (string | false)[]): string => {
    const names = classes.filter(Boolean).join(" ");
    const [name = tag] = tag.split(" ");
    return `<${tag}${names && ` class="${names}"`}>${escapeHtml(text)}</${name}>`;
  };
  const row = (write: (column: LayoutColumn) => string) => `<tr>${columns.map(write).join("")}</tr>`;
  const number = ({ numeric }: LayoutColumn) => numeric && "number";
  const body = Array.from({ length: rowCount }, (_, i) =>
    row((column) => {
      const text = column.cells[i] ?? "";
      if (column.kind === "label") return element('th scope="row"', text, "dim");
      return element("td", text, column.kind === "cut" && "dim", number(column));
    }),
  );
  return [
    `<div class="rnnlab-table"><style>${STYLE}</style>`,
    "<table>",
    ...(caption === undefined ? [] : [element("caption", caption)]),
    "<thead>",
    row((column) =>
      column.kind === "label" ? "<th></th>" : element('th scope="col"', column.name, number(column)),
    ),
    ...(shape === undefined ? [] : [row((column) => element("td", column.dtype, "dim", number(column)))]),
    "</thead>",
    "<tbody>",
    ...body,
    "</tbody>",
    "</table>",
    ...(shape === undefined ? [] : [element("p", shape, "dim")]),
    "</div>",
  ].join("\n");
}
