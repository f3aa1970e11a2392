import type { DisplayHost } from "../host/display.js";
import { type DisplayTarget, findHost } from "./host.js";
import { type MimeBundle, toMimeBundle } from "./mime-bundle.js";

/** How {@link display} shows a value. */
export interface DisplayOptions {
  /** Names the output, so that {@link updateDisplay} can replace it */
  readonly displayId?: string;
  /** Replaces the output of that `displayId` instead of adding one */
  readonly update?: boolean;
  /** Passed on with the output, for instance the width of an image */
  readonly metadata?: Record<string, unknown>;
}

/**
 * Shows a value below the running cell. Outside a notebook its plain text goes to standard output, and updates,
 * which a terminal cannot make in place, are left out.
 *
 * @param value - anything with a `Symbol.for("Jupyter.display")` method, a MIME bundle, or any value at all
 * @param options - display id, update and metadata
 * @returns a promise if the value's own method is asynchronous, else nothing
 * @throws {TypeError} when `update` is asked for without a `displayId`, or the value's own method returns something
 * else than a bundle or nothing
 * @example
 * ```ts
 * import { display, html } from "rnnlab/display";
 * display(html("<b>done</b>"));
 * ```
 */
export function display(value: unknown, options: DisplayOptions = {}): void | Promise<void> {
  const { displayId, update = false } = options;
  if (update && displayId === undefined) {
    throw new TypeError("Cannot update a display: options.displayId must name it, got undefined");
  }
  const { host } = findHost();
  const publish = (bundle: MimeBundle) => host.publish({ ...options, data: { ...bundle } });
  const bundle = toMimeBundle(value);
  return bundle instanceof Promise ? bundle.then(publish) : publish(bundle);
}

/**
 * Replaces an output that was shown with a display id, wherever in the notebook it is.
 *
 * @param displayId - the name given to {@link display}
 * @param value - the new value
 * @returns a promise if the value's own method is asynchronous, else nothing
 * @example
 * ```ts
 * import { display, updateDisplay } from "rnnlab/display";
 * display("counting", { displayId: "count" });
 * updateDisplay("count", "counted");
 * ```
 */
export function updateDisplay(displayId: string, value: unknown): void | Promise<void> {
  return display(value, { displayId, update: true });
}

/**
 * Removes what the running cell has shown so far. A terminal and tslab cannot do so: there it changes nothing.
 *
 * @param options - `wait`: keep the old output until the next one arrives, which avoids flicker
 * @example
 * ```ts
 * import { clearOutput } from "rnnlab/display";
 * clearOutput({ wait: true });
 * ```
 */
export function clearOutput(options: { readonly wait?: boolean } = {}): void {
  findHost().host.clear(options.wait ?? false);
}

/**
 * Brings outputs in order when the running cell is interrupted: what the function shows is the last that is seen of the
 * cell. Outside this project's kernel it is never called.
 *
 * @param callback - shows the final state; it may take no time
 * @returns takes it back, once the output is complete
 * @example
 * ```ts
 * import { display, updateDisplay, whenInterrupted } from "rnnlab/display";
 * display("counting", { displayId: "counter" });
 * const complete = whenInterrupted(() => updateDisplay("counter", "interrupted"));
 * updateDisplay("counter", "counted");
 * complete();
 * ```
 */
export function whenInterrupted(callback: () => void): () => void {
  return findHost().host.whenInterrupted?.(callback) ?? (() => undefined);
}

/**
 * Says who shows the output, for code that writes differently to a terminal.
 *
 * @returns `"rnnlab"` in this project's kernel, `"tslab"` in tslab's, else `"text"`
 * @example
 * ```ts
 * import { displayTarget } from "rnnlab/display";
 * if (displayTarget() === "text") console.log("not in a notebook");
 * ```
 */
export function displayTarget(): DisplayTarget {
  return findHost().target;
}

/**
 * Names the running cell.
 *
 * @returns the notebook's own id of the cell (undefined where the front end or kernel sends none) and its number
 * @example
 * ```ts
 * import { currentCell } from "rnnlab/display";
 * console.log(currentCell().executionCount);
 * ```
 */
export function currentCell(): DisplayHost["cell"] {
  return findHost().host.cell;
}
