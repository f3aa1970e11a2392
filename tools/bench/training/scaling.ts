import { type Figure, houseFigure } from "../../../src/plot/index.js";
import { race, type TrainingMeasurement } from "./race.js";
import { ours } from "./variants.js";
import type { Workload } from "./workloads.js";

const base = { time: 100, batch: 32, units: 64, features: 64 };
type Axis = keyof typeof base;

/** Along each axis one size grows and the others stay. */
const axes: Readonly<Record<Axis, readonly number[]>> = {
  time: [15, 50, 150, 500, 2500],
  batch: [8, 32, 128, 512],
  units: [16, 64, 256, 512],
  features: [16, 64, 256, 512],
};

export interface ScalingMeasurement extends TrainingMeasurement {
  readonly axis: Axis;
  readonly size: number;
}

/** Trains an LSTM layer of growing sizes on the fused ops. */
export async function measureScaling(repetitions: number): Promise<ScalingMeasurement[]> {
  const results: ScalingMeasurement[] = [];
  for (const axis of Object.keys(axes) as Axis[])
    for (const size of axes[axis])
      for (const measurement of await race(sized({ ...base, [axis]: size }), [ours.fused], repetitions))
        results.push({ ...measurement, workload: `scaling: ${axis}`, axis, size });
  return results;
}

function sized({ time, batch, units, features }: Readonly<Record<Axis, number>>): Workload {
  return {
    number: 0,
    name: `LSTM(${units}), ${time} × ${features}, batch ${batch}`,
    batch,
    time,
    input: features,
    layers: [{ cell: "lstm", units }],
    outputs: 1,
    loss: "meanSquaredError",
    batches: 3,
  };
}

/** The b of time = a · size^b, by least squares of the logarithms. */
export function exponent(points: readonly (readonly [size: number, time: number])[]): number {
  const logs = points.map(([size, time]) => [Math.log(size), Math.log(time)] as const);
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const [x, y] = [mean(logs.map(([size]) => size)), mean(logs.map(([, time]) => time))];
  const covariance = mean(logs.map(([size, time]) => (size - x) * (time - y)));
  return covariance / mean(logs.map(([size]) => (size - x) ** 2));
}

function exponentOf(axis: Axis, measurements: readonly ScalingMeasurement[]): number {
  const points = measurements.filter((each) => each.axis === axis);
  return exponent(points.map(({ size, msPerStep }) => [size, msPerStep]));
}

/** The rows of the table that is printed. */
export function scalingRows(measurements: readonly ScalingMeasurement[]): object[] {
  return measurements.map((each) => ({
    model: each.name,
    "ms a step": Number(each.msPerStep.toPrecision(3)),
    "GFLOP/s": Number(each.gflops.toPrecision(3)),
    "MiB peak": Math.round(each.peakMiB),
    "time grows as": `${each.axis} ^ ${exponentOf(each.axis, measurements).toFixed(2)}`,
  }));
}

/** One figure: time by size, both logarithmic, a line for each axis. */
export function scalingFigures(measurements: readonly ScalingMeasurement[]): Figure[] {
  const traces = (Object.keys(axes) as Axis[]).map((axis) => {
    const own = measurements.filter((each) => each.axis === axis);
    return {
      type: "scatter",
      mode: "lines+markers",
      name: `${axis} ^ ${exponentOf(axis, measurements).toFixed(2)}`,
      x: own.map(({ size }) => size),
      y: own.map(({ msPerStep }) => msPerStep),
    };
  });
  const figure = houseFigure(traces, {
    title: "One training step of an LSTM layer as one size grows",
    xLabel: "size",
    yLabel: "time",
    yUnit: "ms",
    yScale: "log",
  });
  const { xaxis } = figure.layout as { xaxis: object };
  return [
    {
      ...figure,
      layout: { ...figure.layout, xaxis: { ...xaxis, type: "log", nticks: 3, tickformat: "~g" } },
    },
  ];
}
