import { setTimeout as pause } from "node:timers/promises";

/** How long VS Code may take to show something, in ms. */
export const PATIENCE = 300_000;
/** How often it is looked at, in ms. */
const INTERVAL = 250;
/** How long something may take, in ms, before it is asked for again. */
const TURN = 10_000;

/** Waits for something in one turn of trying; returns whether it holds. */
export async function within(holds: () => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + TURN;
  while (!(await holds())) {
    if (Date.now() > end) return false;
    await pause(INTERVAL);
  }
  return true;
}

/** Waits until something holds, which is named in the error where it does not. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await holds())) {
    if (Date.now() > end)
      throw new Error(`Cannot see ${what} in VS Code: it must be there, got none in ${PATIENCE} ms`);
    await pause(INTERVAL);
  }
}
