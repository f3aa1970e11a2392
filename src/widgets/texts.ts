import { typeName } from "../arguments.js";
import { controlState } from "./state.js";
import { type Codec, Control, type ControlOptions, type Widget } from "./widget.js";

/** What a line of text is told. */
export interface TextOptions extends ControlOptions {
  /** Empty unless given */
  readonly value?: string;
  /** What stands in it while it is empty */
  readonly placeholder?: string;
  /** Whether it tells while somebody types; true unless given */
  readonly continuousUpdate?: boolean;
}

/** What a box of text is told. */
export interface TextareaOptions extends TextOptions {
  /** How many lines are seen */
  readonly rows?: number | null;
}

/** What a piece of HTML is told. */
export interface HtmlOptions extends Omit<ControlOptions, "disabled"> {
  /** Markup; text from outside goes through `escapeHtml()` first */
  readonly value?: string;
  readonly placeholder?: string;
}

const textCodec = (name: string): Codec<string> => ({
  keys: ["value"],
  read: ({ value }) => (typeof value === "string" ? value : undefined),
  write(value) {
    if (typeof value !== "string")
      throw new TypeError(`Cannot set ${name}: value must be a string, got ${typeName(value)}`);
    return { value };
  },
});

/** What ipywidgets has, too: an empty text would let the line fall together. */
const EMPTY = "\u200b";
const TYPED = { continuous_update: true, disabled: false, placeholder: EMPTY, value: "" };

/**
 * A line in which text is typed.
 *
 * @param options - value, placeholder, description
 * @returns the widget
 * @example
 * ```ts
 * import { text } from "rnnlab/widgets";
 * const name = text({ placeholder: "name of the run", continuousUpdate: false });
 * name.onChange((value) => console.log(value));
 * ```
 */
export function text(options: TextOptions = {}): Widget<string, TextOptions> {
  const state = controlState("Text", "Description", TYPED);
  return new Control({ name: "text" }, state, options, textCodec("text"));
}

/**
 * A box in which lines of text are typed.
 *
 * @param options - value, rows, placeholder, description
 * @returns the widget
 * @example
 * ```ts
 * import { textarea } from "rnnlab/widgets";
 * const review = textarea({ rows: 4, value: "A film that" });
 * ```
 */
export function textarea(options: TextareaOptions = {}): Widget<string, TextareaOptions> {
  const state = controlState("Textarea", "Description", { ...TYPED, rows: null });
  return new Control({ name: "textarea" }, state, options, textCodec("textarea"));
}

/**
 * A piece of HTML that can be changed. Scripts in it do not run.
 *
 * @param options - markup, description
 * @returns the widget
 * @example
 * ```ts
 * import { html } from "rnnlab/widgets";
 * const state = html({ value: "<b>waiting</b>" });
 * state.value = "<b>done</b>";
 * ```
 */
export function html(options: HtmlOptions = {}): Widget<string, HtmlOptions> {
  const state = controlState("HTML", "Description", { placeholder: EMPTY, value: "" });
  return new Control({ name: "html" }, state, options, textCodec("html"));
}
