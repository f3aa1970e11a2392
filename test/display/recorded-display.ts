import { afterEach, beforeEach } from "node:test";
import type { DisplayHost, DisplayMessage } from "rnnlab/display";

const hostSymbol = Symbol.for("rnnlab.displayHost");
const globals = globalThis as { [hostSymbol]?: DisplayHost };

/** Stands in for a front end in each test of a file; returns what the test has shown so far. */
export function recordDisplay(): readonly DisplayMessage[] {
  const published: DisplayMessage[] = [];
  beforeEach(() => {
    published.length = 0;
    globals[hostSymbol] = {
      publish: (message) => published.push(message),
      clear: () => undefined,
      cell: { id: "a", executionCount: 1 },
    };
  });
  afterEach(() => {
    delete globals[hostSymbol];
  });
  return published;
}
