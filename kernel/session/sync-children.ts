import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { send } from "./channel.js";
import { SYNC_CHILD } from "./shared-memory.js";

/**
 * From here on child processes that the main thread waits for can be interrupted, and what they write keeps its order
 * with what the next one writes.
 */
export function trackSyncChildren(shared: Int32Array): void {
  for (const name of ["execFileSync", "execSync", "spawnSync"] as const) {
    const run = childProcess[name] as (...args: unknown[]) => unknown;
    const tracked = (...args: unknown[]): unknown => {
      Atomics.store(shared, SYNC_CHILD, 1);
      try {
        return run(...args);
      } finally {
        Atomics.store(shared, SYNC_CHILD, 0);
        send({ type: "childEnded" });
      }
    };
    Object.assign(childProcess, { [name]: tracked });
  }
  syncBuiltinESMExports();
}
