import { briefly } from "../arguments.js";
import type { State } from "./model.js";
import { controlState } from "./state.js";
import { type Codec, Control, type ControlOptions, type Widget } from "./widget.js";

/** What a date picker is told. Dates are days: midnight where the kernel runs. */
export interface DatePickerOptions extends ControlOptions {
  /** None unless given */
  readonly value?: Date | null;
  /** The first day that can be chosen */
  readonly min?: Date | null;
  /** The last day that can be chosen */
  readonly max?: Date | null;
}

/** A day as the front end has it, with months from 0. */
interface Day {
  readonly year: number;
  readonly month: number;
  readonly date: number;
}

function toDay(name: string, value: Date | null): Day | null {
  if (value === null) return null;
  if (!(value instanceof Date) || Number.isNaN(value.getTime()))
    throw new RangeError(
      `Cannot set datePicker: ${name} must be a valid date or null, got ${briefly(value)}`,
    );
  return { year: value.getFullYear(), month: value.getMonth(), date: value.getDate() };
}

function toDate(day: unknown): Date | null | undefined {
  if (day === null) return null;
  const { year, month, date } = (day ?? {}) as Partial<Day>;
  if (![year, month, date].every(Number.isInteger)) return undefined;
  const made = new Date(0, Number(month), Number(date));
  made.setFullYear(Number(year), Number(month), Number(date));
  return made;
}

const codec: Codec<Date | null> = {
  keys: ["value"],
  read: ({ value }) => toDate(value),
  write: (value) => ({ value: toDay("value", value) }),
};

const days = (options: Partial<DatePickerOptions>): State =>
  Object.fromEntries(
    (["value", "min", "max"] as const)
      .filter((name) => options[name] !== undefined)
      .map((name) => [name, toDay(name, options[name] ?? null)]),
  );

/**
 * A field in which a day is chosen.
 *
 * @param options - value, first and last day, description
 * @returns the widget; its value is null until a day is chosen
 * @throws {RangeError} when a date is not valid
 * @example
 * ```ts
 * import { datePicker } from "rnnlab/widgets";
 * const from = datePicker({ value: new Date(2020, 0, 31), description: "from" });
 * console.log(from.value?.getFullYear()); // 2020
 * ```
 */
export function datePicker(options: DatePickerOptions = {}): Widget<Date | null, DatePickerOptions> {
  const more = { disabled: false, max: null, min: null, step: 1, value: null };
  return new Control(
    { name: "datePicker", state: days },
    controlState("DatePicker", "Description", more),
    options,
    codec,
  );
}
