import { createHmac, randomUUID } from "node:crypto";

/** A JSON object as the protocol's dictionaries are: its fields are checked where they are used. */
export type Dictionary = Record<string, unknown>;

/** The sockets on which a kernel sends messages. */
export type Channel = "shell" | "control" | "iopub" | "stdin";

/** The header that every message carries. */
export interface Header extends Dictionary {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

/** A message as a front end receives it, with the channel on which it came. */
export interface Message {
  readonly channel: Channel;
  /** Topic on iopub, empty elsewhere: the frames before the delimiter. */
  readonly topic: readonly string[];
  /** False if the HMAC of the frames is not the one that was sent. */
  readonly authentic: boolean;
  readonly header: Header;
  readonly parent: Partial<Header>;
  readonly metadata: Dictionary;
  readonly content: Dictionary;
  readonly buffers: readonly Buffer[];
}

/** What a front end puts into a message of its own. */
export interface Outgoing {
  readonly type: string;
  readonly content: Dictionary;
  readonly session: string;
  readonly parent?: Dictionary;
  readonly metadata?: Dictionary;
  readonly buffers?: readonly Buffer[];
  readonly msgId?: string;
}

const DELIMITER = "<IDS|MSG>";

/** Signs the four JSON frames of a message: hexadecimal HMAC-SHA256, or nothing without a key. */
export function sign(key: string, frames: readonly (string | Buffer)[]): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const frame of frames) hmac.update(frame);
  return hmac.digest("hex");
}

/** Makes the header of a new message. */
export function makeHeader(type: string, session: string, msgId: string = randomUUID()): Header {
  return {
    msg_id: msgId,
    msg_type: type,
    session,
    username: "tester",
    date: new Date().toISOString(),
    version: "5.4",
  };
}

/** Puts four JSON frames and buffers between the delimiter and the end of a multipart message. */
export function frameMessage(
  key: string,
  parts: readonly (string | Buffer)[],
  buffers: readonly Buffer[] = [],
): (string | Buffer)[] {
  return [DELIMITER, sign(key, parts), ...parts, ...buffers];
}

/** Writes a message as the frames that a front end sends. */
export function encode(key: string, message: Outgoing): { header: Header; frames: (string | Buffer)[] } {
  const header = makeHeader(message.type, message.session, message.msgId);
  const parts = [header, message.parent ?? {}, message.metadata ?? {}, message.content].map((part) =>
    JSON.stringify(part),
  );
  return { header, frames: frameMessage(key, parts, message.buffers) };
}

/** Reads the frames that came in on a channel. */
export function decode(key: string, channel: Channel, frames: readonly Buffer[]): Message {
  const start = frames.findIndex((frame) => frame.toString() === DELIMITER);
  const parts = frames.slice(start + 2, start + 6);
  if (start < 0 || parts.length < 4) {
    throw new Error(`Cannot read a message on ${channel}: it has ${frames.length} frames and no four parts`);
  }
  const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString("utf8")));
  return {
    channel,
    topic: frames.slice(0, start).map(String),
    authentic: frames[start + 1]?.toString() === sign(key, parts),
    header,
    parent,
    metadata,
    content,
    buffers: frames.slice(start + 6),
  };
}
