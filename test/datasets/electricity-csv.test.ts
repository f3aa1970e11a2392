import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadElectricity } from "rnnlab/datasets";
import { parseElectricityCsv } from "../../src/datasets/electricity/csv.js";
import { dateStyles, writeCopy } from "./electricity-copies.js";

function refuses(text: string, message: string): void {
  assert.throws(
    () => parseElectricityCsv(text, "data.csv"),
    new RangeError(`Cannot read data.csv: ${message}`),
  );
}

describe("parseElectricityCsv()", () => {
  const headers = ["DATE,VALUE", "DATE,ELECTRICPROD", "DATE,IPG2211A2N", "observation_date,IPG2211A2N"];
  for (const header of headers) {
    for (const [name, dates] of Object.entries(dateStyles)) {
      it(`reads the copy with header ${header} and dates ${name}`, async () => {
        const { dates: months, values } = await loadElectricity({ source: "sample" });
        for (const newline of ["\n", "\r\n"]) {
          const text = await writeCopy({ header, newline, dates, byteOrderMark: newline === "\n" });
          const rows = parseElectricityCsv(text, "data.csv");
          assert.deepEqual(
            rows.map(({ month }) => month),
            months,
          );
          assert.deepEqual(
            rows.map(({ value }) => value),
            [...values],
          );
          assert.equal(rows[12]?.date, dates("1986", 1));
        }
      });
    }
  }

  it("keeps the file's order and reads quotes, blanks, signs, exponents and a last line without an end", () => {
    const text = 'DATE,VALUE\n02-01-1985, 7e1\n\n"01-01-1985","+72.5"\n03-01-1985,.5';
    assert.deepEqual(
      parseElectricityCsv(text, "data.csv").map(({ date, value }) => [date, value]),
      [
        ["02-01-1985", 70],
        ["01-01-1985", 72.5],
        ["03-01-1985", 0.5],
      ],
    );
  });

  it("refuses an empty file", () => {
    for (const text of ["", "\ufeff", "\n \r\n"]) {
      refuses(text, "the file must have a header and rows, got an empty file");
    }
  });

  it("refuses a file that has only a header", () => {
    refuses("DATE,VALUE\r\n", "the file must have rows after its header, got the header only");
  });

  it("refuses wrong columns", () => {
    const rule = "line 1 must name two columns, DATE and the value's";
    refuses("MONTH,VALUE\n01-01-1985,1", `${rule}, got "MONTH,VALUE"`);
    refuses("DATE\n01-01-1985", `${rule}, got "DATE"`);
    refuses("DATE,VALUE,OTHER\n01-01-1985,1,2", `${rule}, got "DATE,VALUE,OTHER"`);
    refuses("01-01-1985,72.5\n02-01-1985,70", `${rule}, got "01-01-1985,72.5"`);
    refuses("<!DOCTYPE html>\n<p>no</p>", `${rule}, got "<!DOCTYPE html>"`);
  });

  it("refuses a row with too few or too many columns", () => {
    refuses("DATE,VALUE\n01-01-1985\n", 'line 2 must have 2 columns, DATE and VALUE, got 1: "01-01-1985"');
    refuses(
      "DATE,VALUE\n01-01-1985,1\n02-01-1985,1,234\n",
      'line 3 must have 2 columns, DATE and VALUE, got 3: "02-01-1985,1,234"',
    );
  });

  it("refuses a value that is no number", () => {
    refuses("DATE,VALUE\n01-01-1985,high\n", 'line 2, column VALUE must be a number, got "high"');
    refuses(
      "DATE,IPG2211A2N\n1985-01-01,1\n\n1985-02-01,NaN\n",
      'line 4, column IPG2211A2N must be a number, got "NaN"',
    );
    refuses("DATE,VALUE\n01-01-1985,0x10\n", 'line 2, column VALUE must be a number, got "0x10"');
    refuses('DATE,VALUE\n01-01-1985,"72,5"\n', 'line 2, column VALUE must be a number, got "72,5"');
  });

  it("refuses a missing value, also as FRED writes it", () => {
    refuses("DATE,VALUE\r\n01-01-1985,\r\n", 'line 2, column VALUE must not be missing, got ""');
    refuses("DATE,VALUE\n1985-01-01,1\n1985-02-01,.\n", 'line 3, column VALUE must not be missing, got "."');
  });

  it("refuses a date that cannot be read", () => {
    const rule = "line 2, column DATE must be a date as MM-DD-YYYY, M/D/YYYY or YYYY-MM-DD";
    for (const date of ["Jan 1985", "", "13-01-1985", "02-30-1985", "1985-1-1", "1/1/85", "0085-01-01"]) {
      refuses(`DATE,VALUE\n${date},1\n`, `${rule}, got ${JSON.stringify(date)}`);
    }
  });

  it("refuses dates that are written day first", () => {
    refuses(
      "DATE,VALUE\n1/1/1985,1\n1/2/1985,2\n",
      'line 3, column DATE must be the first day of a month (read as M/D/YYYY), got "1/2/1985"',
    );
  });

  it("refuses mixed date formats", () => {
    refuses(
      "DATE,VALUE\n01-01-1985,1\n1985-02-01,2\n",
      'line 3, column DATE must be written as MM-DD-YYYY like the rows above it, got "1985-02-01"',
    );
  });

  it("refuses a gap in the months, whatever the order of the rows", () => {
    refuses(
      "DATE,VALUE\n04-01-1985,4\n01-01-1985,1\n02-01-1985,2\n",
      'line 2, column DATE must be the month after "02-01-1985" (line 4), got "04-01-1985"',
    );
  });

  it("allows a row twice, but not two values for a month", () => {
    assert.equal(parseElectricityCsv("DATE,VALUE\n01-01-1985,1\n01-01-1985,1\n", "data.csv").length, 2);
    refuses(
      "DATE,VALUE\n01-01-1985,1\n02-01-1985,2\n01-01-1985,3\n",
      "line 4, column VALUE must equal 1 of the same month in line 2, got 3",
    );
  });

  it("refuses text that is no CSV, with the reader's own error as the cause", () => {
    assert.throws(
      () => parseElectricityCsv('DATE,VALUE\n"01-01-1985,1\n', "data.csv"),
      (error: unknown) => {
        assert.ok(error instanceof RangeError && error.cause instanceof Error);
        assert.match(error.message, /^Cannot read data\.csv: the file must be valid CSV, got: .* line 2$/);
        return true;
      },
    );
  });

  it("reads line ends of several kinds in one file, and a value column of any name", () => {
    const text = "DATE,Üretim (%)\r\n1985-01-01,1\n1985-02-01,2\r1985-03-01,3\r\n";
    assert.deepEqual(
      parseElectricityCsv(text, "data.csv").map(({ value }) => value),
      [1, 2, 3],
    );
    refuses("DATE,VALUE\r\n01-01-1985,1\n02-01-1985,x", 'line 3, column VALUE must be a number, got "x"');
  });

  it("refuses a number too great for a float64, and a header without the value's name", () => {
    refuses("DATE,VALUE\n01-01-1985,1e400\n", 'line 2, column VALUE must be below 1.8e308, got "1e400"');
    refuses("DATE,\n01-01-1985,1\n", `line 1 must name two columns, DATE and the value's, got "DATE,"`);
  });
});
