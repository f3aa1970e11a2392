import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { temporaryFolder } from "../setup/temporary.js";

const CLI = resolve(__dirname, "../../cli/main.js");

test("the example's sweep of seeds trains lecture 000's GRU, and a notebook shows its table and figure", (context) => {
  const folder = temporaryFolder(context);
  const rnnlab = (...args: string[]) => {
    const options = { cwd: packageRoot, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args, "--json"], options);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  };
  const [sweep, executed] = [join(folder, "seeds"), join(folder, "read.ipynb")];
  const fixed = ["-p", "source=sample", "-p", "epochs=2"];
  const notebook = "docs/examples/gru-seeds.ipynb";
  const { runs } = rnnlab(
    "sweep",
    notebook,
    "--vary",
    "seed=0..1",
    ...fixed,
    "--metric",
    "rmse",
    "--output",
    sweep,
  );
  const errors = runs.map(({ figures }: { figures: { rmse: number } }) => figures.rmse);
  assert.ok(errors[0] > 0 && errors[0] !== errors[1], "seeds differ");
  const read = rnnlab("run", "docs/examples/read-sweep.ipynb", "-p", `folder=${sweep}`, "--output", executed);
  const { figures } = read.notebooks[0];
  assert.deepEqual([figures.runs, figures.best], [2, Math.min(...errors)]);
  assert.match(readFileSync(executed, "utf8"), /"application\/vnd\.plotly\.v1\+json"/);
});
