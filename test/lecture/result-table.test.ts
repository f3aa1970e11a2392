import assert from "node:assert/strict";
import { test } from "node:test";
import { richDisplay } from "rnnlab/display";
import { resultTable } from "rnnlab/lecture";

test("resultTable() rounds numbers, marks what is missing, and escapes texts", () => {
  const table = resultTable(
    [
      { model: "<i>", loss: 0.0024512, n: 198401 },
      { model: "b", loss: null, n: 1 },
    ],
    "c & d",
  );
  assert.equal(
    table[richDisplay]()["text/plain"],
    "c & d\nmodel      loss        n\n<i>    0.002451  198,401\nb             –        1",
  );
  const markup = String(table[richDisplay]()["text/html"]);
  assert.match(markup, /c &amp; d/);
  assert.match(
    markup,
    /<td style="text-align:left">&lt;i&gt;<\/td><td style="text-align:right">0\.002451<\/td>/,
  );
  const inherited = resultTable([{ a: 1, constructor: "x" }, { a: 2 }]);
  assert.equal(inherited[richDisplay]()["text/plain"], "a  constructor\n1  x\n2  –");
  assert.throws(() => resultTable([]), {
    name: "RangeError",
    message: "Cannot show table: it must have at least one row, got none",
  });
});
