import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { makeSignal } from "../comm/comm.js";
import type { State } from "./model.js";
import { boxState } from "./state.js";
import { type Codec, Control, type ViewOptions, type Widget } from "./widget.js";

/** What a widget of one's own is made of. */
export interface AnyWidgetDefinition<Values extends object> extends ViewOptions {
  /**
   * An ES module whose default export is `{ initialize({ model }), render({ model, el }) }`; one of this and `file` is given
   */
  readonly esm?: string;
  /** A file with the module, from the notebook's folder */
  readonly file?: string;
  /** CSS of the page while the widget is seen */
  readonly css?: string;
  /** What both sides know and change: JSON, and bytes in typed arrays */
  readonly state: Values;
}

/** A message that is no change of the state. */
export interface AnyWidgetMessage<Content> {
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

/** A widget of one's own. Its value is the whole state. */
export interface AnyWidget<Values extends object, Sent = unknown, Received = unknown>
  extends Widget<Values, ViewOptions> {
  /**
   * Changes a part of the state.
   *
   * @param changes - the values that are new
   */
  change(changes: Partial<Values>): void;
  /**
   * Sends a message, which the module hears by `model.on("msg:custom", …)`.
   *
   * @param content - JSON data
   * @param buffers - bytes that go along
   */
  send(content: Sent, buffers?: readonly (ArrayBuffer | ArrayBufferView)[]): void;
  /**
   * Calls a function for each message that the module sends by `model.send(…)`, one after the other.
   *
   * @param handler - may be asynchronous
   * @returns takes it back
   */
  onMessage(handler: (message: AnyWidgetMessage<Received>) => unknown): () => void;
}

const OWN = new Set(["layout", "tabbable", "tooltip"]);

/**
 * Makes a widget of an ES module, as the package anywidget does. The page must have that package. Bytes that the page
 * sends come as `Uint8Array`, and the page gets a `DataView`.
 *
 * @param definition - the module, its state
 * @returns the widget
 * @throws {TypeError} when there is not one of `esm` and `file`
 * @throws {RangeError} when a name of the state is taken
 * @example
 * ```ts
 * import { anywidget } from "rnnlab/widgets";
 * const counter = anywidget({
 *   esm: `export default {
 *     render({ model, el }) {
 *       const button = document.createElement("button");
 *       const write = () => { button.textContent = "count " + model.get("count"); };
 *       button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
 *       model.on("change:count", write);
 *       write();
 *       el.append(button);
 *     },
 *   };`,
 *   state: { count: 0 },
 * });
 * counter.onChange(({ count }) => console.log(count));
 * ```
 */
export function anywidget<Values extends object, Sent = unknown, Received = unknown>(
  definition: AnyWidgetDefinition<Values>,
): AnyWidget<Values, Sent, Received> {
  const { esm, file, css, state, ...options } = definition;
  if ((esm === undefined) === (file === undefined)) {
    throw new TypeError(
      `Cannot build anywidget: one of esm and file must be given, got ${esm === undefined ? "none" : "both"}`,
    );
  }
  for (const name of Object.keys(state)) {
    if (name.startsWith("_") || OWN.has(name))
      throw new RangeError(
        `Cannot build anywidget: state must not have a name of the widget's own, got ${name}`,
      );
  }
  const source = esm ?? readFileSync(resolve(file ?? ""), "utf8");
  return new OwnWidget<Values, Sent, Received>(source, css, state, options);
}

/**
 * The state of a widget that a module draws.
 *
 * @param esm - the module
 * @param css - of the page
 * @param values - what both sides know
 * @returns a model's state
 */
export function anyState(esm: string, css: string | undefined, values: State): State {
  const id = createHash("sha256")
    .update(`${esm}\0${css ?? ""}`)
    .digest("hex");
  const source = {
    _anywidget_id: `rnnlab.${id.slice(0, 16)}`,
    _esm: esm,
    ...(css === undefined ? {} : { _css: css }),
  };
  return boxState("Any", { ...source, ...values }, { module: "anywidget", version: "0.x" });
}

class OwnWidget<Values extends object, Sent, Received>
  extends Control<Values, ViewOptions>
  implements AnyWidget<Values, Sent, Received>
{
  readonly #handlers = new Set<(message: AnyWidgetMessage<Received>) => Promise<unknown>>();

  constructor(esm: string, css: string | undefined, values: Values, options: ViewOptions) {
    const state = anyState(esm, css, Object.fromEntries(Object.entries(values)));
    super({ name: "anywidget" }, state, options, codecOf<Values>(Object.keys(values)), {
      custom: (content, buffers) => this.#receive({ content: content as Received, buffers }),
    });
  }

  change(changes: Partial<Values>): void {
    this.value = { ...this.value, ...changes };
  }

  send(content: Sent, buffers: readonly (ArrayBuffer | ArrayBufferView)[] = []): void {
    this.model.custom(content, buffers);
  }

  onMessage(handler: (message: AnyWidgetMessage<Received>) => unknown): () => void {
    const received: AnyWidgetMessage<Received>[] = [];
    const signal = makeSignal(async () => {
      for (let next = received.shift(); next !== undefined; next = received.shift()) {
        try {
          await handler(next);
        } catch (error) {
          this.fail(error);
        }
      }
    }, "a message handler of anywidget");
    const take = (message: AnyWidgetMessage<Received>) => {
      received.push(message);
      return signal();
    };
    this.#handlers.add(take);
    return () => void this.#handlers.delete(take);
  }

  #receive(message: AnyWidgetMessage<Received>): Promise<unknown> {
    return Promise.all([...this.#handlers].map((take) => take(message)));
  }
}

function codecOf<Values extends object>(keys: readonly string[]): Codec<Values> {
  return {
    keys,
    read: (state) => Object.fromEntries(keys.map((key) => [key, state[key]])) as Values,
    write(values): State {
      const unknown = Object.keys(values).find((name) => !keys.includes(name));
      if (unknown === undefined) return Object.fromEntries(Object.entries(values));
      throw new RangeError(
        `Cannot set anywidget: its state must have the names ${keys.join(", ")}, got ${unknown}`,
      );
    },
  };
}
