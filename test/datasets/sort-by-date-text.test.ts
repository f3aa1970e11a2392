import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadElectricity, sortByDateText } from "rnnlab/datasets";
import { parseElectricityCsv } from "../../src/datasets/electricity/csv.js";

describe("sortByDateText()", () => {
  it("puts every January before every February, as the published lecture does", async () => {
    const { rows, values } = await loadElectricity({ source: "sample" });
    const sorted = sortByDateText(rows);
    assert.equal(sorted.length, 397);
    // 1985 to 2018 are 34 Januaries, then 33 of each other month.
    assert.deepEqual(
      [0, 1, 33, 34, 35, 396].map((i) => sorted[i]?.date),
      ["01-01-1985", "01-01-1986", "01-01-2018", "02-01-1985", "02-01-1986", "12-01-2017"],
    );
    assert.deepEqual([sorted[1]?.value, sorted[34]?.value], [values[12], values[1]]);
    assert.equal(rows[1]?.date, "02-01-1985");
  });

  it("shows the published defect on every copy, and what the copy itself would give on demand", () => {
    const text = "DATE,VALUE\n1985-11-01,11\n1985-12-01,12\n1986-01-01,1\n1986-02-01,2\n";
    const rows = parseElectricityCsv(text, "data.csv");
    const values = (dateFormat?: "as read" | "M/D/YYYY"): number[] =>
      sortByDateText(rows, dateFormat && { dateFormat }).map(({ value }) => value);
    assert.deepEqual(values(), [1, 2, 11, 12]);
    assert.deepEqual(values("as read"), [11, 12, 1, 2]);
    assert.deepEqual(values("M/D/YYYY"), [1, 11, 12, 2]);
  });

  it("refuses a format that is none", () => {
    assert.throws(
      () => sortByDateText([], JSON.parse('{ "dateFormat": "DD.MM.YYYY" }')),
      new RangeError(
        "Cannot sort by date text: dateFormat must be one of as read, MM-DD-YYYY, M/D/YYYY, YYYY-MM-DD, got DD.MM.YYYY",
      ),
    );
  });
});
