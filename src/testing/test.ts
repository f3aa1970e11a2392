import { plan, type TestFunction, type TestOptions, type TestRun } from "./test-queue.js";

type Arguments = [run?: TestFunction] | [options: TestOptions, run?: TestFunction];

interface Suite extends TestOptions {
  readonly names: readonly string[];
}

let suite: Suite = { names: [] };

function declare(name: string, args: Arguments, marks: TestOptions): TestRun {
  const [first, second] = args;
  const [options, run] = typeof first === "function" ? [{}, first] : [first ?? {}, second];
  const { names, ...inherited } = suite;
  return plan({ ...inherited, ...options, ...marks, name: [...names, name].join(" > "), run });
}

/**
 * Declares a test. The tests of a cell run one after the other once the cell's code has declared them, and a table below
 * the cell shows what became of them. A test that fails does not stop the notebook.
 *
 * `test.skip`, `test.todo` and `test.only` take the same arguments. With `only` in a cell, its other tests are not run.
 *
 * @param name - what holds if the test passes
 * @param args - options, which may be left out, and the test: it passes unless it throws or returns a promise that rejects
 * @returns the tests of the cell, which can be awaited
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { test } from "rnnlab/testing";
 * await test("sums are exact for small integers", () => assert.equal(1 + 2, 3));
 * ```
 */
export function test(name: string, ...args: Arguments): TestRun {
  return declare(name, args, {});
}

test.skip = (name: string, ...args: Arguments): TestRun => declare(name, args, { skip: true });
test.todo = (name: string, ...args: Arguments): TestRun => declare(name, args, { todo: true });
test.only = (name: string, ...args: Arguments): TestRun => declare(name, args, { only: true });

function within(name: string, define: () => void, marks: TestOptions): void {
  const outer = suite;
  suite = { ...outer, ...marks, names: [...outer.names, name] };
  try {
    define();
  } finally {
    suite = outer;
  }
}

/**
 * Puts a name before those of tests.
 *
 * `describe.skip`, `describe.todo` and `describe.only` hold for all tests in it.
 *
 * @param name - what the tests are about
 * @param define - declares them at once, not later
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describe, test } from "rnnlab/testing";
 * describe("the mean", () => {
 *   test("of one number is that number", () => assert.equal([3].reduce((a, b) => a + b) / 1, 3));
 * });
 * ```
 */
export function describe(name: string, define: () => void): void {
  within(name, define, {});
}

describe.skip = (name: string, define: () => void): void => within(name, define, { skip: true });
describe.todo = (name: string, define: () => void): void => within(name, define, { todo: true });
describe.only = (name: string, define: () => void): void => within(name, define, { only: true });
