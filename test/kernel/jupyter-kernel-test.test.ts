import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { installKernel, projectRoot, python, run } from "./client";

interface PythonTest {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly message: string;
}

test("jupyter_kernel_test passes with nothing skipped", async (context) => {
  const home = await installKernel();
  try {
    const suite = resolve(projectRoot, "test/kernel/jupyter_kernel_test_rnnlab.py");
    const { stdout, stderr } = await run(python(), [suite], { env: home.env, milliseconds: 240_000 });
    const tests: PythonTest[] = stdout
      .split("\n")
      .filter((line) => line.startsWith('{"name"'))
      .map((line) => JSON.parse(line));
    assert.ok(tests.length >= 13, `only ${tests.length} tests ran\n${stdout}\n${stderr}`);
    for (const { name, outcome, message } of tests) {
      await context.test(name, () => assert.equal(outcome, "passed", message));
    }
  } finally {
    home.remove();
  }
});
