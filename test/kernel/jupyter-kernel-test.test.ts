import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { python, run, useJupyterHome } from "../../tools/kernel-client/index.js";

interface PythonTest {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly message: string;
}

const home = useJupyterHome();

for (const kernel of ["rnnlab", "rnnlab-javascript"]) {
  test(`jupyter_kernel_test passes on the kernelspec ${kernel} with nothing skipped`, async (context) => {
    const suite = resolve(packageRoot, "test/kernel/jupyter_kernel_test_rnnlab.py");
    const options = { env: home().env, milliseconds: 240_000 };
    const { stdout, stderr } = await run(python(), [suite, kernel], options);
    const tests: PythonTest[] = stdout
      .split("\n")
      .filter((line) => line.startsWith('{"name"'))
      .map((line) => JSON.parse(line));
    assert.ok(tests.length >= 13, `only ${tests.length} tests ran\n${stdout}\n${stderr}`);
    for (const { name, outcome, message } of tests) {
      await context.test(name, () => assert.equal(outcome, "passed", message));
    }
  });
}
