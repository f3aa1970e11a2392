import { whenInterrupted } from "../display/index.js";
import { release, withFileLock } from "./file-lock.js";

/**
 * Does a piece of work that only one caller may do at a time, in this process or in others; the rest wait. Nothing of an
 * interrupted cell runs on, so its lock is given back when the interrupt comes.
 *
 * @param lock - the lock file, which exists only meanwhile
 * @param work - what to do; the signal tells what it has begun that the cell was interrupted
 * @param onWait - called once if another one is at work
 * @returns what the work returns
 */
export async function exclusively<Result>(
  lock: string,
  work: (signal: AbortSignal) => Promise<Result>,
  onWait?: () => void,
): Promise<Result> {
  const stop = new AbortController();
  let holding = false;
  const complete = whenInterrupted(() => {
    stop.abort();
    if (holding) release(lock);
  });
  const held = (): Promise<Result> => {
    holding = true;
    return work(stop.signal);
  };
  try {
    return await withFileLock(lock, held, onWait);
  } finally {
    complete();
  }
}
