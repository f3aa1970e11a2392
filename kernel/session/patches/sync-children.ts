import { syncBuiltinESMExports } from "node:module";
import { INTERRUPTS, SYNC_CHILD } from "../interrupts/shared-memory.js";
import { send } from "../output/channel.js";
import { cells } from "../realm/cell-realm.js";
import { inPlaceOf } from "../realm/stand-in.js";

/** How long the interrupt may take to come that belongs to a child's SIGINT, in ms. */
const INTERRUPT_DELAY = 200;
/** The status of a shell whose command was ended by SIGINT. */
const ENDED_BY_SIGINT = 130;

/**
 * From here on child processes that the main thread waits for can be interrupted, and what they write keeps its order
 * with what the next one writes.
 */
export function trackSyncChildren(shared: Int32Array): void {
  const { childProcess } = cells.modules;
  for (const name of ["execFileSync", "execSync", "spawnSync"] as const) {
    const run = childProcess[name] as (...args: unknown[]) => unknown;
    const tracked = (...args: unknown[]): unknown => {
      const interrupts = Atomics.load(shared, INTERRUPTS);
      Atomics.store(shared, SYNC_CHILD, 1);
      let ended: unknown;
      try {
        ended = run(...args);
        return ended;
      } catch (error) {
        ended = error;
        throw error;
      } finally {
        Atomics.store(shared, SYNC_CHILD, 0);
        send({ type: "childEnded" });
        awaitTermination(shared, interrupts, ended);
      }
    };
    Object.assign(childProcess, { [name]: inPlaceOf(run, tracked) });
  }
  syncBuiltinESMExports();
}

/** A child that an interrupt has ended must not look to the cell like one that has failed: the cell ends as well. */
function awaitTermination(shared: Int32Array, interrupts: number, ended: unknown): void {
  const { signal, status } = Object(ended) as { signal?: unknown; status?: unknown };
  // Front ends that send SIGINT to all processes have reached the child before the session.
  if (signal === "SIGINT" || status === ENDED_BY_SIGINT) {
    Atomics.wait(shared, INTERRUPTS, interrupts, INTERRUPT_DELAY);
  }
  // Until the watchdog has V8 terminate it.
  while (Atomics.load(shared, INTERRUPTS) !== interrupts);
}
