import type { KernelClient } from "./client.js";

/** Session, line, and what was executed; with `output` also what came out. */
export type HistoryEntry = [number, number, string | [string, string | null]];

/** What a kernel answers to a `history_request`. */
export async function history(client: KernelClient, fields: object): Promise<HistoryEntry[]> {
  const reply = await client.request("shell", "history_request", { output: false, raw: true, ...fields });
  return reply.content.history as HistoryEntry[];
}
