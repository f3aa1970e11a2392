import { messageOf } from "../src/platform/message-of.js";
import { UsageError } from "../src/platform/usage-error.js";
import { parseArguments, readTimeout } from "./arguments.js";
import { findNotebooks, readNotebook } from "./notebooks/notebook-file.js";
import { replaceFile } from "./notebooks/replace-file.js";
import { Stops } from "./run/stops.js";
import { junitXml } from "./testing/junit.js";
import { countsOf, summaryOf, textReport } from "./testing/report.js";
import { type NotebookTests, runTests } from "./testing/run-tests.js";

const OPTIONS = {
  junit: { type: "string" },
  json: { type: "boolean" },
  timeout: { type: "string" },
} as const;

/**
 * `rnnlab test`: runs notebooks, and reports the tests that they declare.
 *
 * @param args - what follows the command's name
 * @returns the exit code: 0, 1 if a test has failed or there is none, or that of a signal
 * @throws {UsageError} when the arguments are wrong
 */
export async function testNotebooks(args: readonly string[]): Promise<number> {
  const { paths, junit, json, timeout } = readArguments(args);
  const stops = new Stops();
  const tested: NotebookTests[] = [];
  let unreadable = 0;
  try {
    for (const path of findNotebooks(paths)) {
      if (stops.exitCode !== undefined) break;
      try {
        const tests = await runTests(readNotebook(path), timeout, stops);
        tested.push(tests);
        if (!json) console.log(textReport(tests));
      } catch (error) {
        unreadable++;
        console.error(`rnnlab: ${messageOf(error)}`);
      }
    }
  } finally {
    stops.close();
  }
  const counts = countsOf(tested.flatMap(({ tests }) => tests));
  if (junit !== undefined) replaceFile(junit, [junitXml(tested)]);
  if (json) console.log(JSON.stringify({ notebooks: tested, ...counts }, undefined, 2));
  else console.log(summaryOf(counts));
  if (unreadable === 0 && tested.every(({ tests }) => tests.length === 0))
    console.error("rnnlab: no notebook has a test; rnnlab/testing declares them");
  return (
    stops.exitCode ??
    (counts.failed === 0 && counts.passed + counts.skipped + counts.todo > 0 && unreadable === 0 ? 0 : 1)
  );
}

function readArguments(args: readonly string[]) {
  const { values, positionals: paths } = parseArguments(args, OPTIONS);
  if (paths.length === 0) throw new UsageError("test takes notebooks or folders");
  const { junit, json = false } = values;
  return {
    paths,
    junit,
    json,
    timeout: readTimeout(values.timeout),
  };
}
