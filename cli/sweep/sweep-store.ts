import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withFileLock } from "../../src/platform/file-lock.js";
import { messageOf } from "../../src/platform/message-of.js";
import { planFile, readPlan, readRuns, runsFolder, type SweepPlan } from "../../src/sweep/sweep-folder.js";
import type { SweepRun } from "../../src/sweep/sweep-run.js";
import { replaceFile } from "../notebooks/replace-file.js";

/**
 * Works on a sweep's folder, which nobody else may do meanwhile.
 *
 * @param folder - of the sweep; it is made
 * @param work - what is done
 * @returns what the work returns
 * @throws {Error} when the folder cannot be written, or another sweep is at work there
 */
export async function inSweepFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    mkdirSync(runsFolder(folder), { recursive: true });
    replaceFile(join(folder, ".writable"), []);
    rmSync(join(folder, ".writable"));
  } catch (cause) {
    throw new Error(`Cannot write the sweep to ${folder}: ${messageOf(cause)}`, { cause });
  }
  return withFileLock(join(folder, ".lock"), work, (pid) => {
    throw new Error(`Cannot sweep into ${folder}: process ${pid} must end before, which sweeps into it, too`);
  });
}

/** What stands in a folder from before, and belongs to the plan. */
export interface Continued {
  /** The runs that have ended, by their ids. */
  readonly runs: ReadonlyMap<string, SweepRun>;
  /** What there is to say of it. */
  readonly notes: readonly string[];
}

/**
 * Goes on with a sweep, or begins it: writes the plan down, and keeps the runs that belong to it.
 *
 * @param folder - of the sweep
 * @param plan - of the sweep as it is now
 * @returns the runs that have ended
 * @throws {Error} when the notebook has changed since, so that the runs would not be of one kind
 */
export function continueSweep(folder: string, plan: SweepPlan): Continued {
  const before = readPlan(folder);
  const notes: string[] = [];
  const found = readRuns(folder);
  if (before !== undefined) {
    const changes = changesBetween(before, plan);
    if (changes.length > 0 && found.size > 0)
      throw new Error(
        `Cannot continue the sweep in ${folder}: ${changes.join(" and ")} since its ${found.size} runs; --restart does all of them anew, --output NAME begins another one`,
      );
  }
  const wanted = plan.runs === null ? undefined : new Set(plan.runs);
  const runs = new Map([...found].filter(([id]) => wanted?.has(id) ?? true));
  if (before !== undefined && !sameVariations(before, plan)) {
    const left = found.size - runs.size;
    notes.push(
      `The parameters have changed since the last time: ${runs.size} of ${found.size} runs are kept` +
        (left === 0 ? "" : `, and ${left} are left out, though their files stay`),
    );
  }
  replaceFile(planFile(folder), [`${JSON.stringify(plan, undefined, 1)}\n`]);
  return { runs, notes };
}

/** Forgets all that was done before. */
export function clearSweep(folder: string): void {
  rmSync(planFile(folder), { force: true });
  rmSync(runsFolder(folder), { recursive: true, force: true });
  mkdirSync(runsFolder(folder), { recursive: true });
}

/** Keeps a run that has ended: its file is there as a whole, or not at all. */
export function keepRun(folder: string, run: SweepRun): void {
  replaceFile(join(runsFolder(folder), `${run.id}.json`), [`${JSON.stringify(run, undefined, 1)}\n`]);
}

function changesBetween(before: SweepPlan, now: SweepPlan): string[] {
  const changes = before.cells === now.cells ? [] : ["the notebook has changed"];
  const names = new Set([...Object.keys(before.variables), ...Object.keys(now.variables)]);
  for (const name of names) {
    const [old, new_] = [before.variables[name] ?? "not set", now.variables[name] ?? "not set"];
    if (old !== new_) changes.push(`${name} has changed from ${old} to ${new_}`);
  }
  if ((before.runs === null) !== (now.runs === null)) changes.push("--study was given or left out");
  return changes;
}

const sameVariations = (before: SweepPlan, now: SweepPlan): boolean =>
  JSON.stringify(before.runs) === JSON.stringify(now.runs) &&
  JSON.stringify(before.vary) === JSON.stringify(now.vary);
