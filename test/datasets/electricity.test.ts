import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type LoadElectricityOptions, loadElectricity, sortByDateText } from "rnnlab/datasets";
import { naiveForecast, rootMeanSquaredError, seasonalNaiveForecast } from "rnnlab/preprocessing";
import { readGolden } from "../golden/read-golden.js";
import { dateStyles, writeCopy } from "./electricity-copies.js";
import { realDataDirectory as findRealData } from "./real-data.js";

const FILE = "Electric_Production.csv";
const realDataDirectory = findRealData("electricity");

describe("loadElectricity()", () => {
  let directory: string;
  let dataDirectory: string;
  let cacheDirectory: string;
  let server: Server | undefined;
  let requests: number;

  beforeEach(() => {
    delete process.env.RNNLAB_DATA;
    directory = mkdtempSync(join(tmpdir(), "rnnlab-electricity-"));
    dataDirectory = join(directory, "data");
    cacheDirectory = join(directory, "cache");
    mkdirSync(dataDirectory);
    mkdirSync(cacheDirectory);
    requests = 0;
  });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    rmSync(directory, { recursive: true });
  });

  async function serve(content: string, status = 200): Promise<string> {
    const started = createServer((_, response) => {
      requests++;
      response.statusCode = status;
      response.end(content);
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}/graph.csv`;
  }

  const loadRealOrSample = () =>
    realDataDirectory === undefined
      ? loadElectricity({ source: "sample" })
      : loadElectricity({ source: "real", dataDirectory: realDataDirectory });

  const unexpectedNotice = (message: string): never => assert.fail(message);

  async function rejects(options: LoadElectricityOptions, message: string): Promise<void> {
    await assert.rejects(loadElectricity({ cacheDirectory, notify: unexpectedNotice, ...options }), {
      message,
    });
  }

  /** FRED's whole series: ISO dates, from before the lecture's span to after it. */
  async function writeFredSeries(): Promise<string> {
    const [header, ...lines] = (
      await writeCopy({ header: "observation_date,IPG2211A2N", dates: dateStyles["YYYY-MM-DD"] })
    )
      .trimEnd()
      .split("\n");
    const before = ["1984-11-01,60", "1984-12-01,61"];
    return [header, ...before, ...lines, "2018-02-01,100", "2018-03-01,99", ""].join("\n");
  }

  it("reads the user's file, sorts it by date and takes a row that comes twice once", async () => {
    const sample = await loadElectricity({ source: "sample" });
    const [header, ...lines] = (await writeCopy({ dates: dateStyles["M/D/YYYY"] })).trimEnd().split("\n");
    const reversed = [header, ...lines.reverse(), lines[5]].join("\r\n");
    const file = join(dataDirectory, FILE);
    writeFileSync(file, reversed);
    const loaded = await loadElectricity({ dataDirectory, cacheDirectory, notify: unexpectedNotice });
    assert.deepEqual(loaded.dates, sample.dates);
    assert.deepEqual(loaded.values, sample.values);
    const { name, unit, frequency, synthetic, source } = loaded;
    assert.deepEqual(
      { name, unit, frequency, synthetic, source, file: loaded.file },
      { name: "electricity", unit: "index", frequency: "monthly", synthetic: false, source: file, file },
    );
    assert.deepEqual([loaded.rows.length, loaded.rows[0]?.date], [397, "1/1/2018"]);
  });

  it("gives the sample on demand, marked as synthetic and without a file", async () => {
    const sample = await loadElectricity({ source: "sample", dataDirectory: "/nowhere" });
    assert.equal(sample.synthetic, true);
    assert.equal(sample.source, "embedded sample");
    assert.equal("file" in sample, false);
    assert.equal(sample.values.length, 397);
    assert.deepEqual(sample.dates[0], new Date("1985-01-01T00:00:00Z"));
    assert.deepEqual(sample.dates[396], new Date("2018-01-01T00:00:00Z"));
  });

  it("has the published dates as text, and the naive errors that data/README.md or the sample's own computation gives", async () => {
    const golden = readGolden<{ naive: number; seasonalNaive: number }>("electricity-sample");
    const expected = realDataDirectory === undefined ? golden : { naive: 9.393, seasonalNaive: 4.029 };
    const { values, rows, synthetic } = await loadRealOrSample();
    assert.equal(synthetic, realDataDirectory === undefined);
    assert.deepEqual(sortByDateText(rows), sortByDateText(rows, { dateFormat: "as read" }));
    const actual = values.slice(250);
    const naive = naiveForecast(values, { from: 250 });
    const seasonal = seasonalNaiveForecast(values, { period: 12, from: 250 });
    assert.equal(naive.length, 147);
    assert.ok(Math.abs(rootMeanSquaredError(actual, naive) - expected.naive) < 5e-4);
    assert.ok(Math.abs(rootMeanSquaredError(actual, seasonal) - expected.seasonalNaive) < 5e-4);
  });

  it("takes RNNLAB_DATA for the directory, and an option before it", async () => {
    writeFileSync(join(dataDirectory, FILE), await writeCopy());
    process.env.RNNLAB_DATA = dataDirectory;
    assert.equal((await loadElectricity({ cacheDirectory })).file, join(dataDirectory, FILE));
    const other = join(directory, "other");
    mkdirSync(other);
    writeFileSync(join(other, FILE), await writeCopy());
    assert.equal((await loadElectricity({ cacheDirectory, dataDirectory: other })).file, join(other, FILE));
  });

  it("takes the cache when the user's directory has no such file", async () => {
    writeFileSync(join(cacheDirectory, FILE), await writeCopy());
    const loaded = await loadElectricity({ dataDirectory, cacheDirectory, address: await serve("", 500) });
    assert.equal(loaded.file, join(cacheDirectory, FILE));
    assert.equal(requests, 0);
  });

  it("downloads into the cache, cuts FRED's series to the lecture's span, and downloads once", async () => {
    const address = await serve(await writeFredSeries());
    const steps: number[] = [];
    const options: LoadElectricityOptions = {
      cacheDirectory,
      address,
      notify: unexpectedNotice,
      onProgress: ({ received }) => steps.push(received),
    };
    const loaded = await loadElectricity(options);
    const sample = await loadElectricity({ source: "sample" });
    assert.deepEqual(loaded.dates, sample.dates);
    assert.deepEqual(loaded.values, sample.values);
    assert.deepEqual([loaded.synthetic, loaded.source, loaded.rows.length], [false, address, 397]);
    assert.ok(steps.length > 0);
    assert.equal(readFileSync(join(cacheDirectory, FILE), "utf8"), await writeFredSeries());
    const again = await loadElectricity({ ...options, source: "real" });
    assert.deepEqual([again.source, requests], [join(cacheDirectory, FILE), 1]);
  });

  it("falls to the sample with a notice that says why, when the download fails", async () => {
    const address = await serve("gone", 404);
    const notices: string[] = [];
    const loaded = await loadElectricity({
      cacheDirectory,
      address,
      notify: (message) => notices.push(message),
    });
    assert.equal(loaded.synthetic, true);
    assert.deepEqual(notices, [
      `electricity: the embedded sample is used, which is synthetic. Cannot load electricity: there is no file at ${join(cacheDirectory, FILE)}, and cannot download ${address}: the server must answer 200 OK, got 404 Not Found; or put Electric_Production.csv into a directory and set RNNLAB_DATA to it`,
    ]);
  });

  it("falls to the sample when what was downloaded is no such series, and keeps none of it", async () => {
    const address = await serve("<html>Please sign in</html>");
    const notices: string[] = [];
    const options = { cacheDirectory, address, notify: (message: string) => notices.push(message) };
    assert.equal((await loadElectricity(options)).synthetic, true);
    assert.match(notices[0] ?? "", /cannot read http:.*: line 1 must name two columns/);
    assert.equal((await loadElectricity(options)).synthetic, true);
    assert.equal(requests, 2);
  });

  it("warns on the console when nobody else is told to notify", async (context) => {
    const warn = context.mock.method(console, "warn", () => undefined);
    await loadElectricity({ cacheDirectory, offline: true });
    assert.equal(warn.mock.callCount(), 1);
    assert.match(String(warn.mock.calls[0]?.arguments[0]), /^electricity: the embedded sample is used/);
  });

  it("does not download when offline, and names every path where it looked", async () => {
    const address = await serve(await writeCopy());
    await rejects(
      { source: "real", offline: true, dataDirectory, address },
      `Cannot load electricity: there must be a file when offline is set, got none at ${join(dataDirectory, FILE)} or ${join(cacheDirectory, FILE)}; or put Electric_Production.csv into a directory and set RNNLAB_DATA to it`,
    );
    assert.equal(requests, 0);
  });

  it("fails with the download's reason when real data is demanded", async () => {
    const address = await serve("", 503);
    await rejects(
      { source: "real", address },
      `Cannot load electricity: there is no file at ${join(cacheDirectory, FILE)}, and cannot download ${address}: the server must answer 200 OK, got 503 Service Unavailable; or put Electric_Production.csv into a directory and set RNNLAB_DATA to it`,
    );
  });

  it("never replaces a malformed file of the user's by the sample", async () => {
    const file = join(dataDirectory, FILE);
    writeFileSync(file, "DATE,VALUE\n01-01-1985,high\n");
    await rejects(
      { dataDirectory },
      `Cannot read ${file}: line 2, column VALUE must be a number, got "high"`,
    );
  });

  it("says how to repair a malformed file in the cache", async () => {
    const file = join(cacheDirectory, FILE);
    writeFileSync(file, "");
    await rejects(
      {},
      `Cannot read ${file}: the file must have a header and rows, got an empty file; delete ${file} and load again`,
    );
  });

  it("refuses a file that ends early", async () => {
    const file = join(dataDirectory, FILE);
    const text = await writeCopy();
    writeFileSync(file, text.slice(0, text.indexOf("03-01-1990")));
    await rejects(
      { dataDirectory },
      `Cannot read ${file}: the rows must reach from 1985-01 to 2018-01, got 1985-01 to 1990-02`,
    );
  });

  it("refuses a directory that is not there, and says who named it", async () => {
    const missing = join(directory, "missing");
    await rejects(
      { dataDirectory: missing },
      `Cannot load electricity: dataDirectory must name a directory, got ${missing}`,
    );
    process.env.RNNLAB_DATA = missing;
    await rejects({}, `Cannot load electricity: RNNLAB_DATA must name a directory, got ${missing}`);
  });

  it("refuses a source that there is not", async () => {
    const options: object = { source: "fake" };
    await rejects(options, 'Cannot load electricity: source must be "auto", "real" or "sample", got "fake"');
  });

  it("refuses a timeout that no timer can hold", async () => {
    for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await rejects(
        { timeout },
        `Cannot load electricity: timeout must be above 0 and at most 2147483647 ms, got ${timeout}`,
      );
    }
  });

  it("refuses a file that cannot be read, and names it", async () => {
    const file = join(dataDirectory, FILE);
    mkdirSync(file);
    await rejects(
      { dataDirectory },
      `Cannot load electricity: ${file} must be a readable file, got EISDIR: illegal operation on a directory, read`,
    );
  });
});
