import { deserialize, serialize } from "node:v8";
import type { FromSession, SessionFrame, StreamName } from "./session/protocol.js";

const HEADER_BYTES = 4;
/** A printed text begins with one of these numbers and its cell's serial; V8's format begins with 255. */
const STREAMS: readonly StreamName[] = ["stdout", "stderr"];
const TEXT_OFFSET = 5;

/** One message as bytes: its length (32-bit big-endian), then the value in V8's structured-clone format. */
export function encodeFrame(message: unknown): Buffer {
  const payload = serialize(message);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  frame.writeUInt32BE(payload.length, 0);
  payload.copy(frame, HEADER_BYTES);
  return frame;
}

/** A `stream` message without a mark, as {@link encodeFrame} would encode it, in a tenth of the time: there are many. */
export function encodeText({ serial, name, text }: Extract<FromSession, { type: "stream" }>): Buffer {
  const length = TEXT_OFFSET + Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.writeUInt32BE(length, 0);
  frame.writeUInt8(STREAMS.indexOf(name), HEADER_BYTES);
  frame.writeUInt32BE(serial, HEADER_BYTES + 1);
  frame.write(text, HEADER_BYTES + TEXT_OFFSET);
  return frame;
}

function decode(payload: Buffer): unknown {
  const name = STREAMS[payload.readUInt8(0)];
  if (name === undefined) return deserialize(payload);
  const text = payload.toString("utf8", TEXT_OFFSET);
  const message = { type: "stream", serial: payload.readUInt32BE(1), name, text } as const;
  return { message, mark: undefined } satisfies SessionFrame;
}

/** Cuts a byte stream back into the messages that these functions wrote, wherever the chunks are split. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = HEADER_BYTES;

  /** @returns the messages completed by this chunk, in order */
  push(chunk: Buffer): unknown[] {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const messages: unknown[] = [];
    // Chunks are joined only when a whole frame is there: a 20 MiB message costs one copy, not hundreds.
    while (this.#buffered >= this.#needed) {
      const bytes =
        this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks);
      let offset = 0;
      this.#needed = HEADER_BYTES;
      while (bytes.length - offset >= HEADER_BYTES) {
        const length = bytes.readUInt32BE(offset);
        this.#needed = HEADER_BYTES + length;
        if (bytes.length - offset < this.#needed) break;
        messages.push(decode(bytes.subarray(offset + HEADER_BYTES, offset + this.#needed)));
        offset += this.#needed;
        this.#needed = HEADER_BYTES;
      }
      this.#chunks = [bytes.subarray(offset)];
      this.#buffered = bytes.length - offset;
    }
    return messages;
  }
}
