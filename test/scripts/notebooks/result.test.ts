import assert from "node:assert/strict";
import { test } from "node:test";
import { findReport, table } from "../../../scripts/notebooks/result.js";

const TYPE = "application/vnd.rnnlab.report+json";

test("findReport() takes the last report that a notebook published", () => {
  const report = (rmse: number) => ({ data: { [TYPE]: { data: "real", figures: { rmse }, checks: [] } } });
  const cells = [
    {},
    { outputs: [report(1), { data: { "text/plain": "x" } }] },
    { outputs: [report(2)] },
    { outputs: [{}] },
  ];
  assert.deepEqual(findReport({ cells })?.figures, { rmse: 2 });
  assert.equal(findReport({ cells: [{ outputs: [] }] }), undefined);
});

test("table() shows the figures and errors, then notebook, data, seconds, number of figures and result", () => {
  const lines = table([
    {
      notebook: "000-one",
      data: "real",
      size: "quick",
      seconds: 12.34,
      passed: true,
      error: null,
      figures: { rmse: 3.63214, rows: 397 },
    },
    {
      notebook: "001-two",
      data: null,
      size: "quick",
      seconds: 1,
      passed: false,
      error: "TypeError: no",
      figures: {},
    },
  ]);
  assert.deepEqual(lines, [
    "000-one",
    "  rmse = 3.6321",
    "  rows = 397",
    "",
    "001-two: TypeError: no",
    "",
    "notebook  data  seconds  figures  result",
    "000-one   real  12.3     2        passed",
    "001-two   -     1.0      0        failed",
  ]);
});
