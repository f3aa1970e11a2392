import { Model, type State } from "./model.js";

/** CSS of a widget's box: lengths are texts such as `"20em"` or `"50%"`. */
export type Layout = {
  readonly [property in LayoutProperty]?: string | null;
};

const LAYOUT = [
  ...["alignContent", "alignItems", "alignSelf", "borderBottom", "borderLeft", "borderRight", "borderTop"],
  ...["bottom", "display", "flex", "flexFlow", "gridArea", "gridAutoColumns", "gridAutoFlow", "gridAutoRows"],
  ...["gridColumn", "gridGap", "gridRow", "gridTemplateAreas", "gridTemplateColumns", "gridTemplateRows"],
  ...["height", "justifyContent", "justifyItems", "left", "margin", "maxHeight", "maxWidth", "minHeight"],
  ...[
    "minWidth",
    "objectFit",
    "objectPosition",
    "order",
    "overflow",
    "padding",
    "right",
    "top",
    "visibility",
  ],
  "width",
] as const;

type LayoutProperty =
  | (
      | "alignContent"
      | "alignItems"
      | "alignSelf"
      | "borderBottom"
      | "borderLeft"
      | "borderRight"
      | "borderTop"
    )
  | ("bottom" | "display" | "flex" | "flexFlow" | "gridArea" | "gridAutoColumns" | "gridAutoFlow")
  | ("gridAutoRows" | "gridColumn" | "gridGap" | "gridRow" | "gridTemplateAreas" | "gridTemplateColumns")
  | ("gridTemplateRows" | "height" | "justifyContent" | "justifyItems" | "left" | "margin" | "maxHeight")
  | ("maxWidth" | "minHeight" | "minWidth" | "objectFit" | "objectPosition" | "order" | "overflow")
  | ("padding" | "right" | "top" | "visibility" | "width");

const BASE = "@jupyter-widgets/base";
const CONTROLS = "@jupyter-widgets/controls";
const VERSION = "2.0.0";

/**
 * A CSS or option name as models have it.
 *
 * @param name - in camelCase
 * @returns in snake_case
 */
export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The name of a view is that of its model unless given, and both belong to the controls. */
export interface ModelNames {
  readonly view?: string;
  readonly module?: string;
  readonly version?: string;
}

/** What models of a module are called. */
function names(
  model: string,
  view: string,
  given: ModelNames & { readonly viewModule?: string } = {},
): State {
  const { module = CONTROLS, version = VERSION, viewModule = module } = given;
  return {
    _model_module: module,
    _model_module_version: version,
    _model_name: model,
    _view_count: null,
    _view_module: viewModule,
    _view_module_version: version,
    _view_name: view,
  };
}

/**
 * Makes the model of a widget's box.
 *
 * @param layout - its CSS
 * @returns the model
 * @throws {RangeError} when there is no such property
 */
export function layoutModel(layout: Layout = {}): Model {
  const empty = Object.fromEntries(LAYOUT.map((name) => [snakeCase(name), null]));
  return new Model({
    ...names("LayoutModel", "LayoutView", { module: BASE }),
    ...empty,
    ...layoutState(layout),
  });
}

/**
 * Checks CSS and writes it as models have it.
 *
 * @param layout - some of its properties
 * @returns the same under the models' names
 * @throws {RangeError} when there is no such property
 */
export function layoutState(layout: Layout): State {
  for (const name of Object.keys(layout)) {
    if (!LAYOUT.some((known) => known === name))
      throw new RangeError(`Cannot lay out a widget: its layout must have CSS properties, got ${name}`);
  }
  return Object.fromEntries(Object.entries(layout).map(([name, value]) => [snakeCase(name), value]));
}

/**
 * What the style of a kind of controls has besides the width of the description. ipywidgets 8 has more kinds, for colours
 * and fonts that no option here sets. ipywidgets 7, by which VS Code draws, lacks those, and then draws no control.
 */
const STYLES = {
  Description: {},
  Slider: { handle_color: null },
  Progress: { bar_color: null },
} as const;
const FONT = { font_family: null, font_size: null, font_style: null, font_variant: null, font_weight: null };
const BUTTON = { button_color: null, ...FONT, text_color: null, text_decoration: null };

/** The style that a kind of controls has. */
export type StyleKind = keyof typeof STYLES | "Button";

function styleModel(kind: StyleKind): Model {
  const named = names(`${kind}StyleModel`, "StyleView", { viewModule: BASE });
  return new Model({
    ...named,
    ...(kind === "Button" ? BUTTON : { description_width: "", ...STYLES[kind] }),
  });
}

/** Longer descriptions are cut by the width that front ends give them. */
const LONGEST_DESCRIPTION = 10;
/** Longer ones would leave the control too little of the width that both have. */
const LONGEST_WHOLE_DESCRIPTION = 24;
/** Of these the description stands within the control. */
const DESCRIBED_WITHIN: ReadonlySet<unknown> = new Set(["CheckboxModel", "ToggleButtonModel"]);

/**
 * Gives a description the room that it takes.
 *
 * @param control - its state
 * @param description - what stands before the control
 */
export function fitDescription({ _model_name, style }: Readonly<State>, description: string): void {
  if (!(style instanceof Model) || !("description_width" in style.state)) return;
  if (DESCRIBED_WITHIN.has(_model_name)) return;
  const isShort = description.length <= LONGEST_DESCRIPTION;
  const width = isShort ? "" : description.length <= LONGEST_WHOLE_DESCRIPTION ? "initial" : "50%";
  if (width !== style.state.description_width) style.set({ description_width: width });
}

const BOX = { _dom_classes: [], tabbable: null, tooltip: null };

/**
 * The state of a widget that has a box and no style.
 *
 * @param name - without `Model`
 * @param more - what its kind has
 * @param given - other names
 * @returns the whole state, without the layout
 */
export function boxState(name: string, more: State, { view = name, ...given }: ModelNames = {}): State {
  return { ...names(`${name}Model`, `${view}View`, given), ...BOX, ...more };
}

/**
 * The state of a control with a style and a description.
 *
 * @param name - without `Model`
 * @param style - its kind
 * @param more - what its kind has
 * @param view - without `View`, if it is another name
 * @returns the whole state, without the layout
 */
export function controlState(name: string, style: StyleKind, more: State, view = name): State {
  const described =
    style === "Button" ? { description: "" } : { description: "", description_allow_html: false };
  return boxState(name, { ...described, style: styleModel(style), ...more }, { view });
}
