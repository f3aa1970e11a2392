import { RandomGenerator } from "../../random/index.js";
import type { ElectricityRow } from "./csv.js";
import { formatDate } from "./date-format.js";

const FIRST_YEAR = 1985;
const MONTHS = 397;
const SEED = 1985;

/**
 * The embedded sample: a synthetic monthly series of the same shape as the real one, made by this project and drawn
 * from nobody's data. For month t = 0 … 396:
 *
 * `level = 64 + 40 · (1 − e^(−t/160))`,
 * `season = 1 + 0.07 cos(2π (t − 0.4)/12) + 0.11 cos(4π (t − 0.5)/12)`, `y = level · season · (1 + noise)`
 *
 * with `noise_t = 0.5 noise_{t−1} + 0.022 · normal` from generator seed 1985, rounded to four decimals.
 *
 * @returns 397 rows from 1985-01 to 2018-01 in index points, dates written `MM-DD-YYYY` as in the lecture's file
 */
export function makeElectricitySample(): ElectricityRow[] {
  const random = new RandomGenerator(SEED);
  let noise = 0;
  return Array.from({ length: MONTHS }, (_, t) => {
    noise = 0.5 * noise + random.normal(0, 0.022);
    const level = 64 + 40 * (1 - Math.exp(-t / 160));
    const season =
      1 + 0.07 * Math.cos((2 * Math.PI * (t - 0.4)) / 12) + 0.11 * Math.cos((4 * Math.PI * (t - 0.5)) / 12);
    const month = new Date(Date.UTC(FIRST_YEAR, t, 1));
    return {
      date: formatDate(month, "MM-DD-YYYY"),
      month,
      value: Number((level * season * (1 + noise)).toFixed(4)),
    };
  });
}
