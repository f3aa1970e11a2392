import assert from "node:assert/strict";
import { test } from "node:test";
import { LectureReport } from "rnnlab/lecture";
import { recordDisplay } from "../display/recorded-display.js";

const published = recordDisplay();

const open = () => new LectureReport({ notebook: "example", data: "sample", size: "quick" });

test("a report publishes its figures and claims for other programs, and as a table", () => {
  const report = open().figure("seconds", 12.5).section("Model").below("rmse", 3.6, 4.03);
  report.section("Other").equals("parameters", 16, 16).section("Model").figure("loss", 0.5).close();
  assert.deepEqual(published[0]?.data["application/vnd.rnnlab.report+json"], {
    notebook: "example",
    data: "sample",
    size: "quick",
    sections: [
      { title: "Model", figures: ["rmse", "loss"] },
      { title: "Other", figures: ["parameters"] },
    ],
    figures: { seconds: 12.5, rmse: 3.6, parameters: 16, loss: 0.5 },
    checks: [
      { name: "rmse", value: 3.6, rule: "< 4.03", passed: true },
      { name: "parameters", value: 16, rule: "= 16", passed: true },
    ],
    references: {},
  });
  assert.equal(
    published[0]?.data["text/plain"],
    `example: sample data, quick size
figure      value  rule    holds
seconds     12.5
rmse        3.6    < 4.03  ✓
parameters  16     = 16    ✓
loss        0.5`,
  );
  assert.match(String(published[0]?.data["text/html"]), /<td.*>&lt; 4\.03<\/td>/);
});

test("a report shows its table and then fails, listing every claim that does not hold", () => {
  const report = open()
    .below("a", 4.03, 4.03)
    .above("b", 1, 1)
    .equals("c", 9.4, 9.393, 0.001)
    .between("d", 3, 1, 2)
    .above("e", 2, 1)
    .between("f", 1, 1, 2)
    .equals("g", 9.3939, 9.393, 0.001);
  assert.throws(() => report.close(), {
    name: "Error",
    message:
      "Cannot close the lecture: a must be < 4.03, got 4.03; b must be > 1, got 1; c must be = 9.393 ± 0.001, got 9.4; d must be 1 … 2, got 3",
  });
  assert.match(String(published[0]?.data["text/plain"]), /a +4\.03 +< 4\.03 +✗/);
});

test("a report writes counts whole and measures with six digits", () => {
  open().equals("parameters", 5_681_921, 5_681_921).figure("ratio", 1234.56789).close();
  assert.equal(
    published[0]?.data["text/plain"],
    `example: sample data, quick size
figure      value    rule       holds
parameters  5681921  = 5681921  ✓
ratio       1234.57`,
  );
});

test("a report sets what others found beside its own figures", () => {
  open().figure("loss", 0.25).below("rmse", 3.6, 4.03).references("rmse", { keras: "3.63 – 3.90" }).close();
  const data = published[0]?.data;
  assert.ok(
    JSON.stringify(data?.["application/vnd.rnnlab.report+json"]).includes(
      '"references":{"rmse":{"keras":"3.63 – 3.90"}}',
    ),
  );
  assert.match(String(data?.["text/plain"]), /rmse +3\.63 – 3\.90 +3\.6 +< 4\.03/);
  assert.throws(() => open().references("rmse", { published: 1 }), {
    name: "RangeError",
    message: 'Cannot report references of "rmse": it must be reported before, got no figure',
  });
});

test("a report takes a name once, and finite numbers only", () => {
  assert.throws(() => open().figure("a", 1).below("a", 1, 2), {
    name: "RangeError",
    message: 'Cannot report "a": names must be unique, got it twice',
  });
  assert.throws(() => open().below("a", Number.NaN, 2), {
    name: "RangeError",
    message: 'Cannot report "a": figures must be finite, got NaN',
  });
});

test("a report without any figure is refused", () => {
  assert.throws(() => open().close(), {
    name: "RangeError",
    message: "Cannot close the lecture: it must report at least one figure, got none",
  });
  assert.deepEqual(published, []);
});
