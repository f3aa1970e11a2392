import assert from "node:assert/strict";
import { test } from "node:test";
import { nativeOps } from "../../../src/recurrent-ops/index.js";
import { race, type TrainingMeasurement } from "../../../tools/bench/training/race.js";
import { differingLosses, trainingRows } from "../../../tools/bench/training/report.js";
import { exponent } from "../../../tools/bench/training/scaling.js";
import { ours } from "../../../tools/bench/training/variants.js";
import { operations, type Workload, workloads } from "../../../tools/bench/training/workloads.js";

const tiny: Workload = {
  number: 7,
  name: "tiny",
  batch: 5,
  time: 9,
  input: { vocabulary: 20, vector: 4, masked: true },
  layers: [
    { cell: "lstm", units: 3, bidirectional: true },
    { cell: "gru", units: 2 },
  ],
  outputs: 3,
  loss: "categoricalCrossentropy",
  batches: 2,
};

test("contestants in processes of their own do the same work from the same start", async () => {
  const { stock, fallback, fused, fusedAsStock } = ours;
  const variants = [stock, fallback, ...(nativeOps().available ? [fused, fusedAsStock] : [])];
  const measurements = await race(tiny, variants, 1);
  assert.deepEqual(
    measurements.map(({ variant }) => variant),
    variants.map(({ name }) => name),
  );
  assert.equal(trainingRows(measurements).length, variants.length);
  for (const { variant, tensors, msPerStep, losses } of measurements) {
    assert.ok(msPerStep > 0, variant);
    assert.ok(Number(losses.at(-1)) < Number(losses[0]), `${variant} learns`);
    assert.equal(tensors?.[0], tensors?.[1], `${variant} keeps no tensors`);
  }
  if (nativeOps().available) assert.deepEqual(differingLosses(measurements), []);
});

test("a contestant that does other work is named", () => {
  const measured = { workload: "8", losses: [0.5, 0.4, 0.3] } as unknown as TrainingMeasurement;
  const others = [
    { ...measured, variant: ours.fused.name },
    { ...measured, variant: "keras", losses: [0.5005, 0.41, 0.31] },
    { ...measured, variant: "torch", losses: [0.6] },
    { ...measured, variant: ours.fallback.name, losses: [0.5, 0.3, 0.3] },
  ];
  assert.deepEqual(differingLosses(others), [
    "workload 8, run 1: the loss of torch is 0.6, of rnnlab 0.5",
    `workload 8, run 2: the loss of ${ours.fallback.name} is 0.3, of rnnlab 0.4`,
  ]);
});

test("the operations of a workload are those of its recurrent products", () => {
  // 2 directions × 4 gates × 64 units × (64 + 64), for 128 samples of 250 steps, times 2 each, forward and twice backward
  const eighth = workloads.find(({ number }) => number === 8);
  assert.equal(eighth && operations(eighth), 2 * 4 * 64 * 128 * 128 * 250 * 2 * 3);
});

test("the exponent of a power law is found", () => {
  const points = [2, 5, 30].map((size) => [size, 3 * size ** 1.5] as const);
  assert.ok(Math.abs(exponent(points) - 1.5) < 1e-12);
});
