import { type Figure, houseFigure } from "../../src/plot/index.js";
import type { Measurement } from "./kernel.js";

const BASELINE = "ipykernel";

function ratioOf(measurement: Measurement, all: readonly Measurement[]): number {
  const rival = all.find(
    ({ workload, variant }) => workload === measurement.workload && variant === BASELINE,
  );
  return measurement.spread.median / (rival?.spread.median ?? Number.NaN);
}

/** A row of a table that is printed. */
export function rowOf({ workload, variant, unit, spread }: Measurement): object {
  return {
    workload,
    variant,
    median: `${spread.median.toFixed(1)} ${unit}`,
    "min – max": `${spread.min.toFixed(1)} – ${spread.max.toFixed(1)}`,
  };
}

/** The rows of the kernel's table, compared. */
export function kernelRows(measurements: readonly Measurement[]): object[] {
  return measurements.map((measurement) => ({
    ...rowOf(measurement),
    [`ratio to ${BASELINE}`]: ratioOf(measurement, measurements).toFixed(2),
  }));
}

/** One figure: how our kernel compares in each workload. */
export function kernelFigures(measurements: readonly Measurement[]): Figure[] {
  const own = measurements.filter(({ variant }) => variant !== BASELINE);
  const bars = {
    type: "bar",
    orientation: "h",
    y: own.map(({ workload }) => workload),
    x: own.map((measurement) => ratioOf(measurement, measurements)),
  };
  const title = `The kernel: time or memory as a share of ${BASELINE}'s`;
  return [houseFigure([bars], { title, xLabel: "ratio", height: 520 }, { hovermode: "closest" })];
}
