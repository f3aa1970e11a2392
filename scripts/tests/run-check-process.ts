import { execFile } from "node:child_process";
import { join } from "node:path";
import type { TestEvent } from "node:test/reporters";
import type { Totals } from "../../tools/totals.js";

/**
 * Runs the checks in a process of their own: what they compute must not keep this one from reading what tests print.
 *
 * @param signal - ends the process
 * @param print - receives what they print, at their end
 * @returns how many passed and failed
 */
export async function runCheckProcess(
  signal: AbortSignal,
  print: (event: TestEvent) => void,
): Promise<Totals> {
  const file = join(__dirname, "../check.js");
  const options = { signal, maxBuffer: Number.POSITIVE_INFINITY };
  const output = await new Promise<string>((done) => {
    execFile(process.execPath, [file], options, (_error, stdout, stderr) => done(`${stdout}${stderr}`));
  });
  const [last = "", passed, failed] = /\n(\d+) passed, (\d+) failed\n*$/.exec(output) ?? [];
  print({
    type: "test:stdout",
    data: { file, message: `${output.slice(0, output.length - last.length)}\n` },
  });
  return passed === undefined ? { passed: 0, failed: 1 } : { passed: Number(passed), failed: Number(failed) };
}
