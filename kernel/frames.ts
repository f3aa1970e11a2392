import { deserialize, serialize } from "node:v8";

const HEADER_BYTES = 4;

/** One message as bytes: its length (32-bit big-endian), then the value in V8's structured-clone format. */
export function encodeFrame(message: unknown): Buffer {
  const payload = serialize(message);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  frame.writeUInt32BE(payload.length, 0);
  payload.copy(frame, HEADER_BYTES);
  return frame;
}

/** Cuts a byte stream back into the messages that {@link encodeFrame} wrote, wherever the chunks are split. */
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
        messages.push(deserialize(bytes.subarray(offset + HEADER_BYTES, offset + this.#needed)));
        offset += this.#needed;
        this.#needed = HEADER_BYTES;
      }
      this.#chunks = [bytes.subarray(offset)];
      this.#buffered = bytes.length - offset;
    }
    return messages;
  }
}
