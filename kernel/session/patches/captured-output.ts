import { Buffer } from "node:buffer";
import { Console } from "node:console";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";
import readline from "node:readline";
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { types } from "node:util";
import { LONGEST_TEXT } from "../../shared/bounds.js";
import type { StreamName } from "../../shared/session-messages.js";
import { atomically } from "../interrupts/atomic.js";
import { expectNativeOutput } from "../output/channel.js";
import { attributedSerial, endsInHalf, pieces, print } from "../output/output.js";
import { cells } from "../realm/cell-realm.js";
import { inPlaceOf } from "../realm/stand-in.js";

const { byteLength, isEncoding, from: bytesOf } = Buffer;

/** Cuts bytes into pieces that a message can carry, wherever a character may end. */
function chunksOf({ buffer, byteOffset, length }: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(length / LONGEST_TEXT) }, (_, index) => {
    const start = index * LONGEST_TEXT;
    return new Uint8Array(buffer, byteOffset + start, Math.min(LONGEST_TEXT, length - start));
  });
}

class CapturedStream extends Writable {
  readonly isTTY = false;
  readonly columns = 110;
  readonly rows = 50;
  readonly #name: StreamName;
  readonly #decoder = new StringDecoder("utf8");
  #encoding: BufferEncoding = "utf8";
  /** The first half of a character at the end of what a cell has printed so far. */
  #half: { readonly serial: number; readonly text: string } | undefined;

  constructor(
    name: StreamName,
    readonly fd: 1 | 2,
  ) {
    super({ decodeStrings: false });
    this.#name = name;
  }

  /**
   * Node's own keeps a state of what is being written, which an interrupt in the middle would leave so for ever. This one
   * has none: when it returns, all is written.
   */
  override write(chunk: unknown, ...rest: unknown[]): boolean {
    const callback = rest.find((each) => typeof each === "function");
    const encoding = typeof rest[0] === "string" ? rest[0] : this.#encoding;
    const written = typeof chunk === "string" ? isEncoding(encoding) : types.isUint8Array(chunk);
    // What is no text and no bytes is for Node to refuse.
    if (!written) return Reflect.apply(super.write, this, [chunk, ...rest]);
    this._write(chunk as string | Uint8Array, encoding as BufferEncoding);
    if (callback !== undefined) process.nextTick(callback);
    return true;
  }

  override _write(chunk: Uint8Array | string, encoding: BufferEncoding, callback?: () => void): void {
    const isText = typeof chunk === "string" && /^utf-?8$/i.test(encoding);
    const parts = isText
      ? pieces(chunk)
      : chunksOf(typeof chunk === "string" ? bytesOf(chunk, encoding) : chunk);
    for (const part of parts) {
      atomically(() => this.#print(typeof part === "string" ? part : this.#decoder.write(part)));
    }
    callback?.();
  }

  /** Prints text whose last character may come in two halves. */
  #print(text: string): void {
    const serial = attributedSerial();
    if (this.#half?.serial !== serial) this.endText();
    let whole = `${this.#half?.text ?? ""}${text}`;
    this.#half = undefined;
    if (endsInHalf(whole)) {
      this.#half = { serial, text: whole.slice(-1) };
      whole = whole.slice(0, -1);
    }
    print(serial, this.#name, whole);
  }

  /** Gives up waiting for the other half of a character. */
  endText(): void {
    if (this.#half !== undefined) print(this.#half.serial, this.#name, this.#half.text);
    this.#half = undefined;
  }

  override setDefaultEncoding(encoding: BufferEncoding): this {
    super.setDefaultEncoding(encoding);
    this.#encoding = encoding;
    return this;
  }

  // What follows must neither close the stream nor hold anything back: the next cell prints to it, too.

  override end(...args: unknown[]): this {
    const callback = args.find((each) => typeof each === "function");
    const [chunk, encoding] = args.filter((each) => typeof each !== "function");
    // Whoever waits for the end, as `pipeline` does, is told that all has been written.
    this.write(chunk ?? "", (encoding ?? "utf8") as BufferEncoding, () => {
      callback?.();
      this.emit("finish");
      this.emit("close");
    });
    return this;
  }

  override destroy(): this {
    return this;
  }

  override cork(): void {}

  override uncork(): void {}

  // No terminal, but typed as one by Node's own declarations.

  getWindowSize(): [columns: number, rows: number] {
    return [this.columns, this.rows];
  }

  getColorDepth(): number {
    return 1;
  }

  hasColors(): boolean {
    return false;
  }

  clearLine(direction: readline.Direction, callback?: () => void): boolean {
    return readline.clearLine(this, direction, callback);
  }

  clearScreenDown(callback?: () => void): boolean {
    return readline.clearScreenDown(this, callback);
  }

  cursorTo(x: number, y?: number, callback?: () => void): boolean {
    return readline.cursorTo(this, x, y, callback);
  }

  moveCursor(dx: number, dy: number, callback?: () => void): boolean {
    return readline.moveCursor(this, dx, dy, callback);
  }
}

let captured: readonly CapturedStream[] = [];

/** Prints what is left of the text of a cell that ends. */
export function endText(): void {
  for (const stream of captured) stream.endText();
}

/** Puts captured streams and a console that writes to them in the place of Node's own. */
export function captureOutput(): void {
  const stdout = new CapturedStream("stdout", 1);
  const stderr = new CapturedStream("stderr", 2);
  Object.defineProperty(process, "stdout", { value: stdout, configurable: true, enumerable: true });
  Object.defineProperty(process, "stderr", { value: stderr, configurable: true, enumerable: true });
  captured = [stdout, stderr];
  captureDescriptors(captured);
  orderNativeOutput();
  // Node's own console also records every message, with its objects, for the inspector that the session uses.
  // There are no errors. To ignore them, it would listen for them with every message.
  const options = { stdout, stderr, colorMode: false, ignoreErrors: false } as const;
  cells.global.console = Object.defineProperty(new Console(options), "Console", {
    value: Console,
    configurable: true,
    writable: true,
  }) as typeof cells.global.console;
}

/**
 * Has `fs.writeSync` to the standard descriptors go the way of the streams, so that the two keep their order. What
 * child processes and native libraries write there is read from the descriptors themselves.
 */
function captureDescriptors(streams: readonly CapturedStream[]): void {
  const { fs } = cells.modules;
  const { writeSync } = fs;
  const write = (fd: number, data: string | NodeJS.ArrayBufferView, ...rest: unknown[]): number => {
    const stream = streams.find((each) => each.fd === fd);
    if (stream === undefined || rest.length > 0) return Reflect.apply(writeSync, fs, [fd, data, ...rest]);
    if (typeof data === "string") {
      stream.write(data);
      return byteLength(data);
    }
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    stream.write(bytes);
    return bytes.length;
  };
  Object.assign(fs, { writeSync: inPlaceOf(writeSync, write) });
  syncBuiltinESMExports();
}

/** Keeps what native libraries write in order with what the session's code prints. */
function orderNativeOutput(): void {
  const { dlopen } = process;
  process.dlopen = (...args) => {
    expectNativeOutput();
    Reflect.apply(dlopen, process, args);
  };
}
