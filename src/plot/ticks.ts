/** One label of an axis, at a value of that axis. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below the given step. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least) + 1e-9);
  const digit = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return digit * power;
}

/** Drops what binary fractions add: 3 times 0.1 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** Uses a minus sign as wide as a plus, and no plus in an exponent. */
function typeset(text: string): string {
  return text.replace("e+", "e").replace(/-/g, "−");
}

/** As short as it goes. */
function shortLabel(value: number): string {
  const size = Math.abs(value);
  return typeset(value === 0 || (size >= 1e-4 && size < 1e6) ? String(value) : value.toExponential());
}

/**
 * Chooses round values of a linear axis: multiples of 1, 2 or 5 times a power of ten.
 *
 * @param low - where the axis begins
 * @param high - where it ends, above `low`
 * @param most - how many labels fit
 * @param leastStep - no labels closer than this, for instance 1 where the values are integers
 * @returns the labels, from low to high
 */
export function linearTicks(low: number, high: number, most: number, leastStep = 0): Tick[] {
  const step = niceStep(Math.max((high - low) / most, leastStep));
  const [first, last] = [Math.ceil(low / step - 1e-6), Math.floor(high / step + 1e-6)];
  // Adding 0 makes a negative zero a positive one.
  const values = Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, i) => tidy((first + i) * step) + 0,
  );
  const size = Math.max(Math.abs(low), Math.abs(high));
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const label = (value: number): string => {
    if (value === 0) return "0";
    return typeset(size >= 1e6 || size < 1e-3 ? value.toExponential() : value.toFixed(decimals));
  };
  return values.map((value) => ({ value, label: label(value) }));
}

/**
 * Chooses values of a logarithmic axis: all digits of each power of ten, or 1, 2 and 5, or the powers alone, as closely
 * as they fit; round linear steps where the axis is shorter than that.
 *
 * @param low - where the axis begins, above 0
 * @param high - where it ends, above `low`
 * @param most - how many labels fit, evenly spaced
 * @returns the labels, from low to high
 */
export function logTicks(low: number, high: number, most: number): Tick[] {
  const powers = Math.log10(high / low);
  // The narrowest gap of a digit set, in powers of ten: from 9 to 10, and from 1 to 2 (and from 5 to 10).
  const sets = [
    { digits: [1, 2, 3, 4, 5, 6, 7, 8, 9], gap: Math.log10(10 / 9) },
    { digits: [1, 2, 5], gap: Math.log10(2) },
  ];
  const digits = sets.find(({ gap }) => gap * most >= powers)?.digits ?? [1];
  const stride = digits.length > 1 ? 1 : Math.ceil(powers / most);
  const ticks: Tick[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high) + 1e-9; power++) {
    if (power % stride !== 0) continue;
    for (const digit of digits) {
      const value = tidy(digit * 10 ** power);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) {
        ticks.push({ value, label: shortLabel(value) });
      }
    }
  }
  if (ticks.length >= 3 || powers >= 1) return ticks;
  // A step that fits on average gives at least two labels only if it is at most half the range.
  return linearTicks(low, high, Math.max(4, most / 2));
}

/**
 * Chooses the width of a histogram's bins: 1, 2 or 5 times a power of ten.
 *
 * @param low - the least value
 * @param high - the greatest value
 * @param most - how many bins there may be, about
 * @param whole - whether all values are integers: then the width is one
 * @returns the width
 */
export function binWidth(low: number, high: number, most: number, whole: boolean): number {
  return niceStep(Math.max((high - low) / most, whole || low === high ? 1 : 0));
}

const SECOND = 1000;
const day = 86_400 * SECOND;
const month = 30.4375 * day;

/** Steps of fixed length, in milliseconds, and how much of an ISO date tells their labels apart. */
const timeSteps: readonly { readonly step: number; readonly from: number; readonly to: number }[] = [
  ...[1, 5, 15, 30].map((count) => ({ step: count * SECOND, from: 11, to: 19 })),
  ...[1, 5, 15, 30, 60, 180, 360, 720].map((count) => ({ step: count * 60 * SECOND, from: 5, to: 16 })),
  ...[1, 2, 7, 14].map((count) => ({ step: count * day, from: 0, to: 10 })),
];

/** The first day of a month, counted from January of the year 0. */
function firstDay(index: number): number {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(index / 12), ((index % 12) + 12) % 12, 1);
  return date.getTime();
}

/**
 * Chooses dates of a time axis: whole seconds, minutes, hours, days, months or years, in universal time.
 *
 * @param low - where the axis begins, in milliseconds since 1970
 * @param high - where it ends, above `low`
 * @param most - how many labels fit
 * @returns the labels, from low to high, as much of the ISO date as tells them apart
 */
export function dateTicks(low: number, high: number, most: number): Tick[] {
  const least = (high - low) / most;
  const fixed = timeSteps.find(({ step }) => step >= least);
  if (fixed !== undefined) {
    const { step, from, to } = fixed;
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) => {
      const value = (first + i) * step;
      return { value, label: new Date(value).toISOString().slice(from, to).replace("T", " ") };
    });
  }
  const months =
    [1, 3, 6].find((count) => count * month >= least) ?? 12 * niceStep(Math.max(1, least / (12 * month)));
  const start = new Date(low);
  const ticks: Tick[] = [];
  const begin = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
  for (let index = begin; firstDay(index) <= high; index += months) {
    const value = firstDay(index);
    if (value < low) continue;
    ticks.push({ value, label: new Date(value).toISOString().slice(0, months < 12 ? 7 : 4) });
  }
  return ticks;
}
