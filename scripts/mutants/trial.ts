import { join } from "node:path";
import { CommandError, runCommand } from "../../setup/run-command.js";

/** Kilobytes that a test may write to: a mutant may go on taking memory for ever. */
const MEMORY = 6 * 2 ** 20;

/** What ends a test file with its first failure. */
const REPORTER = [
  `--test-reporter=${join(__dirname, "first-failure.js")}`,
  "--test-reporter-destination=stdout",
];

/** A mutant may hang: it has this many times as long as the test without it, and a while more. */
const SLOWNESS = 4;
const PATIENCE = 15_000;

/**
 * Runs a compiled test file.
 *
 * @param file - its path
 * @param cwd - the project's folder
 * @param timeout - in ms
 * @returns what is wrong; nothing if it passes
 */
export async function failure(file: string, cwd: string, timeout: number): Promise<string | undefined> {
  const limited = ["-c", `ulimit -d ${MEMORY}; exec "$@"`, "sh", process.execPath, ...REPORTER, file];
  // Below a test runner, a test file tells that one what it finds, and not the reporter.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  try {
    await runCommand("sh", limited, { cwd, env, timeout, lines: 30 });
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
}

/**
 * Whether a test notices a mutant.
 *
 * @param file - the test's compiled file
 * @param cwd - the project's folder with the mutant in it
 * @param milliseconds - how long the test takes without the mutant
 */
export async function notices(file: string, cwd: string, milliseconds: number): Promise<boolean> {
  return (await failure(file, cwd, milliseconds * SLOWNESS + PATIENCE)) !== undefined;
}
