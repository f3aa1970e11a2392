import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { installKernel, projectRoot, python, run } from "./client";

interface PythonTest {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly message: string;
}

/** What the suite may leave out: the pager is for consoles and TypeScript has no name for it. */
const mayBeSkipped = ["test_pager"];

test("jupyter_kernel_test passes", async (context) => {
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
      await context.test(name, () => {
        if (outcome === "skipped" && mayBeSkipped.includes(name)) return;
        assert.equal(outcome, "passed", message);
      });
    }
    const skipped = tests.filter(({ outcome }) => outcome === "skipped");
    context.diagnostic(`skipped: ${skipped.map(({ message }) => message).join("; ") || "nothing"}`);
  } finally {
    home.remove();
  }
});
