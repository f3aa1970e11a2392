// What was executed, kept across kernels and found again by `history_request`.
import { join } from "node:path";
import { userData } from "../install/locations.js";
import { History } from "./history.js";
import { HistoryStore } from "./store.js";

export type { History } from "./history.js";

/**
 * Opens the user's history: the folder `rnnlab/history` in Jupyter's data folder.
 *
 * @param env - the environment; with `RNNLAB_HISTORY=off` nothing is written and the history ends with the kernel
 */
export function openHistory(env: NodeJS.ProcessEnv): History {
  if (env.RNNLAB_HISTORY === "off") return new History(undefined);
  return new History(new HistoryStore(join(userData(env), "rnnlab", "history")));
}
