import { setFlagsFromString } from "node:v8";
import { CompilerClient } from "./compiler/client/compiler-client.js";
import { readConnection } from "./protocol/connection.js";
import type { Language } from "./shared/language.js";

/** By how much the heap may grow over what is in use before the next collection, in percent. */
const HEAP_GROWTH = 30;
/** How long the process may take to end by itself, in ms. */
const EXIT_TIME = 500;

/**
 * Runs a kernel until it is told to shut down.
 *
 * @param connectionFile - path of the connection file that a front end has written
 * @param language - the language of the cells
 * @throws {Error} when the file cannot be read or a port cannot be opened
 */
export async function runKernel(connectionFile: string, language: Language): Promise<void> {
  // The outputs that are kept grow old before they go: V8 would let several times as many pile up.
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  const connection = readConnection(connectionFile);
  // First of all, since the first cell waits for it: the rest is loaded and opened meanwhile.
  const compiler = new CompilerClient(process.cwd(), language);
  const { Kernel } = await import("./kernel.js");
  const kernel = new Kernel(connection, compiler, { folder: process.cwd(), language }, end);
  process.on("SIGINT", () => kernel.interrupt());
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      kernel.close();
      process.exit(0);
    });
  }
  endWithParent(() => {
    kernel.close();
    process.exit(0);
  });
  try {
    await kernel.start();
  } catch (error) {
    kernel.close();
    throw error;
  }
}

/**
 * Lets the process come to its end by itself: ZeroMQ then sends what it still has, the reply to the shutdown request for
 * one. `process.exit` does not wait for that, and is only called if something holds the process.
 */
function end(): void {
  setTimeout(() => process.exit(), EXIT_TIME).unref();
}

/** A front end that was killed could not shut its kernels down: they notice that they have another parent. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  const adopted = hasEnded(Number(process.env.JPY_PARENT_PID));
  setInterval(() => {
    if (adopted || process.ppid !== parent) end();
  }, 1000).unref();
}

/** Whether there is no such process: the front end, whose id Jupyter tells, may have ended before the kernel was up. */
function hasEnded(pid: number): boolean {
  if (!(pid > 1)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
