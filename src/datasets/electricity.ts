import { readFileSync } from "node:fs";
import { verifyChecksum } from "./checksum.js";
import { type DownloadProgress, downloadFile } from "./download.js";
import { DownloadBar } from "./download-bar.js";
import { type ElectricityRow, parseElectricityCsv } from "./electricity-csv.js";
import { makeElectricitySample } from "./electricity-sample.js";
import { type DataDirectories, type FilePlace, type FileSearch, findFile } from "./find-file.js";
import { type Notify, notifyByDefault } from "./notice.js";
import { registry } from "./registry.js";

const FIRST_MONTH = Date.UTC(1985, 0, 1);
const LAST_MONTH = Date.UTC(2018, 0, 1);
/** What a timer of Node can hold. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;
const entry = registry.electricity;

/** Which series to load, and from where. */
export interface LoadElectricityOptions extends DataDirectories {
  /** `"auto"` (the default), `"real"` or `"sample"`. */
  readonly source?: "auto" | "real" | "sample";
  /** `true` never downloads. */
  readonly offline?: boolean;
  /** Another address to download the CSV from, such as a mirror; FRED's unless given. */
  readonly address?: string;
  /** Milliseconds without any byte after which a download is given up; 10,000 unless given. */
  readonly timeout?: number;
  /** Called while the file is downloaded; a progress bar below the cell unless given. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Told, with `"auto"`, that the sample is used and why; a notice below the cell unless given. */
  readonly notify?: Notify;
}

/** The monthly electricity series. */
export interface Electricity {
  readonly name: "electricity";
  /** First of each month, UTC, 1985-01 to 2018-01, `[397]`. */
  readonly dates: Date[];
  /** Index points, `[397]`. */
  readonly values: Float64Array;
  /** The same rows, every month once, in the order and with the dates of the file. */
  readonly rows: readonly ElectricityRow[];
  readonly unit: "index";
  readonly frequency: "monthly";
  /** Whether this is the embedded sample rather than real data. */
  readonly synthetic: boolean;
  /** Path, address or "embedded sample". */
  readonly source: string;
  /** Path of the file that was read, if any. */
  readonly file?: string;
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
 * @throws RangeError if the file is malformed, a directory that was named does not exist, or the source or timeout
 * is none that can be
 * @throws Error if `"real"` data is nowhere to be had, a file cannot be read, or a checksum differs
 * @example
 * ```ts
 * import { loadElectricity } from "rnnlab/datasets";
 * const { dates, values, synthetic } = await loadElectricity({ source: "sample" });
 * console.log(dates.length, values.length, synthetic); // 397 397 true
 * ```
 */
export async function loadElectricity(options: LoadElectricityOptions = {}): Promise<Electricity> {
  const { source = "auto", notify = notifyByDefault, timeout } = options;
  if (!["auto", "real", "sample"].includes(source)) {
    throw new RangeError(
      `Cannot load electricity: source must be "auto", "real" or "sample", got "${source}"`,
    );
  }
  if (timeout !== undefined && !(timeout > 0 && timeout <= LONGEST_TIMEOUT)) {
    throw new RangeError(
      `Cannot load electricity: timeout must be above 0 and at most ${LONGEST_TIMEOUT} ms, got ${timeout}`,
    );
  }
  if (source === "sample") return sample();
  const search = findFile(entry, options);
  if (search.found !== undefined) return await read(search.found);
  try {
    return await download(options, search);
  } catch (cause) {
    const reason = messageOf(cause);
    const repair = `put ${entry.fileName} into a directory and set RNNLAB_DATA to it`;
    if (source === "real") throw new Error(`${reason}; or ${repair}`, { cause });
    notify(`electricity: the embedded sample is used, which is synthetic. ${reason}; or ${repair}`);
    return sample();
  }
}

function sample(): Electricity {
  return series(makeElectricitySample(), { synthetic: true, source: "embedded sample" });
}

async function read(place: FilePlace): Promise<Electricity> {
  const { file } = place;
  const text = readText(file);
  await verifyChecksum(entry, file, place);
  try {
    return parse(text, file, { source: file, file });
  } catch (cause) {
    if (place.namedByUser) throw cause;
    throw new Error(`${messageOf(cause)}; delete ${file} and load again`, { cause });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`Cannot load electricity: ${file} must be a readable file, got ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function download(options: LoadElectricityOptions, search: FileSearch): Promise<Electricity> {
  const { offline = false, address = entry.address, timeout, onProgress } = options;
  const looked = search.looked.join(" or ");
  const file = search.cacheFile;
  if (offline) {
    throw new Error(
      `Cannot load electricity: there must be a file when offline is set, got none at ${looked}`,
    );
  }
  const bar = new DownloadBar(entry);
  try {
    const downloaded = await downloadFile({
      address,
      file,
      ...(timeout === undefined ? {} : { timeout }),
      onProgress: onProgress ?? ((progress) => bar.update(progress)),
      read: (temporaryFile) => parse(readText(temporaryFile), address, { source: address, file }),
    });
    bar.finish();
    return downloaded;
  } catch (cause) {
    const reason = messageOf(cause).replace(/^Cannot/, "cannot");
    throw new Error(`Cannot load electricity: there is no file at ${looked}, and ${reason}`, { cause });
  }
}

function parse(text: string, origin: string, from: { source: string; file: string }): Electricity {
  const rows = parseElectricityCsv(text, origin);
  const loaded = series(
    rows.filter(({ month }) => month.getTime() >= FIRST_MONTH && month.getTime() <= LAST_MONTH),
    { synthetic: false, ...from },
  );
  const [first, last] = [loaded.dates[0], loaded.dates.at(-1)];
  if (first?.getTime() !== FIRST_MONTH || last?.getTime() !== LAST_MONTH) {
    throw new RangeError(
      `Cannot read ${origin}: the rows must reach from 1985-01 to 2018-01, got ${span(rows.map(({ month }) => month))}`,
    );
  }
  return loaded;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function span(months: readonly Date[]): string {
  const inOrder = months.toSorted((a, b) => a.getTime() - b.getTime());
  return [inOrder[0], inOrder.at(-1)].map((month) => month?.toISOString().slice(0, 7)).join(" to ");
}

function series(
  rows: readonly ElectricityRow[],
  from: Pick<Electricity, "synthetic" | "source"> & { file?: string },
): Electricity {
  const byMonth = new Map(rows.map((row) => [row.month.getTime(), row]));
  const inOrder = [...byMonth.values()].sort((a, b) => a.month.getTime() - b.month.getTime());
  return {
    name: "electricity",
    dates: inOrder.map(({ month }) => month),
    values: Float64Array.from(inOrder, ({ value }) => value),
    rows: [...byMonth.values()],
    unit: "index",
    frequency: "monthly",
    ...from,
  };
}
