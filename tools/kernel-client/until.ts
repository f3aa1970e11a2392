import { setTimeout as delay } from "node:timers/promises";

/** How often it is looked at, in ms. */
const STEP = 20;

/** Waits for a condition that no event tells of (another process's end); fails with `describe` after a time. */
export async function until(
  condition: () => boolean,
  milliseconds: number,
  describe: () => string,
): Promise<void> {
  for (let left = milliseconds; !condition(); left -= STEP) {
    if (left <= 0) throw new Error(`After ${milliseconds} ms ${describe()}`);
    await delay(STEP);
  }
}
