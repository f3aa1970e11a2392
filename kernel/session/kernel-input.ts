/**
 * What the session is given from outside: the messages of the protocol process, read in this one place. Its arguments are
 * in `session-arguments.ts`.
 */
import type { Buffer } from "node:buffer";
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { FrameDecoder } from "../shared/framing.js";
import type { ToSession } from "../shared/session-messages.js";
import { FROM_KERNEL } from "./output/channel.js";

/** Who receives what the protocol process sends. */
export interface InputEvents {
  message(message: ToSession): void;
  /** The protocol process is gone, or its messages cannot be told apart any more. */
  ended(): void;
}

/**
 * Reads the messages of the protocol process, in the thread that calls it.
 *
 * @returns what sends bytes back on the same descriptor
 */
export function readMessages({ message, ended }: InputEvents): (bytes: Uint8Array) => void {
  const decoder = new FrameDecoder();
  const input = new Socket({ fd: FROM_KERNEL, readable: true, writable: true });
  input.on("data", (chunk: Buffer) => {
    try {
      for (const each of decoder.push(chunk)) message(each as ToSession);
    } catch (error) {
      // The cell's code has taken a part of it.
      writeSync(
        2,
        `The session cannot go on with what came on its file descriptor ${FROM_KERNEL}: ${(error as Error).message}\n`,
      );
      ended();
    }
  });
  input.on("close", ended);
  input.on("error", ended);
  return (bytes) => void input.write(bytes);
}
