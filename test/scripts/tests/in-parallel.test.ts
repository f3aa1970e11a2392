import assert from "node:assert/strict";
import { test } from "node:test";
import { inParallel, type Job } from "../../../scripts/tests/in-parallel.js";

/** A job for each number of places; each ends when it is told to. */
function pretend(places: readonly number[]): {
  jobs: Job<number>[];
  begun: number[];
  end: (index: number) => Promise<void>;
} {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const jobs = places.map((count, index) => ({
    places: count,
    run: async () => {
      begun.push(index);
      await new Promise<void>((end) => {
        ends[index] = end;
      });
      return index;
    },
  }));
  const end = async (index: number) => {
    ends[index]?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { jobs, begun, end };
}

test("inParallel() begins jobs in their order, as many at a time as there are places", async () => {
  const { jobs, begun, end } = pretend([1, 1, 1, 1]);
  const all = inParallel(jobs, 2);
  assert.deepEqual(begun, [0, 1]);
  await end(1);
  assert.deepEqual(begun, [0, 1, 2]);
  for (const index of [0, 3, 2]) await end(index);
  assert.deepEqual(await all, [1, 0, 3, 2]);
});

test("inParallel() begins a job that takes two places when two are free", async () => {
  const { jobs, begun, end } = pretend([2, 1, 2, 1]);
  const all = inParallel(jobs, 3);
  assert.deepEqual(begun, [0, 1]);
  await end(1);
  assert.deepEqual(begun, [0, 1], "one place is free, and the order is kept");
  await end(0);
  assert.deepEqual(begun, [0, 1, 2, 3]);
  for (const index of [2, 3]) await end(index);
  assert.deepEqual(await all, [1, 0, 2, 3]);
});

test("inParallel() rejects with what a job rejects with", async () => {
  const broken = { places: 1, run: () => Promise.reject(new Error("broken")) };
  await assert.rejects(inParallel([broken], 3), /^Error: broken$/);
});
