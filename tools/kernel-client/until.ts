import { setTimeout as delay } from "node:timers/promises";

/** Waits for a condition that no event tells of (another process's end); fails with `describe` after a time. */
export async function until(
  condition: () => boolean,
  milliseconds: number,
  describe: () => string,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`After ${milliseconds} ms ${describe()}`);
    await delay(20);
  }
}
