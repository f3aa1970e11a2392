import { inspect, stripVTControlCharacters } from "node:util";
import {
  currentCell,
  display,
  displayTarget,
  type MimeBundle,
  richDisplay,
  updateDisplay,
  whenInterrupted,
} from "../display/index.js";
import { resultBundle, summaryOf } from "./result-table.js";
import type { TestResult } from "./test-result.js";

/** The code of a test: it passes unless it throws, or returns a promise that rejects. */
export type TestFunction = () => unknown;

/** Whether and how long a test runs. */
export interface TestOptions {
  /** Is not run; a text says why */
  readonly skip?: boolean | string;
  /** Is not run, as there is more to be done */
  readonly todo?: boolean | string;
  /** Other tests of the cell are not run */
  readonly only?: boolean;
  /** After how many milliseconds it counts as failed; 0 or nothing: never */
  readonly timeout?: number;
}

/** The tests of a cell, which can be awaited. As a cell's last value it waits for them and counts them. */
export interface TestRun extends PromiseLike<void> {
  [richDisplay](): Promise<MimeBundle>;
}

interface PlannedTest extends TestOptions {
  readonly name: string;
  readonly run: TestFunction | undefined;
}

/** With this variable set to 1, tests run only if they are marked so, in all cells. */
const ONLY_VARIABLE = "RNNLAB_TEST_ONLY";

let groups = 0;

/** The tests that a cell declares at once. They run one after the other. */
class TestGroup implements TestRun {
  readonly #displayId = `rnnlab-tests-${process.pid}-${++groups}`;
  readonly #planned: PlannedTest[] = [];
  readonly #results: TestResult[] = [];
  readonly #ended: Promise<void>;
  readonly #cell = currentCell().executionCount;
  #next = 0;
  #isShown = false;

  constructor() {
    const complete = whenInterrupted(() => this.#cancel());
    // What the cell declares at once is known before the first test runs.
    this.#ended = Promise.resolve()
      .then(() => this.#runAll())
      .finally(complete);
  }

  /** Whether a test that is declared now runs with these. */
  get isOpen(): boolean {
    return this.#next < this.#planned.length && this.#cell === currentCell().executionCount;
  }

  add(test: PlannedTest): void {
    this.#planned.push(test);
  }

  // biome-ignore lint/suspicious/noThenProperty: what test() returns can be awaited, as that of Node's own runner
  readonly then: PromiseLike<void>["then"] = (resolved, rejected) => this.#ended.then(resolved, rejected);

  async [richDisplay](): Promise<MimeBundle> {
    await this.#ended;
    return { "text/plain": summaryOf(this.#results) };
  }

  async #runAll(): Promise<void> {
    const onlyMarked = process.env[ONLY_VARIABLE] === "1" || this.#planned.some(({ only }) => only === true);
    for (let test = this.#planned[this.#next]; test !== undefined; test = this.#planned[this.#next]) {
      this.#results.push(await this.#run(test, onlyMarked && test.only !== true));
      this.#next++;
      if (this.#next < this.#planned.length && displayTarget() !== "text") this.#show();
    }
    this.#show();
    if (displayTarget() === "text" && this.#results.some(({ status }) => status === "failed")) {
      process.exitCode = 1;
    }
  }

  async #run({ name, run, skip, todo, timeout = 0 }: PlannedTest, passedOver: boolean): Promise<TestResult> {
    if (passedOver || (skip !== undefined && skip !== false)) return notRun(name, "skipped", skip);
    if ((todo !== undefined && todo !== false) || run === undefined) return notRun(name, "todo", todo);
    const start = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Error>((resolve) => {
      if (timeout > 0)
        timer = setTimeout(() => resolve(new Error(`the test must end within ${timeout} ms`)), timeout);
    });
    try {
      const outcome = await Promise.race([
        new Promise((resolve) => resolve(run())).then(() => undefined),
        late,
      ]);
      const milliseconds = performance.now() - start;
      if (outcome === undefined) return { name, status: "passed", milliseconds };
      return { name, status: "failed", milliseconds, error: outcome.message };
    } catch (error) {
      return { name, status: "failed", milliseconds: performance.now() - start, error: textOf(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  /** What has not run will not: the code that waits for it has ended with the cell. */
  #cancel(): void {
    all.delete(this);
    const unfinished = this.#planned.splice(this.#next);
    for (const [index, { name }] of unfinished.entries()) {
      this.#results.push(
        index === 0
          ? { name, status: "failed", milliseconds: 0, error: "the cell was interrupted" }
          : { name, status: "skipped", milliseconds: 0 },
      );
    }
    this.#show();
  }

  #show(): void {
    const bundle = resultBundle(this.#results);
    if (this.#isShown) void updateDisplay(this.#displayId, bundle);
    else void display(bundle, { displayId: this.#displayId });
    this.#isShown = true;
  }
}

function notRun(name: string, status: "skipped" | "todo", why: boolean | string | undefined): TestResult {
  return { name: typeof why === "string" ? `${name} # ${why}` : name, status, milliseconds: 0 };
}

/** An assertion says it all itself; of other errors one wants to know where they were thrown. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${inspect(error)}`;
  const isAssertion = error.name === "AssertionError" || "generatedMessage" in error;
  const text = isAssertion ? error.message : (error.stack ?? `${error.name}: ${error.message}`);
  const lines = stripVTControlCharacters(text).trimEnd().split("\n");
  return lines.filter((line) => !OWN_FRAME.test(line)).join("\n");
}

/** What this file has called is not where an error comes from. */
const OWN_FRAME = /^ {4}at .*[\\/]testing[\\/]test-queue\.[jt]s:\d+/;

let current: TestGroup | undefined;
const all = new Set<TestGroup>();

/** Plans a test with the others of its cell. */
export function plan(test: PlannedTest): TestRun {
  const group = current?.isOpen === true ? current : new TestGroup();
  if (group !== current) {
    current = group;
    all.add(group);
    void group.then(() => all.delete(group));
  }
  group.add(test);
  return group;
}

/**
 * Waits for all tests that have been declared so far.
 *
 * @returns a promise that resolves when the last one has run
 * @example
 * ```ts
 * import { finished, test } from "rnnlab/testing";
 * test("nothing is wrong", () => {});
 * await finished();
 * ```
 */
export async function finished(): Promise<void> {
  while (all.size > 0) await Promise.all(all);
}
