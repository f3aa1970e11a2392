import assert from "node:assert/strict";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { installKernel, type JupyterHome, projectRoot, python, run } from "./client";

interface PythonTest {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly message: string;
}

let home: JupyterHome;
before(async () => {
  home = await installKernel();
});
after(() => home?.remove());

for (const kernel of ["rnnlab", "rnnlab-javascript"]) {
  test(`jupyter_kernel_test passes on the kernelspec ${kernel} with nothing skipped`, async (context) => {
    const suite = resolve(projectRoot, "test/kernel/jupyter_kernel_test_rnnlab.py");
    const options = { env: home.env, milliseconds: 240_000 };
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
