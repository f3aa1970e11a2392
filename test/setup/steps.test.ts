import assert from "node:assert/strict";
import { test } from "node:test";
import { SetupError } from "../../setup/setup-error.js";
import { IncompleteError, runSteps, type Step } from "../../setup/steps.js";

function step(name: string, more: Partial<Step> = {}): Step {
  return { name, run: async () => `${name} is there`, without: `no ${name}`, ...more };
}

const fails = (error: Error) => ({ run: () => Promise.reject(error) });

/** Runs steps and gives the lines, without their seconds, and what was thrown. */
async function outcome(...steps: Step[]) {
  const lines: string[] = [];
  const thrown = await runSteps(steps, (line) => lines.push(line.replace(/ +\d+\.\d s$/, ""))).then(
    () => undefined,
    (error: Error) => error,
  );
  return { lines, thrown };
}

test("runSteps() does what can be done when a step fails, and says what is missing", async () => {
  const error = new SetupError("Cannot prepare TensorFlow: no network", "plug it in");
  const { lines, thrown } = await outcome(
    step("Python"),
    step("TensorFlow", fails(error)),
    step("Native ops", { needs: "TensorFlow" }),
    step("Kernels", { needs: "Python" }),
  );
  assert.deepEqual(lines, [
    "Python      Python is there",
    "TensorFlow  missing: no TensorFlow",
    "Native ops  missing, as it needs TensorFlow: no Native ops",
    "Kernels     Kernels is there",
  ]);
  assert.ok(thrown instanceof IncompleteError);
  assert.deepEqual(
    [thrown.message, thrown.errors, [...thrown.missing]],
    [error.message, [error], ["TensorFlow", "Native ops"]],
  );
});

test("runSteps() reports every step that failed", async () => {
  const { thrown } = await outcome(
    step("Python", fails(new Error("no Python"))),
    step("Compiler", fails(new Error("no snapshot"))),
  );
  assert.equal(thrown?.message, "no Python\nno snapshot");
});

test("runSteps() says who may write where the user may not", async () => {
  for (const code of ["EACCES", "EPERM", "EROFS"]) {
    const raw = Object.assign(new Error(`${code}: refused`), { code, path: "/shared/node_modules/x" });
    const { thrown } = await outcome(step("TensorFlow", fails(raw)));
    assert.ok((thrown as AggregateError).errors[0] instanceof SetupError);
    assert.match(
      String(thrown?.message),
      /^Cannot prepare TensorFlow: your user must be able to write to \/shared\/node_modules\n/,
    );
    assert.match(
      String(thrown?.message),
      new RegExp(`tried: ${code}: refused\\n {2}repair: .*npx rnnlab setup$`),
    );
  }
});

test("runSteps() says where space is needed when the disk is full", async () => {
  const raw = Object.assign(new Error("ENOSPC"), { code: "ENOSPC", path: "/cache/rnnlab/half" });
  const { thrown } = await outcome(step("TensorFlow", fails(raw)));
  assert.match(String(thrown?.message), /repair: free 1 GB on the disk of \/cache\/rnnlab; /);
});
