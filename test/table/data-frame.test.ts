import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { richDisplay } from "rnnlab/display";
import { dataFrame, type RichTable, table } from "rnnlab/table";

const shown = (value: RichTable): string => value[richDisplay]()["text/plain"];

function makeFrame() {
  return dataFrame({
    date: [new Date("1985-02-01"), new Date("1985-01-01"), new Date("1985-03-01")],
    amount: Float64Array.of(70.5, 72.25, 62),
  });
}

describe("dataFrame()", () => {
  it("makes a danfojs frame of columns, typed arrays included", () => {
    const frame = makeFrame();
    assert.deepEqual([...frame.shape], [3, 2]);
    assert.deepEqual([...frame.columns], ["date", "amount"]);
    assert.deepEqual([...frame.values[1]!], [new Date("1985-01-01"), 72.25]);
    const amount = frame.column("amount");
    assert.deepEqual([amount.max(), amount.median()], [72.25, 70.5]);
  });

  it("makes a frame of an array of objects, with labels of its own", () => {
    const rows = [
      { model: "GRU", rmse: 3.63 },
      { model: "naive", rmse: 9.39 },
    ];
    const frame = dataFrame(rows, { index: ["a", "b"] });
    assert.deepEqual(frame.values, [
      ["GRU", 3.63],
      ["naive", 9.39],
    ]);
    assert.match(shown(frame), /^a {2}GRU +3\.63$/m);
  });

  it("sorts, renames and selects as the lecture does", () => {
    const frame = makeFrame().rename({ date: "month" }).sortValues("month");
    assert.deepEqual([...frame.columns], ["month", "amount"]);
    assert.deepEqual([...frame.index], [1, 0, 2]);
    assert.deepEqual([...frame.loc({ columns: ["amount"] }).head(1).values[0]!], [72.25]);
  });

  it("is shown as a table, and so is everything that its methods return", () => {
    const frame = makeFrame();
    assert.equal(
      shown(frame),
      `   date         amount
   datetime    float32
0  1985-02-01    70.50
1  1985-01-01    72.25
2  1985-03-01    62.00
3 rows × 2 columns`,
    );
    assert.match(shown(frame.tail(1)), /^2 {2}1985-03-01 +62$/m);
    assert.match(shown(frame.column("amount")), /^1 +72\.25$/m);
    assert.match(shown(frame.column("amount").describe()), /^max +72\.25/m);
  });

  it("refuses columns that differ in length or hide the frame's members, no rows, and labels that do not fit", () => {
    assert.throws(
      () => dataFrame({ a: [1, 2], b: [1] }),
      new RangeError("Cannot make table: every column must have 2 rows like a, got 1 in b"),
    );
    assert.throws(
      () => dataFrame({ a: [] }),
      new RangeError("Cannot make data frame: there must be at least one row and column, got 0 × 1"),
    );
    assert.throws(
      () => dataFrame({ month: ["May"], shape: [1] }),
      new RangeError(
        "Cannot make data frame: a column must not be named as a member of the frame, got shape",
      ),
    );
    assert.throws(() => dataFrame({ $data: [1] }), /^RangeError: .* got \$data$/);
    assert.throws(
      () => dataFrame({ a: [1, 2] }, { index: ["x"] }),
      new RangeError("Cannot make data frame: index must have 2 labels, one a row, got 1"),
    );
  });
});

describe("table()", () => {
  it("is a value that a notebook shows under the symbol that kernels share", () => {
    const value: object = table({ n: [1] }, { caption: "Numbers" });
    const method: unknown = Reflect.get(value, Symbol.for("Jupyter.display"));
    assert.ok(typeof method === "function");
    const bundle = method.call(value) as Record<string, string>;
    assert.deepEqual(Object.keys(bundle), ["text/html", "text/markdown", "text/plain"]);
    assert.match(bundle["text/plain"]!, /^Numbers\n/);
  });
});
