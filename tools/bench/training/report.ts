import { type Figure, houseFigure, palette } from "../../../src/plot/index.js";
import type { TrainingMeasurement } from "./race.js";
import { ours } from "./variants.js";

/** Two who do the same work differ by rounding, which a few steps of training let grow. */
const CLOSENESS = 2e-3;

function find(
  all: readonly TrainingMeasurement[],
  workload: string,
  variant: string,
): TrainingMeasurement | undefined {
  return all.find((each) => each.workload === workload && each.variant === variant);
}

function range([before, after]: readonly [number, number]): string {
  return `${before.toFixed(0)} → ${after.toFixed(0)}`;
}

/** The rows of the table that is printed for one workload. */
export function trainingRows(measurements: readonly TrainingMeasurement[]): object[] {
  const names = measurements.map(({ variant }) => variant);
  const rivals = names.filter((name) => !name.startsWith(ours.fused.name));
  return measurements.map((each) => {
    const { spread, tensors } = each;
    const times = rivals.map((rival) => {
      const other = find(measurements, each.workload, rival)?.msPerStep ?? Number.NaN;
      return [`× ${rival}`, Number((other / each.msPerStep).toPrecision(3))];
    });
    return {
      variant: each.variant,
      "ms a step": Number(spread.median.toPrecision(3)),
      "min – max": `${spread.min.toPrecision(3)} – ${spread.max.toPrecision(3)}`,
      "GFLOP/s": Number(each.gflops.toPrecision(3)),
      ...Object.fromEntries(times),
      loss: `${each.losses.at(0)?.toFixed(5)} → ${each.losses.at(-1)?.toFixed(5)}`,
      tensors: tensors === undefined ? "" : range(tensors),
      "MiB resident": range(each.residentMiB),
      "MiB peak": Math.round(each.peakMiB),
    };
  });
}

/**
 * Compares the losses of all who compute the same: equal work is what makes times comparable. Those that train on
 * TensorFlow.js with the same formulas must agree in the second run too; frameworks differ in details of theirs.
 *
 * @returns a line for each that differs from rnnlab's
 */
export function differingLosses(measurements: readonly TrainingMeasurement[]): string[] {
  return measurements.flatMap((each) => {
    const { stock, fallback, fused, fusedAsStock } = ours;
    const isStock = each.variant === stock.name;
    const same = isStock || each.variant === fusedAsStock.name ? fusedAsStock : fused;
    const expected = find(measurements, each.workload, same.name) ?? each;
    const runs = isStock || each.variant === fallback.name ? 2 : 1;
    return each.losses.slice(0, runs).flatMap((loss, run) => {
      const other = expected.losses[run] ?? Number.NaN;
      if (Math.abs(loss / other - 1) <= CLOSENESS) return [];
      return [
        `workload ${each.workload}, run ${run + 1}: the loss of ${each.variant} is ${loss}, of ${same.name} ${other}`,
      ];
    });
  });
}

/** One figure: the time of each variant on each workload. */
export function trainingFigures(measurements: readonly TrainingMeasurement[]): Figure[] {
  const variants = [...new Set(measurements.map(({ variant }) => variant))];
  // What is one variant with an option of its own has the colour of that one, hatched.
  const withoutOptions = variants.filter((name) => !name.includes(","));
  const traces = variants.map((name) => {
    const color = palette[withoutOptions.indexOf(name.split(",")[0] ?? name) % palette.length];
    const own = measurements.filter(({ variant }) => variant === name);
    return {
      type: "bar",
      name,
      marker: { color, pattern: { shape: name.includes(",") ? "/" : "" } },
      x: own.map((each) => each.workload),
      y: own.map(({ msPerStep }) => msPerStep),
      customdata: own.map((each) => each.name),
      error_y: {
        type: "data",
        symmetric: false,
        array: own.map(({ spread }) => spread.max - spread.median),
        arrayminus: own.map(({ spread }) => spread.median - spread.min),
      },
    };
  });
  return [
    houseFigure(
      traces,
      {
        title: "One training step",
        xLabel: "workload",
        yLabel: "time",
        yUnit: "ms",
        yScale: "log",
        height: 480,
      },
      { barmode: "group" },
    ),
  ];
}
