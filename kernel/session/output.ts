import { Console } from "node:console";
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { currentCell } from "./cell-context.js";
import { send } from "./channel.js";
import type { StreamName } from "./protocol.js";

/** Text longer than this goes out at once; shorter text may wait for the end of the current turn. */
const BATCH_CHARACTERS = 16_384;
/** The longest that text waits while user code keeps the thread busy, in ms. */
const BATCH_MILLISECONDS = 10;

/**
 * Collects the text that user code prints, and sends it in the order in which it was printed.
 * {@link flush} comes before every other message, so text never moves past a display or a result.
 */
class OutputBatch {
  #name: StreamName = "stdout";
  #serial = 0;
  #text: string[] = [];
  #length = 0;
  #since = 0;
  #scheduled = false;

  add(serial: number, name: StreamName, text: string): void {
    if (serial !== this.#serial || name !== this.#name) this.flush();
    if (this.#length === 0) this.#since = performance.now();
    this.#serial = serial;
    this.#name = name;
    this.#text.push(text);
    this.#length += text.length;
    if (this.#length > BATCH_CHARACTERS || performance.now() - this.#since > BATCH_MILLISECONDS) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.flush();
      });
    }
  }

  flush(): void {
    if (this.#length === 0) return;
    const text = this.#text.join("");
    this.#text = [];
    this.#length = 0;
    send({ type: "stream", serial: this.#serial, name: this.#name, text });
  }
}

const batch = new OutputBatch();

/** Sends the text printed so far. */
export function flushOutput(): void {
  batch.flush();
}

/** The cell that unattributed output belongs to: the latest one. */
let latestSerial = 0;

export function setLatestSerial(serial: number): void {
  latestSerial = serial;
}

/** The serial of the cell whose code is running now, else of the latest cell. */
export function attributedSerial(): number {
  return currentCell()?.origin.serial ?? latestSerial;
}

/** Prints text as part of a cell. */
export function print(serial: number, name: StreamName, text: string): void {
  if (text !== "") batch.add(serial, name, text);
}

class CapturedStream extends Writable {
  readonly isTTY = false;
  readonly columns = 110;
  readonly rows = 50;
  readonly #name: StreamName;
  readonly #decoder = new StringDecoder("utf8");

  constructor(
    name: StreamName,
    readonly fd: 1 | 2,
  ) {
    super({ decodeStrings: false });
    this.#name = name;
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, callback: () => void): void {
    const text =
      typeof chunk !== "string"
        ? this.#decoder.write(chunk)
        : encoding === "utf8" || (encoding as string) === "utf-8"
          ? chunk
          : this.#decoder.write(Buffer.from(chunk, encoding));
    print(attributedSerial(), this.#name, text);
    callback();
  }

  override end(): this {
    // As in Node, the standard streams cannot be closed.
    return this;
  }
}

/** Puts captured streams and a console that writes to them in the place of Node's own. */
export function captureOutput(): void {
  const stdout = new CapturedStream("stdout", 1);
  const stderr = new CapturedStream("stderr", 2);
  Object.defineProperty(process, "stdout", { value: stdout, configurable: true, enumerable: true });
  Object.defineProperty(process, "stderr", { value: stderr, configurable: true, enumerable: true });
  // Node's own console also records every message, with its objects, for the inspector that the session uses.
  globalThis.console = new Console({ stdout, stderr, colorMode: false }) as typeof globalThis.console;
}
