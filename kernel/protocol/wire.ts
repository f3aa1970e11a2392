import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** Version of Jupyter's messaging protocol that the kernel speaks. */
export const PROTOCOL_VERSION = "5.4";

const DELIMITER = Buffer.from("<IDS|MSG>");

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

export interface Header extends Json {
  readonly msg_id: string;
  readonly msg_type: string;
}

/** A message as it came in. */
export interface Message {
  /** The routing frames that bring the reply back to its sender. */
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly parentHeader: Json;
  readonly metadata: Json;
  readonly content: Json;
  readonly buffers: readonly Buffer[];
}

/** What goes out. */
export interface OutgoingMessage {
  readonly identities: readonly (Buffer | string)[];
  /** The `msg_id`, where the sender has to know it. */
  readonly id?: string;
  readonly type: string;
  readonly content: Json;
  readonly parent: Header | undefined;
  readonly metadata?: Json;
  readonly buffers?: readonly Uint8Array[];
}

/** Signs, encodes, checks and decodes messages, with the connection's key (an empty key turns signing off). */
export class Wire {
  readonly #key: string;
  /** Identifies this kernel process in the headers of its messages. */
  readonly #session = randomUUID();

  constructor(key: string) {
    this.#key = key;
  }

  encode(message: OutgoingMessage): Uint8Array[] {
    const { identities, id = randomUUID(), type, content, parent, metadata = {}, buffers = [] } = message;
    const header = {
      msg_id: id,
      session: this.#session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type: type,
      version: PROTOCOL_VERSION,
    };
    const parts = [header, parent ?? {}, metadata, content].map((part) => Buffer.from(writeJson(part)));
    return [
      ...identities.map((identity) => Buffer.from(identity as string)),
      DELIMITER,
      Buffer.from(this.#sign(parts)),
      ...parts,
      ...buffers,
    ];
  }

  /** @throws {Error} when a message must not be trusted, with what is wrong */
  decode(frames: readonly Buffer[]): Message {
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (at === -1) throw new Error("it has no <IDS|MSG> delimiter");
    const [signature, ...rest] = frames.slice(at + 1);
    const parts = rest.slice(0, 4);
    if (signature === undefined || parts.length < 4) {
      throw new Error(`it must have a signature and 4 parts, got ${frames.length - at - 1} frames`);
    }
    // Nothing of a message is parsed before its signature is known to be right.
    if (this.#key !== "" && !equalInConstantTime(signature, Buffer.from(this.#sign(parts)))) {
      throw new Error("its signature is wrong");
    }
    const [headerFrame] = parts;
    if (headerFrame !== undefined && headerFrame.length > LONGEST_HEADER)
      throw new Error(`its header must take at most ${LONGEST_HEADER} bytes, got ${headerFrame.length}`);
    const [header, parentHeader, metadata, content] = parts.map(parseObject) as [Json, Json, Json, Json];
    if (typeof header.msg_id !== "string" || typeof header.msg_type !== "string") {
      throw new Error("its header must have msg_id and msg_type");
    }
    return {
      identities: frames.slice(0, at),
      header: header as Header,
      parentHeader,
      metadata,
      content,
      buffers: rest.slice(4),
    };
  }

  #sign(parts: readonly Buffer[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}

/** A backslash in JSON with what it escapes. `JSON.stringify` escapes surrogates only where one lacks its other half. */
const ESCAPE = /\\(?:(ud[89a-f][0-9a-f]{2})|.)/g;

/**
 * Writes JSON that is well-formed text wherever it goes. Half an emoji in it could not be saved as UTF-8: front ends
 * then lose the whole notebook. Its place is taken by the sign for what cannot be shown.
 *
 * @param indent - by how many spaces each level is indented; all is in one line without it
 */
export function writeJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent);
  if (!json.includes("\\ud")) return json;
  return json.replace(ESCAPE, (match, half) => (half === undefined ? match : "\ufffd"));
}

function equalInConstantTime(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** How deep the parts of a message may nest: much deeper ones exhaust the stack of whoever writes them again. */
const MOST_LEVELS = 500;
/** The longest header, in bytes: it goes out again with every message that answers it. */
const LONGEST_HEADER = 2 ** 16;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set(Buffer.from("[{"));
const CLOSING = new Set(Buffer.from("]}"));

/** How deep JSON nests, found without a stack, at most one level more than is allowed. */
function levels(json: Buffer): number {
  let level = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < json.length && deepest <= MOST_LEVELS; at++) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) at += byte === BACKSLASH ? 1 : 0;
    else if (OPENING.has(byte)) deepest = Math.max(deepest, ++level);
    else if (CLOSING.has(byte)) level--;
  }
  return deepest;
}

function parseObject(frame: Buffer): Json {
  if (levels(frame) > MOST_LEVELS)
    throw new Error(`each of its parts must nest at most ${MOST_LEVELS} levels deep`);
  const value: unknown = JSON.parse(frame.toString("utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("each of its parts must be a JSON object");
  }
  return value as Json;
}
