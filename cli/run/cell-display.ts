import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import type { Publication } from "../../kernel/direct-kernel.js";
import type { CellResult, RunningCell, RunWatcher } from "../notebooks/run-notebook.js";

/** How often a display that changes is shown anew where lines cannot be overwritten, in ms. */
const UPDATE_INTERVAL = 10_000;
/** How many lines of a display a terminal overwrites. */
const MOST_LINES = 20;

interface Changing {
  text: string;
  shown: string;
  time: number;
}

/** Shows cells and what they put out while they run. */
export class CellDisplay implements RunWatcher {
  readonly #out: NodeJS.WriteStream;
  readonly #err: NodeJS.WriteStream;
  readonly #coloured: boolean;
  readonly #displays = new Map<string, Changing>();
  /** The display that was written last and how many lines it takes, if nothing was written after it. */
  #latest: { readonly id: string; readonly lines: number } | undefined;
  #atLineStart = true;
  #count = 0;

  /**
   * @param out - where the cells and their outputs are shown
   * @param err - where their standard error goes
   */
  constructor(out: NodeJS.WriteStream, err: NodeJS.WriteStream) {
    this.#out = out;
    this.#err = err;
    this.#coloured = out.isTTY === true && out.hasColors();
    // Who reads may go away: the notebook runs on, for its file.
    for (const stream of new Set([out, err])) stream.on("error", () => {});
  }

  /** Names the notebook whose cells come next. */
  notebookBegins(path: string, cells: number): void {
    this.#count = cells;
    this.#displays.clear();
    this.#line(this.#styled("1", path));
  }

  cellBegins({ number, source }: RunningCell): void {
    const [first = ""] = source.trim().split("\n", 1);
    const shown = first.length > 60 ? `${first.slice(0, 60)}…` : first;
    this.#line(this.#styled("36", `[cell ${number} of ${this.#count}] ${shown}`));
  }

  publication(_cell: RunningCell, { type, content }: Publication): void {
    switch (type) {
      case "stream":
        this.#stream(content.name as string, content.text as string);
        return;
      case "execute_result":
      case "display_data":
      case "update_display_data":
        this.#bundle(content, type === "update_display_data");
        return;
      case "error":
        this.#line((content.traceback as string[]).join("\n"));
        return;
    }
  }

  cellEnds(_result: CellResult): void {
    for (const [id, display] of this.#displays) {
      if (display.text !== display.shown) this.#show(id, display);
      // What changes later is told with the cell that it changes in.
      display.time = 0;
    }
  }

  relief(): Promise<void> | undefined {
    if (!this.#out.writableNeedDrain || this.#out.destroyed) return undefined;
    return Promise.race([once(this.#out, "drain"), once(this.#out, "close")]).then(() => {});
  }

  #bundle(content: Publication["content"], update: boolean): void {
    const text = textOf(content.data as Readonly<Record<string, unknown>>);
    const id = (content.transient as { display_id?: string } | undefined)?.display_id;
    if (id === undefined) {
      this.#line(text);
      return;
    }
    const known = this.#displays.get(id);
    if (known === undefined) {
      if (update) return;
      const display = { text, shown: "", time: 0 };
      this.#displays.set(id, display);
      this.#show(id, display);
      return;
    }
    known.text = text;
    if (text === known.shown) return;
    if (!update || this.#overwrites(id) || performance.now() - known.time > UPDATE_INTERVAL)
      this.#show(id, known);
  }

  #overwrites(id: string): boolean {
    return this.#coloured && this.#latest?.id === id && this.#latest.lines <= MOST_LINES;
  }

  #show(id: string, display: Changing): void {
    const lines = this.#overwrites(id) ? (this.#latest?.lines ?? 0) : 0;
    if (lines > 0) this.#out.write(`\u001b[${lines}A\u001b[J`);
    this.#line(display.text);
    display.shown = display.text;
    display.time = performance.now();
    const width = this.#out.columns || 80;
    const taken = display.text
      .split("\n")
      .map((line) => Math.max(1, Math.ceil(stripVTControlCharacters(line).length / width)));
    this.#latest = { id, lines: taken.reduce((sum, each) => sum + each, 0) };
  }

  /** Writes whole lines. */
  #line(text: string): void {
    const shown = this.#coloured ? text : stripVTControlCharacters(text);
    this.#write(this.#out, `${this.#atLineStart ? "" : "\n"}${shown}\n`);
  }

  #stream(name: string, text: string): void {
    this.#write(name === "stderr" ? this.#err : this.#out, text);
  }

  #write(stream: NodeJS.WriteStream, text: string): void {
    if (text === "") return;
    this.#latest = undefined;
    this.#atLineStart = text.endsWith("\n");
    if (stream.writable) stream.write(text);
  }

  #styled(style: string, text: string): string {
    return this.#coloured ? `\u001b[${style}m${text}\u001b[0m` : text;
  }
}

/** What a display shows as text. */
function textOf(data: Readonly<Record<string, unknown>>): string {
  const text = data["text/plain"];
  if (typeof text === "string") return text;
  return `[${Object.keys(data).join(", ")}]`;
}
