import { Buffer } from "node:buffer";
import { TextEncoder } from "node:util";
import { deserialize, serialize } from "node:v8";
import { LARGEST_MESSAGE, LONGEST_TEXT } from "./bounds.js";
import type { FromSession, SessionFrame, StreamName } from "./session-messages.js";

/** The stamp and the length of what follows, both 32-bit big-endian. */
const HEADER_BYTES = 8;
/** A printed text begins with one of these numbers and its cell's serial; V8's format begins with 255. */
const STREAMS: readonly StreamName[] = ["stdout", "stderr"];
const TEXT_OFFSET = 5;
const LONGEST_TEXT_FRAME = TEXT_OFFSET + 3 * LONGEST_TEXT;

/** How the two ends of a pipe know a message. */
export interface FrameFormat {
  /** A number with which every message begins: what others write to the pipe is noticed at once. */
  readonly stamp: number;
  /** The longest message, in bytes. */
  readonly longest: number;
}

/** For pipes on which nobody else writes. */
const TRUSTED: FrameFormat = { stamp: 0x726e6e6c, longest: 2 ** 32 - 1 };

/** For the pipe on which a session sends: the user's code can write to it, too. */
export function sessionFormat(fence: string): FrameFormat {
  return { stamp: Number.parseInt(fence.slice(0, 8), 16), longest: LARGEST_MESSAGE };
}

// What encodes is taken here, since the session's messages are encoded after its cells have run.
const { byteLength } = Buffer;
const { encode, encodeInto } = TextEncoder.prototype;
const encoder = new TextEncoder();

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const lengthGetter = Object.getOwnPropertyDescriptor(typedArray, "length")?.get as () => number;
/** The length of bytes that Node has made, in the realm of the cells. */
const lengthOf = (bytes: Uint8Array): number => Reflect.apply(lengthGetter, bytes, []);

/** A text as UTF-8. The encoder makes its bytes in the realm of the cells, these are of this one. */
export const utf8 = (text: string): Uint8Array => new Uint8Array(Reflect.apply(encode, encoder, [text]));

/** Frames up to this length, in bytes, share one piece of memory: each overwrites the one before. */
export const SHORT_FRAME = 4096;
const short = new Uint8Array(SHORT_FRAME);
const shortView = new DataView(short.buffer);
const shortText = short.subarray(HEADER_BYTES + TEXT_OFFSET);

function writeHeader(view: DataView, stamp: number, length: number): void {
  view.setUint32(0, stamp);
  view.setUint32(4, length);
}

/** One message as bytes: a stamp, its length, then the value in V8's structured-clone format. */
export function encodeFrame(message: unknown, { stamp } = TRUSTED): Uint8Array {
  const payload = serialize(message);
  const length = lengthOf(payload);
  const frame = new Uint8Array(HEADER_BYTES + length);
  writeHeader(new DataView(frame.buffer), stamp, length);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/**
 * A `stream` message without a mark, as {@link encodeFrame} would encode it, in a tenth of the time: there are many.
 *
 * @returns the frame; one of up to {@link SHORT_FRAME} bytes is overwritten by the next
 */
export function encodeText(
  { serial, name, text }: Extract<FromSession, { type: "stream" }>,
  { stamp }: FrameFormat,
): Uint8Array {
  const isShort = 3 * text.length <= shortText.length;
  const frame = isShort ? short : new Uint8Array(HEADER_BYTES + TEXT_OFFSET + byteLength(text));
  const view = isShort ? shortView : new DataView(frame.buffer);
  const room = isShort ? shortText : frame.subarray(HEADER_BYTES + TEXT_OFFSET);
  const { written } = Reflect.apply(encodeInto, encoder, [text, room]);
  writeHeader(view, stamp, TEXT_OFFSET + written);
  view.setUint8(HEADER_BYTES, STREAMS.indexOf(name));
  view.setUint32(HEADER_BYTES + 1, serial);
  return isShort ? frame.subarray(0, HEADER_BYTES + TEXT_OFFSET + written) : frame;
}

function decode(payload: Buffer): unknown {
  try {
    return read(payload);
  } catch (cause) {
    throw new Error(
      `Cannot read a message: it must be well-formed, got ${payload.length} bytes that are not`,
      {
        cause,
      },
    );
  }
}

function read(payload: Buffer): unknown {
  const name = STREAMS[payload.readUInt8(0)];
  if (name === undefined) return deserialize(payload);
  if (payload.length > LONGEST_TEXT_FRAME) throw new RangeError("the text is too long");
  const text = payload.toString("utf8", TEXT_OFFSET);
  const message = { type: "stream", serial: payload.readUInt32BE(1), name, text } as const;
  return { message, mark: undefined } satisfies SessionFrame;
}

/** Cuts a byte stream back into the messages that these functions wrote, wherever the chunks are split. */
export class FrameDecoder {
  readonly #format: FrameFormat;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = HEADER_BYTES;

  constructor(format = TRUSTED) {
    this.#format = format;
  }

  /**
   * Gives the messages completed by this chunk, in order.
   *
   * @throws {Error} when the bytes are none of these messages; where the next one begins is then not known
   */
  *push(chunk: Buffer): Generator<unknown> {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    // Chunks are joined only when a whole frame is there: a 20 MiB message costs one copy, not hundreds.
    while (this.#buffered >= this.#needed) {
      const bytes =
        this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks);
      let offset = 0;
      this.#needed = HEADER_BYTES;
      while (bytes.length - offset >= HEADER_BYTES) {
        this.#needed = HEADER_BYTES + this.#lengthAt(bytes, offset);
        if (bytes.length - offset < this.#needed) break;
        yield decode(bytes.subarray(offset + HEADER_BYTES, offset + this.#needed));
        offset += this.#needed;
        this.#needed = HEADER_BYTES;
      }
      this.#chunks = [bytes.subarray(offset)];
      this.#buffered = bytes.length - offset;
    }
  }

  /** Reads a header. */
  #lengthAt(bytes: Buffer, offset: number): number {
    const { stamp, longest } = this.#format;
    const found = bytes.readUInt32BE(offset);
    if (found !== stamp) {
      const got = `0x${found.toString(16).padStart(8, "0")}`;
      throw new Error(`Cannot read a message: it must begin with the stamp of its sender, got ${got}`);
    }
    const length = bytes.readUInt32BE(offset + 4);
    if (length > longest) {
      throw new Error(`Cannot read a message: it must take at most ${longest} bytes, got ${length}`);
    }
    return length;
  }
}
