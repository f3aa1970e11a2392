import { typeName } from "../arguments.js";
import type { State } from "./model.js";
import { controlState } from "./state.js";
import { type Codec, Control, type ControlOptions, type Widget } from "./widget.js";

/** What a checkbox is told. */
export interface CheckboxOptions extends ControlOptions {
  /** false unless given */
  readonly value?: boolean;
  /** Whether it stands in line with other controls, after room for a description; true unless given */
  readonly indent?: boolean;
}

/** What a button is told. Its description stands on it. */
export interface ButtonOptions extends ControlOptions {
  /** Its colour */
  readonly buttonStyle?: "" | "primary" | "success" | "info" | "warning" | "danger";
  /** A name of Font Awesome's, such as "check" */
  readonly icon?: string;
}

/** What a button that stays pressed is told. */
export interface ToggleOptions extends ButtonOptions {
  /** false unless given */
  readonly value?: boolean;
}

/** A button: its value is how often it has been clicked. */
export interface Button extends Widget<number, ButtonOptions> {
  /**
   * Calls a function for each click, one after the other.
   *
   * @param handler - may be asynchronous
   * @returns takes it back
   */
  onClick(handler: () => unknown): () => void;
}

/** Without a tooltip front ends write `null` there: the description takes its place, as on buttons of ipywidgets 8. */
function hover(options: Partial<ButtonOptions>, state: Readonly<State>): State {
  const own = state.tooltip === state.description ? null : state.tooltip;
  const { description = state.description, tooltip = own } = options;
  return { tooltip: tooltip ?? description };
}

const booleanCodec = (name: string): Codec<boolean> => ({
  keys: ["value"],
  read: ({ value }) => (typeof value === "boolean" ? value : undefined),
  write(value) {
    if (typeof value !== "boolean")
      throw new TypeError(`Cannot set ${name}: value must be true or false, got ${typeName(value)}`);
    return { value };
  },
});

/**
 * A box that is ticked or not.
 *
 * @param options - value, description
 * @returns the widget
 * @example
 * ```ts
 * import { checkbox } from "rnnlab/widgets";
 * const shuffle = checkbox({ value: true, description: "shuffle" });
 * if (shuffle.value) console.log("in a new order");
 * ```
 */
export function checkbox(options: CheckboxOptions = {}): Widget<boolean, CheckboxOptions> {
  const state = controlState("Checkbox", "Description", { disabled: false, indent: true, value: false });
  return new Control({ name: "checkbox" }, state, options, booleanCodec("checkbox"));
}

/**
 * A button that stays pressed until it is clicked again.
 *
 * @param options - value, description, colour, icon
 * @returns the widget
 * @example
 * ```ts
 * import { toggle } from "rnnlab/widgets";
 * const pause = toggle({ description: "Pause", icon: "pause" });
 * ```
 */
export function toggle(options: ToggleOptions = {}): Widget<boolean, ToggleOptions> {
  const more = { button_style: "", disabled: false, icon: "", value: false };
  const state = controlState("ToggleButton", "Description", more);
  return new Control({ name: "toggle", state: hover }, state, options, booleanCodec("toggle"));
}

/**
 * A button.
 *
 * @param options - description, colour, icon
 * @returns the widget
 * @example
 * ```ts
 * import { button } from "rnnlab/widgets";
 * const again = button({ description: "Again", buttonStyle: "primary" });
 * again.onClick(() => console.log("clicked"));
 * ```
 */
export function button(options: ButtonOptions = {}): Button {
  return new ClickCounter(options);
}

const counter: Codec<number> = {
  keys: ["clicks"],
  read: ({ clicks }) => Number(clicks ?? 0),
  write(value) {
    throw new TypeError(`Cannot set button: its clicks come from the front end, got ${value}`);
  },
};

class ClickCounter extends Control<number, ButtonOptions> implements Button {
  #clicks = 0;

  constructor(options: ButtonOptions) {
    const state = controlState("Button", "Button", { button_style: "", disabled: false, icon: "" });
    super({ name: "button", state: hover }, state, options, counter, {
      custom: (content) => this.#click(content),
    });
  }

  override get value(): number {
    return this.#clicks;
  }

  override set value(value: number) {
    counter.write(value, {});
  }

  override set(options: Partial<ButtonOptions>): void {
    this.model.set(this.stateOf(options));
  }

  override text(): string {
    return `button ${String(this.model.state.description)}`.trim();
  }

  onClick(handler: () => unknown): () => void {
    return this.listen(async (clicks) => {
      for (let click = 0; click < clicks; click++) await handler();
    });
  }

  #click(content: unknown): Promise<unknown> | undefined {
    if ((content as { readonly event?: unknown } | null)?.event !== "click") return undefined;
    this.#clicks++;
    return this.announce();
  }
}
