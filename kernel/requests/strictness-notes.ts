import type { Json } from "../protocol/wire.js";
import type { Diagnostic } from "../shared/compiler-messages.js";
import { type Finding, findingOf } from "./diagnostic-report.js";

/** How many findings are shown, as text and as HTML that is folded. */
const SHOWN = { text: 3, html: 20 };
/**
 * JupyterLab sets HTML in the font of its text and breaks its lines: the markers would not stand below what they mark.
 * Messages may be long, and are broken.
 */
const CODE =
  "font-family: var(--jp-code-font-family, var(--vscode-editor-font-family, monospace)); font-size: var(--jp-code-font-size, inherit); white-space: pre; overflow-x: auto";
const MESSAGE = "white-space: pre-wrap";
/** How much of a finding's message is shown as text. */
const LONGEST_MESSAGE = 200;
const HELP =
  'To have them stop cells: // @rnnlab strict at the start of a cell, RNNLAB_STRICT=1, or "strict": true in tsconfig.json. ' +
  'To see none: // @ts-nocheck at the start of a cell, or "strict": false in tsconfig.json.';

/** Tells below cells what strict type checks have found in them, though it did not stop them. */
export class StrictnessNotes {
  /** The code of the cell below which something about a module was told. */
  readonly #told = new Map<string, string>();

  /**
   * What is to be displayed below a cell, if anything is. What concerns a module is told once: below the cell that first
   * imports it, whenever that one runs.
   *
   * @param label - what the cell is called
   */
  noteFor(code: string, found: readonly Diagnostic[], label: string): Json | undefined {
    const news = found.filter((finding) => this.#isNews(finding, code));
    if (news.length === 0) return undefined;
    const title = `Strict type checks found ${news.length} ${news.length === 1 ? "thing" : "things"} here, and did not stop the cell.`;
    const lines = news.slice(0, SHOWN.text).map((finding) => `  ${oneLine(finding)}`);
    const details = [
      ...news.slice(0, SHOWN.html).map((finding) => htmlOf(findingOf(finding, label))),
      ...more(news.length - SHOWN.html, ""),
    ];
    return {
      "text/plain": [title, ...lines, ...more(news.length - SHOWN.text, "  "), HELP].join("\n"),
      "text/html": [
        `<details><summary>${title}</summary>`,
        `<pre style="${CODE}">${details.join("\n\n")}</pre>`,
        `<p style="margin-top: 0.5em">${escaped(HELP)}</p></details>`,
      ].join("\n"),
    };
  }

  #isNews({ file, line, column, code: number, text }: Diagnostic, code: string): boolean {
    if (file === undefined) return true;
    const key = JSON.stringify([file, line, column, number, text]);
    const teller = this.#told.get(key) ?? code;
    this.#told.set(key, teller);
    return teller === code;
  }
}

const htmlOf = ({ excerpt, message }: Finding): string =>
  [...excerpt.map(escaped), `<span style="${MESSAGE}">${escaped(message)}</span>`].join("\n");

function oneLine({ code, message, line, column, file }: Diagnostic): string {
  const place = `line ${line}, column ${column}`;
  const [first = ""] = message.split("\n");
  const shown = first.length <= LONGEST_MESSAGE ? first : `${first.slice(0, LONGEST_MESSAGE)}…`;
  return `${file === undefined ? place : `${file}, ${place}`}: TS${code}: ${shown}`;
}

const more = (count: number, indent: string): string[] => (count > 0 ? [`${indent}… and ${count} more`] : []);

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const escaped = (text: string): string => text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? "");
