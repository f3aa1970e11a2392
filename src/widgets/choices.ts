import { inspect } from "node:util";
import { briefly } from "../arguments.js";
import { controlState } from "./state.js";
import { type Codec, Control, type ControlOptions, type Given, type Widget } from "./widget.js";

/** What can be chosen: a list, or an object from what is read to what it means. */
export type Choices<Value> = readonly Value[] | Readonly<Record<string, Value>>;

/** What a choice among a few is told. */
export interface ChoiceOptions<Value> extends ControlOptions {
  /** A list, or an object from what is read to what it means */
  readonly options: Choices<Value>;
  /** The first one unless given */
  readonly value?: Given<Value>;
}

interface Named<Value> {
  readonly labels: string[];
  readonly values: readonly Value[];
}

function named<Value>(name: string, choices: Choices<Value>): Named<Value> {
  const isList = (given: Choices<Value>): given is readonly Value[] => Array.isArray(given);
  const values = isList(choices) ? [...choices] : Object.values(choices);
  if (values.length === 0) throw new RangeError(`Cannot build ${name}: options must have a choice, got none`);
  const label = (value: Value): string =>
    typeof value === "object" ? inspect(value, { depth: 0 }) : String(value);
  return { values, labels: isList(choices) ? values.map(label) : Object.keys(choices) };
}

/** A control that keeps its choices, and shows their labels. */
class Choice<Value> extends Control<Value, ChoiceOptions<Value>> {
  constructor(
    model: string,
    name: string,
    options: ChoiceOptions<Value>,
    more: Record<string, unknown> = {},
  ) {
    let { labels, values } = named(name, options.options);
    const codec: Codec<Value> = {
      keys: ["index"],
      read: ({ index }) => (Number.isInteger(index) ? values[Number(index)] : undefined),
      write(value) {
        const index = values.indexOf(value);
        if (index !== -1) return { index };
        throw new RangeError(
          `Cannot set ${name}: value must be one of ${labels.join(", ")}, got ${briefly(value)}`,
        );
      },
    };
    const renamed = (given: Partial<ChoiceOptions<Value>>) => {
      if (given.options === undefined) return {};
      ({ labels, values } = named(name, given.options));
      return { _options_labels: labels, index: 0 };
    };
    const state = { _options_labels: labels, disabled: false, index: 0, ...more };
    const { value, ...rest } = options;
    super({ name, state: renamed }, controlState(model, "Description", state), rest, codec);
    if (value !== undefined) Object.assign(this.model.state, codec.write(value, this.model.state));
  }
}

/**
 * A list that opens, for a choice of one.
 *
 * @param options - the choices, the value, description
 * @returns the widget; its value is of the choices' type
 * @throws {RangeError} when there is nothing to choose, or the value is none of the choices
 * @example
 * ```ts
 * import { dropdown } from "rnnlab/widgets";
 * const cell = dropdown({ options: ["GRU", "LSTM"], description: "cell" });
 * const rate = dropdown({ options: { slow: 0.001, fast: 0.1 } });
 * const chosen: "GRU" | "LSTM" = cell.value;
 * console.log(chosen, rate.value); // GRU 0.001
 * ```
 */
export function dropdown<const Value>(options: ChoiceOptions<Value>): Widget<Value, ChoiceOptions<Value>> {
  return new Choice<Value>("Dropdown", "dropdown", options);
}

/**
 * Round buttons, one of them pressed.
 *
 * @param options - the choices, the value, description
 * @returns the widget; its value is of the choices' type
 * @throws {RangeError} when there is nothing to choose, or the value is none of the choices
 * @example
 * ```ts
 * import { radio } from "rnnlab/widgets";
 * const units = radio({ options: [16, 32, 64], value: 32 });
 * ```
 */
export function radio<const Value>(options: ChoiceOptions<Value>): Widget<Value, ChoiceOptions<Value>> {
  return new Choice<Value>("RadioButtons", "radio", options, { orientation: "vertical" });
}
