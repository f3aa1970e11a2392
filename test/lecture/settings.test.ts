import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { lectureSettings } from "rnnlab/lecture";

test("lectureSettings() is full size and seed 7 unless told otherwise", () => {
  const settings = { size: "full", seed: 7, dataDirectory: undefined };
  assert.deepEqual(lectureSettings({}), settings);
  assert.deepEqual(lectureSettings({ RNNLAB_SIZE: "", RNNLAB_SEED: "", RNNLAB_DATA: "" }), settings);
});

test("lectureSettings() reads the three variables", () => {
  const environment = { RNNLAB_SIZE: "quick", RNNLAB_SEED: "0", RNNLAB_DATA: tmpdir() };
  assert.deepEqual(lectureSettings(environment), { size: "quick", seed: 0, dataDirectory: tmpdir() });
});

test("lectureSettings() refuses values that cannot be", () => {
  const refusals: [Record<string, string>, string][] = [
    [{ RNNLAB_SIZE: "small" }, "RNNLAB_SIZE must be quick or full, got small"],
    [{ RNNLAB_SEED: "-1" }, "RNNLAB_SEED must be an integer from 0 to 4294967295, got -1"],
    [{ RNNLAB_SEED: "4294967296" }, "RNNLAB_SEED must be an integer from 0 to 4294967295, got 4294967296"],
    [{ RNNLAB_SEED: "1e3" }, "RNNLAB_SEED must be an integer from 0 to 4294967295, got 1e3"],
    [{ RNNLAB_DATA: "/nowhere/at/all" }, "RNNLAB_DATA must be a directory, got /nowhere/at/all"],
  ];
  for (const [environment, message] of refusals) {
    assert.throws(() => lectureSettings(environment), {
      name: "RangeError",
      message: `Cannot read settings: ${message}`,
    });
  }
});
