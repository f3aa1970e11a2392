import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../../../scripts/notebooks/comparison.js";
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
    ["figure", "ours", "published", "ours is", "Keras", "ours is", "claim", "result"],
    ["rmse", "4.5", "3.5", "▼ worse", "3.63 – 3.90", "▼ worse", "&lt; 4", "does not hold"],
    ["parameters", "16", "", "", "", "", "= 16", "holds"],
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

test("the report shows figures by section, and others' apart where ours are no comparison", () => {
  const sections = [
    { title: "Shapes & counts", figures: ["parameters"] },
    { title: "A model", figures: ["rmse"] },
  ];
  const page = (changes: object) =>
    reportPage([{ result: { ...result, ...changes }, report: { ...report, sections } }]);
  for (const [changes, note] of [
    [{ size: "quick" }, /This is the quick size, .*here they are no comparison/],
    [{ data: "sample" }, /This ran on a synthetic sample\. .*here they are no comparison/],
  ] as const) {
    assert.match(page(changes), note);
    assert.deepEqual(cellsOf(page(changes)).slice(3), [
      ["figure", "ours", "claim", "result", "published, full size", "Keras, full size"],
      ["Shapes &amp; counts"],
      ["parameters", "16", "= 16", "holds", "", ""],
      ["A model"],
      ["rmse", "4.5", "&lt; 4", "does not hold", "3.5", "3.63 – 3.90"],
    ]);
    assert.doesNotMatch(page(changes), /▼|Equal is/);
  }
  assert.doesNotMatch(page({}), /no comparison/);
});

test("a figure is better, equal or worse by a rule that the report says", () => {
  const verdicts: [name: string, ours: number, reference: number | string, expected: string | undefined][] = [
    ["GRU last loss", 0.0103, 0.01, "equal"],
    ["GRU last loss", 0.0106, 0.01, "worse"],
    ["GRU last loss", 0.0094, 0.01, "better"],
    ["test accuracy", 0.8361, "84.58%", "equal"],
    ["test accuracy", 0.8357, "84.58%", "worse"],
    ["test accuracy", 0.87, 0.85, "better"],
    ["sine loss", 0.1, "0.091 – 0.173", "equal"],
    ["sine loss", 0.09, "0.091 – 0.173", "better"],
    ["digits accuracy", 0.951, "0.952 – 0.957", "worse"],
    ["seconds an epoch", 3, 6.1, "better"],
    ["parameters", 16, 16, undefined],
    ["sine loss", 0.1, "not published", undefined],
  ];
  for (const [name, ours, reference, expected] of verdicts)
    assert.equal(compare(name, ours, reference), expected, `${name} ${ours} for ${reference}`);
  assert.match(
    reportPage([{ result, report }]),
    /within 5 % of a single number, and an accuracy within one point/,
  );
});

test("the report draws the seconds of training where Keras has done the same", () => {
  const lecture = (keras?: number) => ({
    result: { ...result, figures: { "seconds of training": 10 } },
    report: { ...report, references: keras === undefined ? {} : { "seconds of training": { keras } } },
  });
  const page = reportPage([lecture(20)]);
  assert.match(page, /<div class="chart"><svg[^>]*>.*Seconds of training.*<\/svg>/s);
  assert.match(page, /they compare only if it is like that one/);
  assert.doesNotMatch(reportPage([lecture()]), /<svg/);
});
