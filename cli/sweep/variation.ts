import { UsageError } from "../../src/platform/usage-error.js";

/** Values that are tried one after the other. */
interface List {
  readonly kind: "list";
  readonly name: string;
  /** As it was written. */
  readonly text: string;
  /** Each as `-p` takes it. */
  readonly choices: readonly string[];
}

/** An interval from which values are drawn; both ends are in it. */
export interface Interval {
  readonly kind: "interval";
  readonly name: string;
  readonly text: string;
  readonly low: number;
  readonly high: number;
  /** Whether only whole numbers are drawn: both ends are written as such. */
  readonly whole: boolean;
  readonly log: boolean;
  /** Values are this far apart, from `low` on. */
  readonly step: number | undefined;
}

/** The values of one parameter. */
export type Variation = List | Interval;

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?`;
const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})(?::(.*))?$`);
/** No list is made that is longer. */
const LONGEST_LIST = 1_000_000;

/**
 * Reads the values of a parameter: `0.1,0.01`, `0..9`, `0..1:0.25`; and where values are drawn, `0.0..1.0` and
 * `0.001..0.1:log`.
 *
 * @param name - of the parameter
 * @param text - what was written for it
 * @param draws - whether values are drawn, so that intervals need no end of values
 * @throws {UsageError} when it has no values, or cannot be read
 */
export function readVariation(name: string, text: string, draws: boolean): Variation {
  const [, low, high, how] = RANGE.exec(text.trim()) ?? [];
  if (low === undefined || high === undefined)
    return { kind: "list", name, text, choices: choicesIn(name, text) };
  const interval = readInterval(name, text, [low, high, how]);
  return draws ? interval : listOf(interval);
}

/**
 * How many values an interval has.
 *
 * @returns a count; infinity for real numbers without a step
 */
export function countOf({ low, high, whole, log, step }: Interval): number {
  const apart = step ?? (whole ? 1 : 0);
  return apart === 0 || (log && !whole)
    ? Number.POSITIVE_INFINITY
    : Math.floor((high - low) / apart + 1e-9) + 1;
}

/** A value of an interval, without the digits that only binary fractions have. */
export const placeIn = ({ low, step = 1 }: Interval, index: number): number =>
  Number((low + index * step).toPrecision(12));

function readInterval(
  name: string,
  text: string,
  [low, high, how]: readonly [string, string, string | undefined],
): Interval {
  const refuse = (rule: string, got: string): UsageError =>
    new UsageError(`Cannot vary ${name}: ${rule}, got ${got}`);
  const ends = { low: Number(low), high: Number(high) };
  if (!(Number.isFinite(ends.low) && Number.isFinite(ends.high)))
    throw refuse("a range must have finite ends", text);
  if (ends.low > ends.high)
    throw refuse("a range must go from the lesser to the greater end", `${text}, which is empty`);
  const whole = [low, high].every((end) => /^[+-]?\d+$/.test(end));
  const log = how === "log";
  const step = how === undefined || log ? undefined : how.trim() === "" ? Number.NaN : Number(how);
  if (step !== undefined && !(step > 0 && Number.isFinite(step)))
    throw refuse("after a range there may be :log, or a step greater than 0", `:${how}`);
  if (log && ends.low <= 0) throw refuse("the ends of a logarithmic range must be greater than 0", text);
  return { kind: "interval", name, text, ...ends, whole: whole && Number.isInteger(step ?? 1), log, step };
}

function listOf(interval: Interval): List {
  const { name, text, log } = interval;
  const count = countOf(interval);
  if (log || count === Number.POSITIVE_INFINITY)
    throw new UsageError(
      `Cannot vary ${name}: a grid needs single values or a step, as in 0..1:0.25, got ${text}; --samples N draws from it`,
    );
  if (count > LONGEST_LIST)
    throw new UsageError(
      `Cannot vary ${name}: a range must have at most ${LONGEST_LIST} values, got ${count}`,
    );
  const choices = Array.from({ length: count }, (_, index) => String(placeIn(interval, index)));
  return { kind: "list", name, text, choices };
}

/** The parts between commas; those in brackets and quotes do not part. */
function choicesIn(name: string, text: string): string[] {
  const choices = [""];
  let depth = 0;
  let quoted = false;
  for (const [piece] of text.matchAll(/\\.|./gsu)) {
    if (piece === '"') quoted = !quoted;
    else if (!quoted && "[{".includes(piece)) depth++;
    else if (!quoted && "]}".includes(piece)) depth--;
    if (piece === "," && depth <= 0 && !quoted) choices.push("");
    else choices.push(choices.pop() + piece);
  }
  if (choices.some((choice) => choice.trim() === ""))
    throw new UsageError(
      `Cannot vary ${name}: there must be a value between commas, got ${JSON.stringify(text)}; an empty text is written ""`,
    );
  return choices;
}
