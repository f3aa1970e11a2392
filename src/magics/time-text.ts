/** Units of time with their lengths in seconds, the longest first. */
const UNITS: readonly (readonly [unit: string, seconds: number])[] = [
  ["s", 1],
  ["ms", 1e-3],
  ["µs", 1e-6],
  ["ns", 1e-9],
];

/**
 * A time with three digits and a unit that suits it.
 *
 * @param seconds - the time
 * @returns as in "1.23 ms"
 */
export function timeText(seconds: number): string {
  const [unit, length] = UNITS.find(([, each]) => seconds >= each) ?? ["ns", 1e-9];
  return `${Number((seconds / length).toPrecision(3))} ${unit}`;
}
