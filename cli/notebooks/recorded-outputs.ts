import type { StreamName } from "../../kernel/shared/session-messages.js";
import type { JsonObject } from "./notebook-document.js";

/** How much of what a cell prints is kept from its beginning, and how much from its end, in UTF-16 code units. */
const KEPT_TEXT = 4 * 2 ** 20;
/** How much more may pile up before it is cut again. */
const SLACK = 2 ** 20;
/** Pieces of one stream are joined up to this length: what is cut are whole pieces. */
const PIECE = 2 ** 16;
/** What a piece takes besides its text. */
const OVERHEAD = 128;

interface Entry {
  /** A display, a result or an error; undefined for printed text. */
  readonly output: JsonObject | undefined;
  readonly name: StreamName;
  text: string;
}

/** The outputs of one cell, as a notebook keeps them: however much the cell prints, they take little memory. */
export class RecordedOutputs {
  #entries: Entry[] = [];
  /** The printed text from here on may be cut. */
  #head = 0;
  #headSize = 0;
  #tailSize = 0;
  #dropped = 0;
  #clearing = false;

  /** Takes what the cell has printed. */
  print(name: StreamName, text: string): void {
    this.#settle();
    const inTail = this.#headSize >= KEPT_TEXT;
    const last = this.#entries.length > this.#head ? this.#entries.at(-1) : undefined;
    const joins =
      last?.output === undefined && last?.name === name && last.text.length + text.length <= PIECE;
    if (joins) last.text += text;
    else this.#entries.push({ output: undefined, name, text });
    const size = text.length + (joins ? 0 : OVERHEAD);
    if (inTail) {
      this.#tailSize += size;
      if (this.#tailSize > KEPT_TEXT + SLACK) this.#cut();
      return;
    }
    this.#headSize += size;
    if (this.#headSize >= KEPT_TEXT) this.#head = this.#entries.length;
  }

  /** Takes a display, a result or an error, which may be changed later. */
  add(output: JsonObject): void {
    this.#settle();
    this.#entries.push({ output, name: "stdout", text: "" });
  }

  /** Takes an error back, if it is the last output. */
  dropError(): void {
    if (this.#entries.at(-1)?.output?.output_type === "error") this.#entries.pop();
  }

  /** Takes `clear_output`: with `wait` only when the next output comes. */
  clear(wait: boolean): void {
    this.#clearing = true;
    if (!wait) this.#settle();
  }

  /** Whether an output is still there. */
  has(output: JsonObject): boolean {
    return this.#entries.some((entry) => entry.output === output);
  }

  /** The outputs in their order; text of one stream that follows itself is one output. */
  list(): JsonObject[] {
    const outputs: JsonObject[] = [];
    let stream: { name: StreamName; texts: string[] } | undefined;
    const end = (): void => {
      if (stream !== undefined)
        outputs.push({
          output_type: "stream",
          name: stream.name,
          text: withoutOverwritten(stream.texts.join("")),
        });
      stream = undefined;
    };
    for (const [index, { output, name, text }] of this.#entries.entries()) {
      if (index === this.#head && this.#dropped > 0) {
        end();
        outputs.push({ output_type: "stream", name: "stderr", text: cutMark(this.#dropped) });
      }
      if (output !== undefined) {
        end();
        outputs.push(output);
        continue;
      }
      if (stream?.name !== name) end();
      stream ??= { name, texts: [] };
      stream.texts.push(text);
    }
    end();
    return outputs;
  }

  #settle(): void {
    if (!this.#clearing) return;
    this.#clearing = false;
    this.#entries = [];
    this.#head = 0;
    this.#headSize = 0;
    this.#tailSize = 0;
    this.#dropped = 0;
  }

  /** Drops the oldest text after the beginning that is kept. Displays stay. */
  #cut(): void {
    const kept = this.#entries.slice(0, this.#head);
    for (const entry of this.#entries.slice(this.#head)) {
      const size = entry.text.length + OVERHEAD;
      if (entry.output !== undefined || this.#tailSize <= KEPT_TEXT) kept.push(entry);
      else {
        this.#tailSize -= size;
        this.#dropped += entry.text.length;
      }
    }
    this.#entries = kept;
  }
}

const cutMark = (dropped: number): string =>
  `\n[${dropped} characters are cut here: of what a cell prints, its first and its last ${KEPT_TEXT / 2 ** 20} MiB are kept]\n`;

/** What the lines show in the end: a carriage return lets what follows overwrite what stood before it. */
function withoutOverwritten(text: string): string {
  if (!text.includes("\r")) return text;
  const lines = text.split("\n").map((line) => line.slice(line.lastIndexOf("\r", line.length - 2) + 1));
  return lines.join("\n");
}
