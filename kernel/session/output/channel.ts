import fs from "node:fs";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { LARGEST_MESSAGE, tooLarge } from "../../shared/bounds.js";
import { encodeFrame, encodeText, SHORT_FRAME, sessionFormat, utf8 } from "../../shared/framing.js";
import type { FromSession, SessionFrame } from "../../shared/session-messages.js";
import { atomically } from "../interrupts/atomic.js";
import { hideFromObjects } from "../realm/plain-objects.js";

/** The file descriptors that the session process has besides the standard three: what it writes to, and reads from. */
const TO_KERNEL = 3;
export const FROM_KERNEL = 4;

const { writeSync } = fs;
/** What `process.exit` comes to when all listeners have been called, which may be cells' code. */
const exit = (process as unknown as { reallyExit(code: number): never }).reallyExit.bind(process);

/** The message that a cell is done. */
export type CellEnd = Extract<FromSession, { type: "done" }>;

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * What is left of the bytes that a call has begun to write, by file descriptor, where it was terminated because the reader
 * took too long. The next one ends them first: the reader could not tell where a message begins after half of another.
 */
const begun: (Uint8Array | undefined)[] = [];

/** Writes all the bytes before it returns, waiting for the reader. */
function writeFully(fd: number, bytes: Uint8Array): void {
  const rest = begun[fd];
  if (rest !== undefined) writeRest(fd, rest);
  writeRest(fd, bytes);
}

/** The next message may overwrite a short one. */
const kept = (rest: Uint8Array): Uint8Array => (rest.length > SHORT_FRAME ? rest : rest.slice());

/** Node 20 learns from an object of its own whether a write has failed. */
function writeNow(fd: number, bytes: Uint8Array, offset: number): number {
  const giveNumber = hideFromObjects("errno");
  const giveError = hideFromObjects("error");
  try {
    return writeSync(fd, bytes, offset);
  } finally {
    giveNumber?.();
    giveError?.();
  }
}

function writeRest(fd: number, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeNow(fd, bytes, offset);
      begun[fd] = offset < bytes.length ? kept(bytes.subarray(offset)) : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

/** Between two messages that follow each other faster, in ms, no child process can have written anything. */
const UNDISTURBED = 0.02;
const now = performance.now.bind(performance);
let fence = "";
let format = sessionFormat("0");
let marks = 0;
let lastSent = 0;
let native = false;

/** Sets the secret by which the reader tells messages and marks from what others write. */
export function setFence(secret: string): void {
  fence = secret;
  format = sessionFormat(secret);
}

/** From here on a native library may write between any two messages. */
export function expectNativeOutput(): void {
  native = true;
}

/** Marks in the file descriptors 1 and 2 which of their output comes before the next message, and which after it. */
function writeMark(): SessionFrame["mark"] {
  const bytes = utf8(`\0${fence}:${++marks}\0`);
  const marked = ([1, 2] as const).filter((fd) => {
    try {
      writeFully(fd, bytes);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // The cell has closed the descriptor: there is nothing more to read from it.
      if (code === "EBADF" || code === "EPIPE") return false;
      throw error;
    }
  });
  return { number: marks, descriptors: marked };
}

/** What a message is to the person whose code sends it. */
const NAMES: Partial<Record<FromSession["type"], string>> = {
  display: "the display",
  result: "the value",
  expression: "the value",
  comm: "the comm message",
  input: "the prompt",
};

function encode(frame: SessionFrame): Uint8Array {
  const { message, mark } = frame;
  if (message.type === "stream" && mark === undefined) return encodeText(message, format);
  const bytes = encodeFrame(frame, format);
  if (bytes.length > LARGEST_MESSAGE) throw tooLarge(NAMES[message.type] ?? "the message", bytes.length);
  return bytes;
}

/**
 * Sends a message to the protocol process.
 *
 * Synchronous on purpose: output is on its way before user code goes on, so it is live inside a busy loop, survives
 * a crash in the next statement, and a loop that prints faster than anyone reads is slowed down instead of filling memory.
 *
 * @param end - the end of the cell, where it follows at once: one mark and one write do for both
 * @throws {RangeError} when one is larger than the protocol process takes: then none is sent
 */
export function send(message: FromSession, end?: CellEnd): void {
  atomically(() => write(message, end));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

let closed = false;

/** Ends the session, with a reason that the cell shows. */
export function endSession(reason: string): void {
  closed = true;
  writeSync(2, `${reason}\n`);
  exit(1);
}

function write(message: FromSession, end: CellEnd | undefined): void {
  if (closed) return;
  const ends = message.type === "done" || end !== undefined;
  const disturbed = native || ends || now() - lastSent > UNDISTURBED;
  const mark = disturbed && fence !== "" ? writeMark() : undefined;
  const first = encode({ message, mark });
  const bytes = end === undefined ? first : joined(first, encode({ message: end, mark: undefined }));
  try {
    writeFully(TO_KERNEL, bytes);
  } catch (error) {
    endSession(`The session cannot write to its file descriptor ${TO_KERNEL}: ${(error as Error).message}`);
  }
  lastSent = now();
}
