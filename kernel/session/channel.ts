import fs from "node:fs";
import { encodeFrame } from "../frames.js";
import type { FromSession } from "./protocol.js";

/** File descriptors of the session process besides the standard three. */
export const TO_KERNEL = 3;
export const FROM_KERNEL = 4;

/** Node's own, also after the session has put a captured one in its place. */
const { writeSync } = fs;

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes all the bytes before it returns, waiting while the reader is behind. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

/**
 * Sends a message to the protocol process.
 *
 * Synchronous on purpose: output is on its way before user code goes on, so it is live inside a busy loop, survives
 * a crash in the next statement, and a loop that prints faster than anyone reads is slowed down instead of filling memory.
 */
export function send(message: FromSession): void {
  writeFully(TO_KERNEL, encodeFrame(message));
}
