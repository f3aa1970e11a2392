import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { endProcessGroup } from "../../src/platform/end-process.js";

/** How long a server may take to answer, in ms. */
const LIMIT = 180_000;

/** How long it may take to end by itself, in ms. */
const GRACE = 20_000;

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/**
 * Starts a server, does something with it, and ends it with all that it has started.
 *
 * @param command - the program with its arguments
 * @param options - its folder and variables, and an address that answers once it is ready
 * @param use - does something with it
 */
export async function withServer(
  command: readonly [string, ...string[]],
  { ready, cwd, env }: { ready: string; cwd: string; env: NodeJS.ProcessEnv },
  use: () => Promise<void>,
): Promise<void> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let log = "";
  let ended = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  const closed = new Promise<void>((resolve) => child.on("close", () => resolve()));
  child.on("exit", () => {
    ended = true;
  });
  try {
    const answers = async (): Promise<boolean> => ended || (await isAnswered(ready));
    await waitUntil(answers, `an answer of ${ready}`);
    if (ended) throw new Error("the server has ended");
    await use();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${log}`, { cause: error });
  } finally {
    // A hub ends its proxy and its users' servers itself, which are in groups of their own.
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.pid !== undefined && endProcessGroup(child.pid), GRACE);
    await closed;
    clearTimeout(timer);
  }
}

/** Waits for a condition that no event tells of: another process is ready. */
export async function waitUntil(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + LIMIT;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Cannot wait for ${what}: it must come within ${LIMIT} ms`);
    await delay(200);
  }
}

async function isAnswered(address: string): Promise<boolean> {
  try {
    return (await fetch(address)).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}
