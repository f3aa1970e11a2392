import type { Datum } from "./figure-json.js";
import { dateTicks, linearTicks, logTicks, type Tick } from "./ticks.js";

/** An axis: what its values are as coordinates, and where it begins and ends. */
export interface Scale {
  /** Where a value stands between `low` and `high`; NaN where it has no place: a gap */
  readonly read: (value: unknown) => number;
  /** The coordinate where the axis begins, which is the greater one on an axis that is reversed */
  readonly low: number;
  readonly high: number;
  /** Whether its values are names */
  readonly named: boolean;
  /** The labels with their coordinates; `most` is how many fit */
  readonly ticks: (most: number) => Tick[];
}

/** What a figure's layout may say of an axis. */
export interface AxisLayout {
  readonly type?: unknown;
  readonly range?: unknown;
  readonly autorange?: unknown;
}

/** Room around the values of an axis. */
export interface Room {
  /** Added at both ends, as a share of the values' range */
  readonly share: number;
  /** Added at both ends, as a difference of coordinates */
  readonly pad: number;
  /** Whether an axis that ends at 0 does so exactly, as bars stand on it */
  readonly atZero?: boolean;
}

const ISO_DATE = /^\d{4}-\d\d(-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?$/;

function readNumber(value: unknown): number {
  if (typeof value === "string" && value.trim() !== "") return Number(value);
  return typeof value === "number" && Number.isFinite(value) ? value : Number.NaN;
}

/** Milliseconds since 1970; a time without a zone is in universal time, as plotly reads it. */
function readDate(value: unknown): number {
  if (typeof value !== "string") return readNumber(value);
  const isZoned = value.length <= 10 || value.endsWith("Z") || /[+-]\d\d:\d\d$/.test(value);
  return Date.parse(isZoned ? value : `${value}Z`);
}

/**
 * Finds the least and the greatest finite value.
 *
 * @param values - any numbers
 * @returns both; infinities the wrong way round if there is none
 */
export function extent(values: Iterable<number>): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** The kinds that plotly tells by the values themselves. */
function kindOf(values: readonly unknown[]): string {
  const texts = values.filter((value) => typeof value === "string");
  if (texts.every((text) => Number.isFinite(readNumber(text)))) return "linear";
  return texts.every((text) => ISO_DATE.test(text)) ? "date" : "category";
}

function view(values: readonly number[], { share, pad, atZero = false }: Room): [low: number, high: number] {
  const [low, high] = extent(values);
  if (low > high) return [0, 1];
  if (low === high) return [low - (pad || 0.5), high + (pad || 0.5)];
  const room = share * (high - low) + pad;
  return [atZero && low === 0 ? 0 : low - room, atZero && high === 0 ? 0 : high + room];
}

/**
 * Builds the scale of an axis.
 *
 * @param values - all values along it
 * @param layout - its `type` (told from the values unless given), its `range` (all values unless given), and
 *   `autorange: "reversed"`
 * @param room - how much is added at both ends where there is no range
 * @returns the scale: coordinates are log10 of the values on a logarithmic axis, milliseconds on one of dates, and
 *   whole numbers from 0 for categories
 */
export function axisScale(values: readonly Datum[], layout: AxisLayout, room: Room): Scale {
  const kind = typeof layout.type === "string" && layout.type !== "-" ? layout.type : kindOf(values);
  const names = [...new Set(kind === "category" ? values : [])].filter((value) => value !== null);
  const places = new Map<unknown, number>(names.map((value, index) => [value, index]));
  const read =
    {
      log: (value: unknown) => Math.log10(readNumber(value)),
      date: readDate,
      category: (value: unknown) => places.get(value) ?? Number.NaN,
    }[kind] ?? readNumber;
  const finite = (value: unknown) => {
    const coordinate = read(value);
    return Number.isFinite(coordinate) ? coordinate : Number.NaN;
  };
  const coordinates = values.map(finite);
  const range = Array.isArray(layout.range)
    ? layout.range.map(kind === "log" || kind === "category" ? readNumber : finite)
    : [];
  const [from = Number.NaN, to = Number.NaN] = range;
  const isGiven = Number.isFinite(from) && Number.isFinite(to) && from !== to;
  const all = view(coordinates, room);
  const [first, last] = layout.autorange === "reversed" ? ([all[1], all[0]] as const) : all;
  const [low, high] = isGiven ? [from, to] : [first, last];
  const leastStep = coordinates.every((value) => Number.isNaN(value) || Number.isInteger(value)) ? 1 : 0;
  const ticks = (most: number): Tick[] => {
    const [least, greatest] = [Math.min(low, high), Math.max(low, high)] as const;
    if (kind === "date") return dateTicks(least, greatest, most);
    if (kind === "log") {
      return logTicks(10 ** least, 10 ** greatest, most).map(({ value, label }) => ({
        value: Math.log10(value),
        label,
      }));
    }
    const places = linearTicks(least, greatest, most, leastStep);
    if (kind !== "category") return places;
    return places.flatMap(({ value }) => (value in names ? { value, label: String(names[value]) } : []));
  };
  return { read: finite, low, high, named: kind === "category", ticks };
}
