import {
  type Comm,
  type CommExtras,
  type CommHost,
  type CommOpenHandler,
  commHostKey,
} from "../host/comm.js";

/**
 * Lets the front end open comms to this notebook. What handlers print belongs to the cell that registered the target,
 * their errors too. Outside this project's kernel there is no front end, so the target is never opened.
 *
 * @param name - the name under which the front end opens it; a target registered before is replaced
 * @param onOpen - called with each new comm and its first message; if it throws, the comm is closed
 * @example
 * ```ts
 * import { registerCommTarget } from "rnnlab/comm";
 * registerCommTarget("echo", (comm) => {
 *   comm.onMessage(({ data, buffers }) => comm.send({ echoed: data }, { buffers }));
 * });
 * ```
 */
export function registerCommTarget(name: string, onOpen: CommOpenHandler): void {
  findCommHost()?.registerTarget(name, onOpen);
}

/**
 * Takes a target away again; comms that are open stay so.
 *
 * @param name - the target's name
 * @returns whether it was registered
 * @example
 * ```ts
 * import { unregisterCommTarget } from "rnnlab/comm";
 * unregisterCommTarget("echo");
 * ```
 */
export function unregisterCommTarget(name: string): boolean {
  return findCommHost()?.unregisterTarget(name) ?? false;
}

/**
 * Opens a comm to a target that the front end has registered. A front end that does not know the target closes it.
 *
 * @param targetName - the target's name in the front end
 * @param data - JSON data of the first message
 * @param extras - metadata and buffers of the first message
 * @returns the open comm
 * @throws {Error} when it is called outside this project's kernel
 * @throws {TypeError} when the data is no JSON object
 * @example
 * ```ts
 * import { openComm } from "rnnlab/comm";
 * import { displayTarget } from "rnnlab/display";
 * if (displayTarget() === "rnnlab") {
 *   const comm = openComm("chart", { title: "loss" }, { buffers: [new Float32Array([0.5, 0.25])] });
 *   comm.close();
 * }
 * ```
 */
export function openComm(
  targetName: string,
  data: Readonly<Record<string, unknown>> = {},
  extras: CommExtras = {},
): Comm {
  const host = findCommHost();
  if (host === undefined) {
    throw new Error(
      "Cannot open a comm: there is no front end; run this in a notebook with the rnnlab kernel",
    );
  }
  return host.open(targetName, data, extras);
}

/**
 * Makes a function that calls code soon, as a part of the cell that is running now: see {@link CommHost.signal}. Without a kernel it is a
 * timer's, and what it throws is an uncaught error.
 *
 * @param code - is told how many calls it answers
 * @param what - names it in errors
 * @param interval - the shortest time between two of its runs, in ms
 * @returns calls it
 */
export function makeSignal(
  code: (calls: number) => unknown,
  what: string,
  interval = 0,
): () => Promise<void> {
  const host = findCommHost();
  if (host !== undefined) return host.signal(code, what, interval);
  let calls = 0;
  let current: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, interval));
    const answered = calls;
    calls = 0;
    current = undefined;
    await code(answered);
  };
  return () => {
    calls++;
    current ??= run();
    return current;
  };
}

/** Whether a front end may be there to talk to. */
export const hasFrontEnd = (): boolean => findCommHost() !== undefined;

/** What carries comms at this moment; nothing does outside of this project's kernel. */
function findCommHost(): CommHost | undefined {
  return (globalThis as { [commHostKey]?: CommHost })[commHostKey];
}
