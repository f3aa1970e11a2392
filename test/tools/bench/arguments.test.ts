import assert from "node:assert/strict";
import { test } from "node:test";
import { readArguments } from "../../../tools/bench/arguments.js";

test("the bench runs all its parts unless some are named", () => {
  assert.deepEqual(readArguments([]).parts, [
    "kernel",
    "figures",
    "datasets",
    "training",
    "display",
    "scaling",
    "editor",
  ]);
  assert.deepEqual(readArguments(["scaling", "training"]).parts, ["training", "scaling"]);
  assert.deepEqual(readArguments([]).workloads, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("the bench takes workloads, peers and repetitions", () => {
  const words = ["training", "--workloads", "7,8", "--peers", "python3", "--repetitions", "2"];
  const { workloads, peers, repetitions } = readArguments(words);
  assert.deepEqual(
    { workloads, peers, repetitions },
    { workloads: [7, 8], peers: "python3", repetitions: 2 },
  );
});

test("the bench refuses what it does not know, and names what it does", () => {
  assert.throws(
    () => readArguments(["traning"]),
    /its parts are kernel, figures, datasets, training, display, scaling, editor, got traning/,
  );
  assert.throws(() => readArguments(["--workloads", "7,10"]), /--workloads must be among 1, 2, .*, got 10/);
  assert.throws(
    () => readArguments(["--repetitions", "0"]),
    /--repetitions must be a positive integer, got 0/,
  );
  assert.throws(() => readArguments(["--peer", "python3"]), /--peer/);
});
