import { readRegularFile } from "../../formats/regular-file.js";
import { atMost, type LoadOptions, loadDataset, type Provenance } from "../load-dataset.js";
import { registry } from "../registry.js";
import { type ElectricityRow, parseElectricityCsv } from "./csv.js";
import { makeElectricitySample } from "./sample.js";

const FIRST_MONTH = Date.UTC(1985, 0, 1);
const LAST_MONTH = Date.UTC(2018, 0, 1);

/** From where to load the series. */
export type LoadElectricityOptions = LoadOptions;

/** The monthly electricity series. */
export interface Electricity extends Provenance {
  readonly name: "electricity";
  /** First of each month, UTC, 1985-01 to 2018-01, `[397]`. */
  readonly dates: Date[];
  /** Index points, `[397]`. */
  readonly values: Float64Array;
  /** The same rows, every month once, in the order and with the dates of the file. */
  readonly rows: readonly ElectricityRow[];
  readonly unit: "index";
  readonly frequency: "monthly";
}

/**
 * Loads the industrial production index of electric and gas utilities of the United States (Federal Reserve, series
 * IPG2211A2N), monthly from 1985-01 to 2018-01: 397 values, sorted by date, every month once.
 *
 * `"auto"` takes `Electric_Production.csv` from `dataDirectory` or `RNNLAB_DATA`, else from the cache, else downloads
 * it into the cache, else, with a notice, the embedded sample. `"real"` is the same without the sample; `"sample"` is
 * the sample alone. A file that is there but malformed is always an error, and so is one that lacks months of the span.
 *
 * Several copies circulate and the Federal Reserve rebases and extends its series, so a file is validated by parsing
 * it, see `parseElectricityCsv`; a checksum is verified only if the user's directory declares one in
 * `checksums.json`. A longer file, such as FRED's own from 1939 to now, is cut to the lecture's span. FRED's values
 * have another base year than the lecture's copy, so errors in index points differ with the copy.
 *
 * @param options - the source, directories and download settings
 * @returns dates `[397]`, float64 values `[397]` in index points, and where they came from
 * @throws {RangeError} when the file is malformed, a directory that was named does not exist, or the source or timeout
 * is none that can be
 * @throws {Error} when `"real"` data is nowhere to be had, a file cannot be read, or a checksum differs
 * @example
 * ```ts
 * import { loadElectricity } from "rnnlab/datasets";
 * const { dates, values, synthetic } = await loadElectricity({ source: "sample" });
 * console.log(dates.length, values.length, synthetic); // 397 397 true
 * ```
 */
export async function loadElectricity(options: LoadElectricityOptions = {}): Promise<Electricity> {
  return await loadDataset(registry.electricity, options, {
    read: async (path, origin, bounds) =>
      parse((await readRegularFile(path, { origin, ...atMost(bounds) })).toString("utf8"), origin),
    sample: () => series(makeElectricitySample()),
  });
}

type Series = Omit<Electricity, keyof Provenance>;

function parse(text: string, origin: string): Series {
  const rows = parseElectricityCsv(text, origin);
  const loaded = series(
    rows.filter(({ month }) => month.getTime() >= FIRST_MONTH && month.getTime() <= LAST_MONTH),
  );
  const [first, last] = [loaded.dates[0], loaded.dates.at(-1)];
  if (first?.getTime() !== FIRST_MONTH || last?.getTime() !== LAST_MONTH) {
    throw new RangeError(
      `Cannot read ${origin}: the rows must reach from 1985-01 to 2018-01, got ${span(rows.map(({ month }) => month))}`,
    );
  }
  return loaded;
}

function span(months: readonly Date[]): string {
  const inOrder = months.toSorted((a, b) => a.getTime() - b.getTime());
  return [inOrder[0], inOrder.at(-1)].map((month) => month?.toISOString().slice(0, 7)).join(" to ");
}

function series(rows: readonly ElectricityRow[]): Series {
  const byMonth = new Map(rows.map((row) => [row.month.getTime(), row]));
  const inOrder = [...byMonth.values()].sort((a, b) => a.month.getTime() - b.month.getTime());
  return {
    name: "electricity",
    dates: inOrder.map(({ month }) => month),
    values: Float64Array.from(inOrder, ({ value }) => value),
    rows: [...byMonth.values()],
    unit: "index",
    frequency: "monthly",
  };
}
