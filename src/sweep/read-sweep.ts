import { type Figures, type Parameters, Sweep } from "./sweep.js";
import { readPlan, readRuns } from "./sweep-folder.js";

/**
 * Reads what `rnnlab sweep` has found so far.
 *
 * @typeParam P - the parameters that are varied, with their types
 * @typeParam F - the figures that each run reports
 * @param folder - what `--output` named
 * @returns the runs, with a table and a figure of them
 * @throws {Error} when there is no sweep in the folder, or a file of it cannot be read
 * @example
 * ```ts
 * import { mkdirSync, writeFileSync } from "node:fs";
 * import { readSweep } from "rnnlab/sweep";
 * // What rnnlab sweep writes:
 * const run = { id: "1", parameters: { rate: 0.1 }, seconds: 2, attempts: 1, status: "ok", figures: { loss: 0.3 } };
 * mkdirSync("gru.sweep/runs", { recursive: true });
 * writeFileSync("gru.sweep/sweep.json", JSON.stringify({ format: 1, metric: "loss", runs: ["1"] }));
 * writeFileSync("gru.sweep/runs/1.json", JSON.stringify(run));
 * const sweep = readSweep<{ rate: number }, { loss: number }>("gru.sweep");
 * console.log(sweep.best().parameters.rate); // 0.1
 * ```
 */
export function readSweep<P extends object = Parameters, F extends object = Figures>(
  folder: string,
): Sweep<P, F> {
  const plan = readPlan(folder);
  if (plan === undefined)
    throw new Error(
      `Cannot read a sweep: there must be a sweep.json in ${folder}, got none; rnnlab sweep makes it`,
    );
  const found = readRuns<P, F>(folder);
  const runs = [...(plan.runs ?? found.keys())].flatMap((id) => found.get(id) ?? []);
  const total = plan.runs?.length ?? runs.length;
  return new Sweep(runs, { total, metric: plan.metric ?? undefined });
}
