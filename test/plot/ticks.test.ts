import assert from "node:assert/strict";
import { test } from "node:test";
import { dateTicks, linearTicks, logTicks, type Tick } from "../../src/plot/ticks.js";

const labels = (ticks: readonly Tick[]): string[] => ticks.map(({ label }) => label);

test("linearTicks() steps by 1, 2 or 5 times a power of ten, with as many decimals as the step has", () => {
  assert.deepEqual(labels(linearTicks(0, 1, 5)), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  assert.deepEqual(labels(linearTicks(48, 113, 8)), ["50", "60", "70", "80", "90", "100", "110"]);
  assert.deepEqual(labels(linearTicks(-1, 1, 4)), ["−1.0", "−0.5", "0", "0.5", "1.0"]);
  assert.deepEqual(
    linearTicks(0, 0.3, 3).map(({ value }) => value),
    [0, 0.1, 0.2, 0.3],
  );
});

test("linearTicks() takes no smaller step than it is told, and writes long numbers as powers of ten", () => {
  assert.deepEqual(labels(linearTicks(1, 3, 10, 1)), ["1", "2", "3"]);
  assert.deepEqual(labels(linearTicks(0, 3e6, 4)), ["0", "1e6", "2e6", "3e6"]);
  assert.deepEqual(labels(linearTicks(-1e-5, 1e-5, 4)), ["−1e−5", "−5e−6", "0", "5e−6", "1e−5"]);
});

test("logTicks() labels powers of ten, 1, 2 and 5 of each, or every digit, as they fit", () => {
  assert.deepEqual(labels(logTicks(1e-5, 100, 4)), ["0.0001", "0.01", "1", "100"]);
  assert.deepEqual(labels(logTicks(0.01, 1, 8)), ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"]);
  assert.deepEqual(labels(logTicks(2, 6, 12)), ["2", "3", "4", "5", "6"]);
});

test("logTicks() falls back to linear steps where the axis has too few digits", () => {
  assert.deepEqual(labels(logTicks(0.0312, 0.0388, 4)), ["0.032", "0.034", "0.036", "0.038"]);
});

test("dateTicks() steps by whole years, months, days and hours", () => {
  const ticks = (low: string, high: string, most: number) =>
    labels(dateTicks(Date.parse(low), Date.parse(high), most));
  assert.deepEqual(ticks("1985-01-01", "2017-12-01", 4), ["1990", "2000", "2010"]);
  assert.deepEqual(ticks("1984-11-15", "1985-07-20", 4), ["1985-01", "1985-04", "1985-07"]);
  assert.deepEqual(ticks("2024-02-27", "2024-03-02", 5), [
    "2024-02-27",
    "2024-02-28",
    "2024-02-29",
    "2024-03-01",
    "2024-03-02",
  ]);
  assert.deepEqual(ticks("2024-02-29T20:00Z", "2024-03-01T08:00Z", 4), [
    "02-29 21:00",
    "03-01 00:00",
    "03-01 03:00",
    "03-01 06:00",
  ]);
});
