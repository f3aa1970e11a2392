import { layOut, type TableLayout, type TableOptions } from "./layout.js";
import { type TableSource, toTableData } from "./table-data.js";
import { tableHtml } from "./table-html.js";
import { tableMarkdown } from "./table-markdown.js";
import { tableText } from "./table-text.js";

/** A table in several formats: every front end and document shows one of them. */
export type TableBundle = {
  readonly "text/html": string;
  readonly "text/markdown": string;
  readonly "text/plain": string;
};

/**
 * Writes a table as HTML, Markdown and plain text. Texts are escaped, a long or wide table is cut in the middle with
 * its counts below, and the decimal points of a column stand below each other. It is a pure function; {@link table}
 * makes a value of it that a notebook shows.
 *
 * @param data - a danfojs data frame or series, columns by name (`[rows]` each), an array of objects or of values
 * @param options - how many rows and columns, caption, formats and details
 * @returns a MIME bundle
 * @throws {RangeError} when columns differ in length, or an option is out of range
 * @throws {TypeError} when the data is not tabular
 * @example
 * ```ts
 * import { tableBundle } from "rnnlab/table";
 * console.log(tableBundle({ month: ["May", "June"], amount: [58.4, 60.25] })["text/plain"]);
 * ```
 */
export function tableBundle(data: TableSource, options: TableOptions = {}): TableBundle {
  return writeLayout(layOut(toTableData(data), options));
}

/** Writes what is laid out in every format. */
export function writeLayout(layout: TableLayout): TableBundle {
  return {
    "text/html": tableHtml(layout),
    "text/markdown": tableMarkdown(layout),
    "text/plain": tableText(layout),
  };
}
