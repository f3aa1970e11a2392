import { briefly } from "../arguments.js";
import type { State } from "./model.js";
import { boxState } from "./state.js";
import { ModelView, type View, type ViewOptions } from "./widget.js";

/** What a row or a column is told. */
export interface BoxOptions extends ViewOptions {
  /** Its colour */
  readonly boxStyle?: "" | "success" | "info" | "warning" | "danger";
}

/** What tabs and accordions are told. */
export interface PagesOptions extends BoxOptions {
  /** The page that is open, counted from 0, or null for none; the first tab, and no part of an accordion, unless given */
  readonly selectedIndex?: number | null;
}

/** A view with others in it. */
export interface Container<Options = BoxOptions> extends View {
  /**
   * Changes what it was made with.
   *
   * @param options - those that change
   */
  set(options: Partial<Options>): void;
}

/** A view that holds others. */
export class Box<Options extends ViewOptions> extends ModelView<Options> implements Container<Options> {
  readonly #children: readonly ModelView<ViewOptions>[];

  /**
   * @param model - its name, without `Model`
   * @param name - what it is called in texts
   * @param children - the others
   * @param options - layout
   * @param more - what its kind has
   * @throws {TypeError} when one of the others is no widget
   */
  constructor(model: string, name: string, children: readonly View[], options: Options, more: State = {}) {
    const inner = children.map((child) => viewOf(name, child));
    const state = { box_style: "", children: inner.map((child) => child.model), ...more };
    super({ name }, boxState(model, state), options);
    this.#children = inner;
  }

  override text(): string {
    const lines = this.#children.map((child, index) => {
      const title = (this.model.state.titles as string[] | undefined)?.[index];
      return `${title === undefined ? "" : `${title}: `}${child.text()}`.replace(/^/gm, "  ");
    });
    return [this.kind.name, ...lines].join("\n");
  }

  override opened(): void {
    super.opened();
    for (const child of this.#children) child.opened();
  }

  override close(): void {
    super.close();
    for (const child of this.#children) child.close();
  }
}

function viewOf(name: string, child: View): ModelView<ViewOptions> {
  if (child instanceof ModelView) return child as ModelView<ViewOptions>;
  throw new TypeError(`Cannot build ${name}: it must hold widgets, got ${briefly(child)}`);
}

/**
 * Widgets side by side.
 *
 * @param children - the widgets
 * @param options - layout
 * @returns a view of all of them
 * @throws {TypeError} when one is no widget
 * @example
 * ```ts
 * import { button, row, slider } from "rnnlab/widgets";
 * row([slider({ description: "alpha" }), button({ description: "Run" })]);
 * ```
 */
export function row(children: readonly View[], options: BoxOptions = {}): Container {
  return new Box("HBox", "row", children, options);
}

/**
 * Widgets one below the other.
 *
 * @param children - the widgets
 * @param options - layout
 * @returns a view of all of them
 * @throws {TypeError} when one is no widget
 * @example
 * ```ts
 * import { checkbox, column, text } from "rnnlab/widgets";
 * column([text({ description: "name" }), checkbox({ description: "save" })]);
 * ```
 */
export function column(children: readonly View[], options: BoxOptions = {}): Container {
  return new Box("VBox", "column", children, options);
}

/** The titles stand in `titles` for ipywidgets 8, and in `_titles` for 7, which VS Code has. */
const pages = (children: Readonly<Record<string, View>>, index: number | null): State => ({
  selected_index: index,
  titles: Object.keys(children),
  _titles: { ...Object.keys(children) },
});

/**
 * Widgets that are seen one at a time, chosen by their titles.
 *
 * @param children - the widgets by their titles
 * @param options - the tab that is open, layout
 * @returns a view of all of them
 * @throws {TypeError} when one is no widget
 * @example
 * ```ts
 * import { slider, tabs, text } from "rnnlab/widgets";
 * tabs({ model: slider({ description: "units" }), data: text({ description: "file" }) });
 * ```
 */
export function tabs(
  children: Readonly<Record<string, View>>,
  options: PagesOptions = {},
): Container<PagesOptions> {
  return new Box("Tab", "tabs", Object.values(children), options, pages(children, 0));
}

/**
 * Widgets that are folded below their titles.
 *
 * @param children - the widgets by their titles
 * @param options - the part that is open, layout
 * @returns a view of all of them
 * @throws {TypeError} when one is no widget
 * @example
 * ```ts
 * import { accordion, number } from "rnnlab/widgets";
 * accordion({ "more options": number({ description: "seed" }) });
 * ```
 */
export function accordion(
  children: Readonly<Record<string, View>>,
  options: PagesOptions = {},
): Container<PagesOptions> {
  return new Box("Accordion", "accordion", Object.values(children), options, pages(children, null));
}
