import type { KernelClient } from "./client.js";
import type { Execution } from "./execution.js";

/**
 * Runs a cell until it has printed "started", then interrupts it.
 *
 * @param fields - of the execute request, besides its code
 */
export async function interrupted(
  kernel: KernelClient,
  code: string,
  fields: Record<string, unknown> = {},
): Promise<Execution> {
  const id = await kernel.submit(code, fields);
  await kernel.streamed(id, "started");
  await kernel.request("control", "interrupt_request");
  return kernel.finish(id);
}
