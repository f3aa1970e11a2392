import { Session } from "node:inspector";
import { setImmediate, setTimeout } from "node:timers";
import { getHeapStatistics } from "node:v8";

const MIB = 2 ** 20;

/** When a process gives memory back. */
interface IdleCollection {
  /** How long nothing has happened, in ms. */
  readonly rest: number;
  /** The largest heap in use that is collected, in bytes: a collection takes 1 to 2 ms for each MiB, and all waits. */
  readonly largestHeap: number;
}

/** For the processes that only hold what the kernel itself needs, unless the user's values are large. */
const SMALL: IdleCollection = { rest: 3000, largestHeap: 64 * MIB };
/** For the compiler, whose 80 to 120 MiB take long enough for a pause to be noticed by whoever comes back just then. */
export const LARGE: IdleCollection = { rest: 30_000, largestHeap: 256 * MIB };

/**
 * Gives memory back to the system when the process has come to rest. V8 lets a heap grow well beyond what is in use
 * before it collects, and a process that waits may keep that for days.
 *
 * @returns what to call whenever something happens
 */
export function collectWhenIdle({ rest, largestHeap } = SMALL): () => void {
  const session = new Session();
  const timer = setTimeout(() => {
    if (getHeapStatistics().used_heap_size > largestHeap) return;
    session.connect();
    // Unlike a collection by `gc()` this one also moves what is left together, and returns the emptied pages. It answers
    // under a lock for which a session that is disconnected in the answer would wait for ever.
    session.post("HeapProfiler.collectGarbage", () => setImmediate(() => session.disconnect()));
  }, rest).unref();
  return () => timer.refresh();
}
