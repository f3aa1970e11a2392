import { inspect } from "node:util";
import { briefly } from "../arguments.js";
import { hasFrontEnd, makeSignal } from "../comm/comm.js";
import { display, displayTarget, escapeHtml, type MimeBundle, richDisplay } from "../display/index.js";
import { toMimeBundle } from "../display/mime-bundle.js";
import { PICTURE_TYPE } from "../plot/figure-bundle.js";
import { dropdown } from "./choices.js";
import { Box, type BoxOptions } from "./containers.js";
import { number, slider } from "./numbers.js";
import { OutputView } from "./output.js";
import { checkbox } from "./switches.js";
import { text } from "./texts.js";
import { Control, type ControlOptions, type Given, type View, type Widget } from "./widget.js";

/** A slider's range: least, greatest, and the way between two values. */
export type NumberRange = readonly [min: number, max: number, step?: number];

/** What {@link interact} makes a control of: see there. */
export type Parameter =
  | NumberRange
  | number
  | boolean
  | string
  | readonly string[]
  // biome-ignore lint/suspicious/noExplicitAny: a widget of any value; its type is kept by the type parameter.
  | Widget<any, any>;

/** What a function gets from a control. */
export type ParameterValue<Given> =
  Given extends Widget<infer Value, infer _Options>
    ? Value
    : Given extends readonly [number, number] | readonly [number, number, number] | number
      ? number
      : Given extends boolean
        ? boolean
        : Given extends readonly (infer Choice)[]
          ? Choice
          : Given extends string
            ? string
            : never;

/** What a function gets from all controls. */
export type ParameterValues<Controls> = {
  -readonly [Name in keyof Controls]: ParameterValue<Controls[Name]>;
};

/** What the function is given besides its parameters. */
export interface Run {
  /** Aborted when a newer run waits for this one's end */
  readonly signal: AbortSignal;
}

/** A function with controls. */
export interface Interaction extends View {
  /** Runs it with the values of now; resolves when that has ended. Shown afterwards, it does not run once more */
  run(): Promise<void>;
}

/**
 * Runs a function with controls for its parameters: now, and again whenever one changes. What it prints, shows, returns
 * or throws stands below the controls, in the place of what the run before has put out. Changes that come while it runs
 * are thrown together: one more run gets the newest values.
 *
 * Where nothing can be changed it is the controls' values and what the function puts out for them: in pages and documents
 * made of the notebook, on a terminal, and in stock tslab, which shows it when this is called.
 *
 * | control | parameter |
 * |---|---|
 * | `[0, 1]`, `[0, 1, 0.05]` | a number, by a slider |
 * | `3` | a number, typed |
 * | `true` | a boolean, by a checkbox |
 * | `"GRU"` | a string, typed |
 * | `["GRU", "LSTM"]` | one of these, by a dropdown |
 * | a widget | its value |
 *
 * @param run - gets an object with a value for each control; it may be asynchronous
 * @param controls - one for each parameter, by its name; the compiler compares their types
 * @returns a view of the controls and of what the function puts out
 * @throws {TypeError} when a control is none of these
 * @example
 * ```ts
 * import { lineFigure } from "rnnlab/plot";
 * import { interact } from "rnnlab/widgets";
 * interact(
 *   ({ alpha, model }) => lineFigure({ name: model, y: [1, alpha, alpha ** 2] }),
 *   { alpha: [0, 1, 0.05], model: ["GRU", "LSTM"] },
 * );
 * ```
 */
export function interact<
  const Controls extends Readonly<Record<string, Parameter>>,
  Parameters = ParameterValues<Controls>,
>(
  run: (parameters: Parameters, context: Run) => unknown,
  controls: Controls & Checked<Controls, Given<Parameters>>,
): Interaction {
  const widgets = Object.entries<Parameter>(controls).map(
    ([name, given]) => [name, controlOf(name, given)] as const,
  );
  const values = (): Parameters =>
    Object.fromEntries(widgets.map(([name, widget]) => [name, widget.value])) as Parameters;
  const interaction = new Interactive(new Map(widgets), (context) => run(values(), context));
  if (displayTarget() === "tslab") interaction.showOnce();
  return interaction;
}

/** Each control must give what its parameter takes, each parameter must have one, and there is none besides. */
type Checked<Controls, Parameters> = {
  readonly [Name in keyof Parameters]: Name extends keyof Controls
    ? ParameterValue<Controls[Name]> extends Parameters[Name]
      ? Controls[Name]
      : { readonly "the parameter is": Parameters[Name] }
    : Parameter;
} & { readonly [Name in Exclude<keyof Controls, keyof Parameters>]: never };

function controlOf(description: string, given: Parameter): Widget<unknown, ControlOptions> {
  if (given instanceof Control) return given as Widget<unknown, ControlOptions>;
  if (typeof given === "boolean") return checkbox({ value: given, description });
  if (typeof given === "number") return number({ value: given, description });
  if (typeof given === "string") return text({ value: given, description, continuousUpdate: false });
  if (Array.isArray(given)) {
    const list: readonly unknown[] = given;
    if (list.length > 0 && list.every((each) => typeof each === "string"))
      return dropdown({ options: list, description });
    if (isRange(list)) {
      const [min, max, step] = list;
      return slider({ min, max, ...(step === undefined ? {} : { step }), description });
    }
  }
  throw new TypeError(
    `Cannot interact: ${description} must be [min, max, step], a list of strings, a number, a string, a boolean or a widget, got ${briefly(given)}`,
  );
}

const isRange = (list: readonly unknown[]): list is NumberRange =>
  (list.length === 2 || list.length === 3) && list.every((each) => typeof each === "number");

/** How long a cell waits for the first run, in ms: what comes then is seen with the controls, and saved with them. */
const PATIENCE = 1000;

/** A column of controls with an output that a function fills. */
class Interactive extends Box<BoxOptions> implements Interaction {
  readonly #widgets: ReadonlyMap<string, Widget<unknown>>;
  readonly #output: OutputView;
  readonly #code: (context: Run) => unknown;
  readonly #again: () => Promise<void>;
  #current: AbortController | undefined;
  #begun = false;

  constructor(widgets: ReadonlyMap<string, Widget<unknown>>, code: (context: Run) => unknown) {
    const output = new OutputView();
    super("VBox", "interact", [...widgets.values(), output], {});
    this.#widgets = widgets;
    this.#output = output;
    this.#code = code;
    this.#again = makeSignal(() => this.#run(), "a function of interact");
    for (const widget of widgets.values()) widget.onChange(() => void this.run());
  }

  run(): Promise<void> {
    this.#begun = true;
    this.#current?.abort();
    return this.#again();
  }

  /** Shows what the function puts out, without controls. What it throws is the cell's, what it rejects with is printed. */
  showOnce(): void {
    const value = this.#code({ signal: new AbortController().signal });
    if (value instanceof Promise) void value.then(shown).catch(console.error);
    else void shown(value);
  }

  override [richDisplay](): MimeBundle | Promise<MimeBundle> {
    if (!hasFrontEnd()) return this.#asText();
    const show = () => ({ ...this.bundle(), ...this.#still() });
    if (this.#begun) return show();
    this.#begun = true;
    const first = this.#run();
    if (!(first instanceof Promise)) return show();
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(show()), PATIENCE);
      void first.then(() => {
        clearTimeout(timer);
        resolve(show());
      });
    });
  }

  /** What pages and documents show, which have no controls. */
  #still(): MimeBundle {
    const { html, svg } = this.#output.still();
    const values = [...this.#widgets].map(([name, { value }]) => `${name}: ${briefly(value)}`);
    const note = `<p><small>${escapeHtml(values.join(", "))} (controls where the notebook runs)</small></p>`;
    return { "text/html": `${note}\n${html}`, ...(svg === undefined ? {} : { [PICTURE_TYPE]: svg }) };
  }

  #asText(): MimeBundle | Promise<MimeBundle> {
    const controls = [...this.#widgets.values()].map((widget) => inspect(widget));
    const written = ({ "text/plain": text = "output" }: MimeBundle): MimeBundle => {
      const lines = [...controls, String(text)].map((line) => line.replace(/^/gm, "  "));
      return { "text/plain": ["interact", ...lines].join("\n") };
    };
    const bundleOf = (value: unknown) => (value === undefined ? {} : toMimeBundle(value));
    const value = this.#code({ signal: new AbortController().signal });
    const bundle = value instanceof Promise ? value.then(bundleOf) : bundleOf(value);
    return bundle instanceof Promise ? bundle.then(written) : written(bundle);
  }

  #run(): unknown {
    const controller = new AbortController();
    this.#current = controller;
    return this.#output.refill(() => {
      const value = this.#code({ signal: controller.signal });
      return value instanceof Promise ? value.then(shown) : shown(value);
    });
  }
}

const shown = (value: unknown) => (value === undefined ? undefined : display(value));
