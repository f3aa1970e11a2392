import type { Totals } from "../../tools/totals.js";

/** One thing that is checked about the project, besides its tests. */
export interface Check {
  /** What holds if it passes. */
  readonly name: string;
  /** Finds what is wrong, one line or more a problem; nothing means that it passes. */
  readonly run: () => Promise<readonly string[]>;
}

/**
 * Runs checks one after the other; a failed one does not stop the next.
 *
 * @param checks - what to run
 * @param print - receives a line for each check and each problem
 * @returns how many passed and failed
 */
export async function runChecks(checks: readonly Check[], print: (line: string) => void): Promise<Totals> {
  let passed = 0;
  for (const check of checks) {
    const start = performance.now();
    const problems = await whatFails(check);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    print(`${problems.length === 0 ? "✔" : "✖"} ${check.name} (${seconds} s)`);
    for (const problem of problems) print(problem.replace(/^/gm, "    "));
    if (problems.length === 0) passed += 1;
  }
  return { passed, failed: checks.length - passed };
}

/** A check that itself breaks has failed. */
async function whatFails(check: Check): Promise<readonly string[]> {
  try {
    return await check.run();
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}
