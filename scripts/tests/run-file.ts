import { run } from "node:test";
import type { TestEvent } from "node:test/reporters";
import type { Totals } from "../../tools/totals.js";

// Far above what any test file takes: one that hangs must not hang the run.
const FILE_LIMIT = 20 * 60 * 1000;

/**
 * Runs a compiled test file in a process of its own.
 *
 * @param file - its path
 * @param signal - ends the process
 * @param report - receives what the runner tells, but for the sums
 * @returns how many tests passed and failed
 */
export async function runFile(
  file: string,
  signal: AbortSignal,
  report: (event: TestEvent) => void,
): Promise<Totals> {
  const counts = new Map<string, number>();
  const events: AsyncIterable<TestEvent> = run({ files: [file], timeout: FILE_LIMIT, signal });
  for await (const event of events) {
    const [name, count] = sumIn(event);
    if (name === undefined) report(event);
    else counts.set(name, count);
  }
  const count = (name: string) => counts.get(name) ?? 0;
  return { passed: count("pass"), failed: count("fail") + count("cancelled") };
}

/** The sums over a file, such as "pass 12"; newer versions of Node tell them in a summary, too. */
function sumIn(event: TestEvent): [name: string | undefined, count: number] {
  const type: string = event.type;
  if (type === "test:summary") return [type, 0];
  if (event.type !== "test:diagnostic" || event.data.nesting > 0) return [undefined, 0];
  const [, name, count] = /^(\w+) ([\d.]+)$/.exec(event.data.message) ?? [];
  return [name, Number(count)];
}
