import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../platform/message-of.js";
import type { SweepRun } from "./sweep-run.js";

/** What a sweep is of: `sweep.json` of its folder. */
export interface SweepPlan {
  readonly format: 1;
  /** The notebook's path from the folder. */
  readonly notebook: string;
  /** A hash of the notebook's cells. */
  readonly cells: string;
  /** The environment variables that notebooks read their settings from. */
  readonly variables: Readonly<Record<string, string>>;
  /** What is varied, as it was written. */
  readonly vary: Readonly<Record<string, string>>;
  readonly metric: string | null;
  /** The ids of all runs in their order; null where a study asks for one after the other. */
  readonly runs: readonly string[] | null;
}

/**
 * Where a sweep's plan is.
 *
 * @param folder - of the sweep
 * @returns a path
 */
export const planFile = (folder: string): string => join(folder, "sweep.json");

/**
 * Where a sweep's runs are, a file each.
 *
 * @param folder - of the sweep
 * @returns a path
 */
export const runsFolder = (folder: string): string => join(folder, "runs");

/**
 * Reads the plan of a sweep.
 *
 * @param folder - of the sweep
 * @returns the plan; undefined if there is none in the folder
 * @throws {Error} when it cannot be read
 */
export function readPlan(folder: string): SweepPlan | undefined {
  const path = planFile(folder);
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const plan = parsed(path, text) as Partial<SweepPlan> | null;
  if (plan?.format !== 1)
    throw new Error(`Cannot read ${path}: it must be of format 1, got ${JSON.stringify(plan?.format)}`);
  return plan as SweepPlan;
}

/**
 * Reads the runs of a sweep that have ended.
 *
 * @typeParam P - the parameters
 * @typeParam F - the figures
 * @param folder - of the sweep
 * @returns all, by id in the order of the ids
 * @throws {Error} when a file cannot be read
 */
export function readRuns<P = Record<string, unknown>, F = Record<string, number>>(
  folder: string,
): Map<string, SweepRun<P, F>> {
  const runs = new Map<string, SweepRun<P, F>>();
  for (const name of namesIn(runsFolder(folder)).sort()) {
    // Drafts have another ending.
    if (!name.endsWith(".json")) continue;
    const path = join(runsFolder(folder), name);
    const run = parsed(path, readFileSync(path, "utf8"), REMEDY) as SweepRun<P, F>;
    const problem = problemOf(run, name);
    if (problem !== undefined) throw new Error(`Cannot read ${path}: ${problem}; ${REMEDY}`);
    runs.set(run.id, run);
  }
  return runs;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const REMEDY = "delete it, and rnnlab sweep does the run anew";

/** What is wrong with the content of a run's file, which may have been damaged. */
function problemOf(run: Partial<Record<keyof SweepRun, unknown>> | null, name: string): string | undefined {
  const { id, parameters, figures, status } = run ?? {};
  if (`${id}.json` !== name) return `its id must be its name, got ${JSON.stringify(id)}`;
  for (const [field, value] of Object.entries({ parameters, figures })) {
    if (typeof value !== "object" || value === null)
      return `its ${field} must be an object, got ${JSON.stringify(value)}`;
  }
  if (status !== "ok" && status !== "failed")
    return `its status must be "ok" or "failed", got ${JSON.stringify(status)}`;
  return undefined;
}

function parsed(path: string, text: string, remedy?: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const advice = remedy === undefined ? "" : `; ${remedy}`;
    throw new Error(`Cannot read ${path}: ${messageOf(cause)}${advice}`, { cause });
  }
}
