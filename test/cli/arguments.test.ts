import assert from "node:assert/strict";
import { test } from "node:test";
import { notebookProject } from "./notebook-project.js";

for (const command of ["run", "sweep"] as const)
  test(`rnnlab ${command} takes what follows -p as its value, and what follows -- as names`, (context) => {
    const { rnnlab } = notebookProject(context);
    const vary = command === "sweep" ? ["--vary", "seed=1"] : [];
    for (const [args, pattern] of [
      // A value may begin with a minus, and have more of "=": only the notebook is missing.
      [["none.ipynb", "-p", "x=-1", "-p", "y=a=b"], /^rnnlab: Cannot read none\.ipynb: ENOENT/],
      [["-p", "-x=-1", "none.ipynb"], /^rnnlab: Cannot read none\.ipynb: ENOENT/],
      [["none.ipynb", "-p"], /^rnnlab: Option '-p, --parameter <value>' argument missing/],
      // The second -p is the value of the first, so x=1 is a notebook.
      [
        ["none.ipynb", "-p", "-p", "x=1"],
        command === "run"
          ? /^rnnlab: -p takes NAME=VALUE, got "-p"\n/
          : /^rnnlab: sweep takes one notebook, got none\.ipynb x=1\n/,
      ],
      [["none.ipynb", "-p", "--"], /^rnnlab: -p takes NAME=VALUE, got "--"\n/],
      [["none.ipynb", "-p", " =1"], /^rnnlab: -p takes NAME=VALUE, got " =1"\n/],
      [["-p", "x=1", "--", "-p"], /^rnnlab: Cannot read -p: ENOENT/],
      [["none.ipynb", "--timeout", "0"], /^rnnlab: --timeout must be a number of seconds, .* got "0"\n/],
    ] as const) {
      const { status, stderr } = rnnlab(command, ...vary, ...args);
      assert.match(stderr, pattern);
      assert.notEqual(status, 0);
    }
  });
