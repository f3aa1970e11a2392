import { quote } from "../arguments.js";
import type { State } from "./model.js";
import { controlState } from "./state.js";
import { type Codec, Control, type ControlOptions, type Widget } from "./widget.js";

/** Bounds of a number. */
export interface Bounds {
  /** 0 unless given */
  readonly min?: number;
  /** 100 unless given */
  readonly max?: number;
  /** 1 unless given, or a hundredth of the range where a bound is no integer or the range is no longer than 1 */
  readonly step?: number;
}

/** What a slider is told. */
export interface SliderOptions extends ControlOptions, Bounds {
  /** `min` unless given */
  readonly value?: number;
  /** Whether equal ways are equal factors; `min` is more than 0 then, and `step` a power of ten, 0.1 unless given */
  readonly log?: boolean;
  /** "horizontal" unless given */
  readonly orientation?: "horizontal" | "vertical";
  /** Whether the number stands beside it; true unless given */
  readonly readout?: boolean;
  /** How it is written, in d3's format */
  readonly readoutFormat?: string;
  /** Whether it tells while it is dragged; true unless given */
  readonly continuousUpdate?: boolean;
}

/** What a slider with two handles is told. */
export interface RangeSliderOptions extends Omit<SliderOptions, "value" | "log"> {
  /** `[min, max]` unless given */
  readonly value?: readonly [low: number, high: number];
}

/** What a box for a number is told. */
export interface NumberOptions extends ControlOptions {
  /** `min`, or 0, unless given */
  readonly value?: number;
  /** No bound unless given; with only one, the other is the largest number */
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** Whether it tells while somebody types; false unless given */
  readonly continuousUpdate?: boolean;
}

/** What a bar is told. */
export interface ProgressOptions extends Omit<ControlOptions, "disabled">, Omit<Bounds, "step"> {
  /** `min` unless given */
  readonly value?: number;
  /** Its colour: blue unless given */
  readonly barStyle?: "" | "success" | "info" | "warning" | "danger";
  readonly orientation?: "horizontal" | "vertical";
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** How far rounding may take a number beyond its bound. */
const within = (value: number, min: number, max: number): boolean => {
  const tolerance = 1e-9 * Math.max(Math.abs(min), Math.abs(max));
  return value >= min - tolerance && value <= max + tolerance;
};

function requireNumber(
  action: string,
  name: string,
  value: unknown,
  min: number,
  max: number,
): asserts value is number {
  if (isNumber(value) && within(value, min, max)) return;
  const rule = Number.isFinite(max) || Number.isFinite(min) ? `a number from ${min} to ${max}` : "a number";
  throw new RangeError(`Cannot ${action}: ${name} must be ${rule}, got ${quote(value)}`);
}

interface Range {
  readonly min: number;
  readonly max: number;
}

type RangeOf = (state: Readonly<State>) => Range;
const linear: RangeOf = ({ min = -Infinity, max = Infinity }) => ({ min: Number(min), max: Number(max) });
const powers: RangeOf = (state) => ({ min: 10 ** Number(state.min), max: 10 ** Number(state.max) });

const numberCodec = (name: string, rangeOf: RangeOf): Codec<number> => ({
  keys: ["value"],
  read: ({ value }) => (isNumber(value) ? value : undefined),
  write(value, state) {
    const { min, max } = rangeOf(state);
    requireNumber(`set ${name}`, "value", value, min, max);
    return { value };
  },
});

/** Checks bounds and gives what is left out. */
function bounds(name: string, { min = 0, max = 100, step }: Bounds): Range & { readonly step: number } {
  const action = `build ${name}`;
  requireNumber(action, "min", min, -Infinity, Infinity);
  if (!(isNumber(max) && max > min))
    throw new RangeError(`Cannot ${action}: max must be a number greater than ${min}, got ${quote(max)}`);
  const usual = Number.isInteger(min) && Number.isInteger(max) && max - min > 1 ? 1 : (max - min) / 100;
  const chosen = step ?? usual;
  if (!(isNumber(chosen) && chosen > 0))
    throw new RangeError(`Cannot ${action}: step must be a number greater than 0, got ${quote(step)}`);
  return { min, max, step: chosen };
}

/** As many decimals as the step has. */
function formatFor(step: number): string {
  const [digits = "", exponent = "0"] = step.toPrecision(6).split("e");
  const decimals = (digits.split(".")[1] ?? "").replace(/0+$/, "").length - Number(exponent);
  return `.${Math.min(Math.max(decimals, 0), 10)}f`;
}

const SLIDER = {
  behavior: "drag-tap",
  continuous_update: true,
  disabled: false,
  orientation: "horizontal",
  readout: true,
};

/**
 * A slider for one number. It counts in integers where bounds, step and value are integers.
 *
 * @param options - bounds, step, value, description
 * @returns the widget
 * @throws {RangeError} when a bound, the step or the value is none
 * @example
 * ```ts
 * import { slider } from "rnnlab/widgets";
 * const alpha = slider({ min: 0, max: 1, step: 0.05, value: 0.3, description: "alpha" });
 * alpha.onChange((value) => console.log(value.toFixed(2)));
 * ```
 */
export function slider(options: SliderOptions = {}): Widget<number, SliderOptions> {
  if (options.log) return logSlider(options);
  const range = bounds("slider", options);
  const { value = range.min } = options;
  requireNumber("build slider", "value", value, range.min, range.max);
  const whole = [range.min, range.max, range.step, value].every(Number.isInteger);
  const format = { readout_format: whole ? "d" : formatFor(range.step) };
  const state = controlState(whole ? "IntSlider" : "FloatSlider", "Slider", {
    ...SLIDER,
    ...format,
    ...range,
    value,
  });
  return new Control({ name: "slider" }, state, options, numberCodec("slider", linear));
}

function logSlider({ min, max, step = 0.1, ...options }: SliderOptions): Widget<number, SliderOptions> {
  if (!(isNumber(min) && min > 0 && isNumber(max) && max > min))
    throw new RangeError(
      `Cannot build slider: with log, min and max must be growing numbers greater than 0, got ${quote(min)} and ${quote(max)}`,
    );
  const { value = min } = options;
  requireNumber("build slider", "value", value, min, max);
  const range = { base: 10, min: Math.log10(min), max: Math.log10(max), step };
  const state = controlState("FloatLogSlider", "Slider", {
    ...SLIDER,
    readout_format: ".3g",
    ...range,
    value,
  });
  const exponents = ({ min, max }: Partial<SliderOptions>): State => ({
    ...(min === undefined ? {} : { min: Math.log10(min) }),
    ...(max === undefined ? {} : { max: Math.log10(max) }),
  });
  return new Control({ name: "slider", state: exponents }, state, options, numberCodec("slider", powers));
}

/**
 * A slider with two handles, for a range.
 *
 * @param options - bounds, step, value, description
 * @returns the widget
 * @throws {RangeError} when a bound, the step or the value is none
 * @example
 * ```ts
 * import { rangeSlider } from "rnnlab/widgets";
 * const years = rangeSlider({ min: 1990, max: 2020, value: [2000, 2010] });
 * const [from, to] = years.value;
 * ```
 */
export function rangeSlider(
  options: RangeSliderOptions = {},
): Widget<readonly [low: number, high: number], RangeSliderOptions> {
  const range = bounds("rangeSlider", options);
  const value = options.value ?? ([range.min, range.max] as const);
  const whole = [range.min, range.max, range.step, ...value].every(Number.isInteger);
  const format = { readout_format: whole ? "d" : formatFor(range.step) };
  const name = whole ? "IntRangeSlider" : "FloatRangeSlider";
  const state = controlState(name, "Slider", { ...SLIDER, ...format, ...range });
  const codec = pairCodec("set rangeSlider");
  Object.assign(state, pairCodec("build rangeSlider").write(value, state));
  return new Control({ name: "rangeSlider" }, state, options, codec);
}

const pairCodec = (action: string): Codec<readonly [number, number]> => ({
  keys: ["value"],
  read: ({ value }) => {
    if (!Array.isArray(value)) return undefined;
    const [low, high, ...more] = value as unknown[];
    return isNumber(low) && isNumber(high) && more.length === 0 ? [low, high] : undefined;
  },
  write([low, high], state) {
    const { min, max } = linear(state);
    requireNumber(action, "value[0]", low, min, max);
    requireNumber(action, "value[1]", high, low, max);
    return { value: [low, high] };
  },
});

/**
 * A box in which a number is typed.
 *
 * @param options - value, bounds, step, description
 * @returns the widget
 * @throws {RangeError} when the value is not within the bounds
 * @example
 * ```ts
 * import { number } from "rnnlab/widgets";
 * const epochs = number({ value: 20, min: 1, max: 500, step: 1, description: "epochs" });
 * ```
 */
export function number(options: NumberOptions = {}): Widget<number, NumberOptions> {
  const { min = -Infinity, max = Infinity, step = null } = options;
  const { value = Number.isFinite(min) ? min : 0 } = options;
  requireNumber("build number", "value", value, min, max);
  const bounded = Number.isFinite(min) || Number.isFinite(max);
  const limits = {
    min: Math.max(min, -Number.MAX_SAFE_INTEGER),
    max: Math.min(max, Number.MAX_SAFE_INTEGER),
  };
  const type =
    step !== null && [value, step, ...Object.values(limits)].every(Number.isInteger) ? "Int" : "Float";
  const state = controlState(
    `${bounded ? "Bounded" : ""}${type}Text`,
    "Description",
    { continuous_update: false, disabled: false, step, value, ...(bounded ? limits : {}) },
    `${type}Text`,
  );
  return new Control({ name: "number" }, state, options, numberCodec("number", linear));
}

/**
 * A bar that fills.
 *
 * @param options - value, bounds, colour, description
 * @returns the widget
 * @throws {RangeError} when a bound or the value is none
 * @example
 * ```ts
 * import { progress } from "rnnlab/widgets";
 * const bar = progress({ max: 10, description: "files" });
 * for (let done = 1; done <= 10; done++) bar.value = done;
 * ```
 */
export function progress(options: ProgressOptions = {}): Widget<number, ProgressOptions> {
  const { min, max } = bounds("progress", options);
  const { value = min } = options;
  requireNumber("build progress", "value", value, min, max);
  const more = { bar_style: "", max, min, orientation: "horizontal", value };
  const state = controlState("FloatProgress", "Progress", more, "Progress");
  return new Control({ name: "progress" }, state, options, numberCodec("progress", linear));
}
