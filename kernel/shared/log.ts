import process from "node:process";
import { messageOf } from "../../src/platform/message-of.js";

/** Tells the person who runs the kernel, on its standard error, what a front end cannot be told. */
export function log(what: string, error: unknown): void {
  process.stderr.write(`[rnnlab kernel] ${what}: ${messageOf(error)}\n`);
}
