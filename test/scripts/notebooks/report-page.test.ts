import assert from "node:assert/strict";
import { test } from "node:test";
import { reportPage } from "../../../scripts/notebooks/report-page.js";

const result = {
  notebook: "000-example",
  data: "real",
  size: "full",
  seconds: 61.25,
  passed: false,
  error: "not met: rmse <4",
  figures: { rmse: 4.5, parameters: 16 },
} as const;
const report = {
  data: "real",
  figures: result.figures,
  checks: [
    { name: "rmse", rule: "< 4", passed: false },
    { name: "parameters", rule: "= 16", passed: true },
  ],
  references: { rmse: { published: 3.5, keras: "3.63 – 3.90" } },
} as const;

/** The page's tables as rows of cells, tags left out. */
const cellsOf = (page: string): string[][] =>
  [...page.matchAll(/<tr>(.*)/g)].map(([, row = ""]) => row.split(/<t[dh][^>]*>/).slice(1));

test("the report sets published figures and Keras's beside ours, with the claims", () => {
  const cells = cellsOf(reportPage([{ result, report }]));
  assert.deepEqual(cells, [
    ["notebook", "data", "size", "seconds", "training, ours", "training, Keras", "result"],
    ["000-example", "real", "full", "61.3", "", "", "failed: not met: rmse &lt;4"],
    ["together", "", "", "61.3", "", "", ""],
    ["figure", "published", "Keras", "ours", "claim", "result"],
    ["rmse", "3.5", "3.63 – 3.90", "4.5", "&lt; 4", "does not hold"],
    ["parameters", "", "", "16", "= 16", "holds"],
  ]);
});

test("the report says why a notebook has no figures, and adds up the seconds", () => {
  const died = { ...result, notebook: "001-<b>", data: null, figures: {}, error: "Error: no & more" };
  const page = reportPage([
    { result, report },
    { result: died, report: undefined },
  ]);
  assert.match(page, /<h2>001-&lt;b&gt;<\/h2>\n<p>No figures: Error: no &amp; more<\/p>/);
  assert.deepEqual(cellsOf(page)[3], ["together", "", "", "122.5", "", "", ""]);
});

test("the report sums the seconds of training, Keras's only if they are known of every lecture that trains", () => {
  const lecture = (ours: number, keras?: number) => ({
    result: { ...result, figures: { "seconds of training": ours } },
    report: { ...report, references: keras === undefined ? {} : { "seconds of training": { keras } } },
  });
  const trainingColumns = (all: Parameters<typeof reportPage>[0]) =>
    cellsOf(reportPage(all))
      .slice(1, all.length + 2)
      .map((row) => row.slice(4, 6));
  const without = { result, report };
  assert.deepEqual(trainingColumns([lecture(10, 20.5), without, lecture(1.25, 2)]), [
    ["10.0", "20.5"],
    ["", ""],
    ["1.3", "2.0"],
    ["11.3", "22.5"],
  ]);
  assert.deepEqual(trainingColumns([lecture(10, 20.5), lecture(1)]), [
    ["10.0", "20.5"],
    ["1.0", ""],
    ["11.0", ""],
  ]);
});
