import { existsSync } from "node:fs";
import { spec, type TestEvent } from "node:test/reporters";
import { undoOnExit } from "../../setup/exit.js";
import { keepCertificates } from "../../tools/certificates.js";
import type { Totals } from "../../tools/totals.js";
import { inParallel } from "./in-parallel.js";
import { runCheckProcess } from "./run-check-process.js";
import { runFile } from "./run-file.js";
import { BUSY_PLACES, PLACES } from "./schedule.js";

/** A test file that was compiled. */
export interface TestFile {
  readonly path: string;
  /** How many of the places it takes while it runs. */
  readonly places: number;
}

/**
 * Runs test files side by side and prints their tests, file after file.
 *
 * @param files - the files, in the order in which they begin
 * @param options - whether the checks run beside them
 * @returns how many tests and checks passed and failed
 */
export async function runTests(files: readonly TestFile[], { checks = false } = {}): Promise<Totals> {
  keepCertificates();
  // Ctrl-C ends the processes of tests and checks too.
  const stop = new AbortController();
  const keep = undoOnExit(() => stop.abort());
  const reporter = new spec();
  reporter.pipe(process.stdout, { end: false });
  const printed = new Promise((done) => reporter.once("end", done));
  const print = (event: TestEvent) => reporter.write(event);
  const { signal } = stop;

  const live = files.length === 1;
  const jobs = files.map(({ path, places }) => ({
    places,
    run: () => runTestFile(path, signal, print, live),
  }));
  if (checks) jobs.unshift({ places: BUSY_PLACES, run: () => runCheckProcess(signal, print) });
  const totals = await inParallel(jobs, PLACES);
  reporter.end();
  await printed;
  keep();
  const sum = (count: keyof Totals) => totals.reduce((total, each) => total + each[count], 0);
  return { passed: sum("passed"), failed: sum("failed") };
}

/** A file's tests are printed in one block, or one by one if nothing else runs. */
async function runTestFile(
  file: string,
  signal: AbortSignal,
  print: (event: TestEvent) => void,
  live: boolean,
): Promise<Totals> {
  if (!existsSync(file)) {
    print({ type: "test:stderr", data: { file, message: `✖ ${file} was not built\n` } });
    return { passed: 0, failed: 1 };
  }
  if (live) return runFile(file, signal, print);
  const block: TestEvent[] = [];
  const totals = await runFile(file, signal, (event) => block.push(event));
  for (const event of block) print(event);
  return totals;
}
