import { type DisplayHost, displayHostKey } from "../src/host/display.js";

const globals = globalThis as { [key: symbol]: DisplayHost | undefined };

/** Runs code in something like a notebook, which throws away what it is shown. */
export async function quietly<Result>(run: () => Promise<Result>): Promise<Result> {
  globals[displayHostKey] = {
    publish: () => undefined,
    clear: () => undefined,
    cell: { id: "a", executionCount: 1 },
  };
  try {
    return await run();
  } finally {
    delete globals[displayHostKey];
  }
}
