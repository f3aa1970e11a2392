import { inspect } from "node:util";
import { hasFrontEnd, makeSignal } from "../comm/comm.js";
import { findHost } from "../display/host.js";
import { displayTarget, type MimeBundle, type RichValue, richDisplay } from "../display/index.js";
import { Model, type ModelListener, type State } from "./model.js";
import { fitDescription, type Layout, layoutModel, layoutState, snakeCase } from "./state.js";

/** A type that another argument says, and this one must have. */
export type Given<Type> = [Type][Type extends unknown ? 0 : never];

/** What every widget can be told. */
export interface ViewOptions {
  /** CSS of its box */
  readonly layout?: Layout;
  /** What is shown while the pointer rests on it */
  readonly tooltip?: string | null;
}

/** What most controls can be told. */
export interface ControlOptions extends ViewOptions {
  /** What stands before it, or on it if it is a button */
  readonly description?: string;
  /** Whether it takes no input; false unless given */
  readonly disabled?: boolean;
}

/** Something that a notebook shows and that stays alive: the last value of a cell, or one given to `display()`. */
export interface View extends RichValue {
  /** Takes it from all pages; shown again, it is a new one */
  close(): void;
}

/** A view with a value that both sides can change. */
export interface Widget<Value, Options = ControlOptions> extends View, AsyncIterable<Value> {
  /** What it is at now; a new one is shown at once and told to the handlers */
  value: Value;
  /**
   * Calls a function after changes, on either side. Changes that come while it runs are thrown together: it gets the
   * newest. What it prints belongs to the cell that this is called in, what it throws is shown below the widget.
   *
   * @param handler - gets the value; it may be asynchronous
   * @returns takes it back
   */
  onChange(handler: (value: Value) => unknown): () => void;
  /**
   * Changes what it was made with.
   *
   * @param options - those that change
   */
  set(options: Partial<Options>): void;
}

/** How a value and a model's state become each other. */
export interface Codec<Value> {
  /** The keys of the state that make up the value */
  readonly keys: readonly string[];
  /** Undefined where the state has no such value */
  read(state: Readonly<State>): Value | undefined;
  /** Throws where it is no such value */
  write(value: Value, state: Readonly<State>): State;
}

/** What a view is called in texts, and how its options become state. */
export interface Kind<Options> {
  readonly name: string;
  /** Options that are no state under their own names; what it throws is the error */
  readonly state?: (options: Partial<Options>, state: Readonly<State>) => State;
}

const VIEW_TYPE = "application/vnd.jupyter.widget-view+json";

/** Anything that is shown by a model. */
export class ModelView<Options extends ViewOptions> implements View {
  readonly model: Model;
  readonly kind: Kind<Options>;
  readonly #errors: unknown[] = [];
  #complain: (() => Promise<void>) | undefined;

  /**
   * @param kind - what it is
   * @param state - of the model, without its layout
   * @param options - what it is told
   * @param listener - hears of messages
   */
  constructor(kind: Kind<Options>, state: State, options: Options, listener?: ModelListener) {
    this.kind = kind;
    const { layout, ...rest } = options;
    this.model = new Model({ ...state, layout: layoutModel(layout) }, listener);
    Object.assign(this.model.state, this.stateOf(rest as Partial<Options>));
    Object.defineProperty(this, inspect.custom, { value: () => this.text() });
  }

  /** @param options - that change */
  set(options: Partial<Options>): void {
    const { layout, ...rest } = options;
    if (layout !== undefined) (this.model.state.layout as Model).set(layoutState(layout));
    this.model.set(this.stateOf(rest as Partial<Options>));
  }

  [richDisplay](): MimeBundle | Promise<MimeBundle> {
    return this.bundle();
  }

  /** How it is shown. */
  bundle(): MimeBundle {
    const text = { "text/plain": this.text() };
    if (displayTarget() !== "rnnlab" || !hasFrontEnd()) return text;
    this.opened();
    return { [VIEW_TYPE]: { model_id: this.model.open(), version_major: 2, version_minor: 0 }, ...text };
  }

  close(): void {
    this.model.close();
  }

  /** What a terminal shows. */
  text(): string {
    const { description } = this.model.state;
    return [this.kind.name, description].filter((word) => word !== undefined && word !== "").join(" ");
  }

  /** Is called in the cell that shows it, which shows its errors, too. */
  opened(): void {
    this.#complain ??= makeSignal(() => this.#write(), `a widget's handler`);
  }

  /**
   * Shows what a handler has thrown below the widget.
   *
   * @param error - what was thrown
   */
  fail(error: unknown): void {
    if (this.#complain === undefined) throw error;
    this.#errors.push(error);
    void this.#complain();
  }

  #write(): void {
    for (const error of this.#errors.splice(0)) {
      const { traceback } = describeError(error);
      process.stderr.write(`Error in a handler of ${this.text()}:\n${traceback.join("\n")}\n`);
    }
  }

  /** What options make of the state. */
  protected stateOf(options: Partial<Options>): State {
    const own = this.kind.state?.(options, this.model.state) ?? {};
    const named = Object.entries(options).map(([name, value]) => [snakeCase(name), value]);
    const known = named.filter(([name, value]) => value !== undefined && String(name) in this.model.state);
    const state: State = { ...Object.fromEntries(known), ...own };
    if (typeof state.description === "string") fitDescription(this.model.state, state.description);
    return state;
  }
}

/**
 * What was thrown, as an output of kind `error` has it.
 *
 * @param error - anything
 * @returns its name, its message, and the lines that are shown
 */
export function describeError(error: unknown): { ename: string; evalue: string; traceback: string[] } {
  const described = findHost().host.describeError?.(error);
  if (described !== undefined) return described;
  const [ename, evalue] = error instanceof Error ? [error.name, error.message] : ["Thrown", inspect(error)];
  return { ename, evalue, traceback: [error instanceof Error ? (error.stack ?? evalue) : evalue] };
}

/** A view with a value. */
export class Control<Value, Options extends ViewOptions = ControlOptions>
  extends ModelView<Options>
  implements Widget<Value, Options>
{
  readonly #codec: Codec<Value>;
  readonly #signals = new Set<() => Promise<void>>();
  readonly #waiting = new Set<() => void>();
  #version = 0;
  #closed = false;

  /**
   * @param kind - what it is
   * @param state - of the model, without its layout
   * @param options - what it is told, without its value
   * @param codec - how the value is kept
   * @param listener - hears of what is no change
   */
  constructor(
    kind: Kind<Options>,
    state: State,
    options: Options,
    codec: Codec<Value>,
    listener: Pick<ModelListener, "custom"> = {},
  ) {
    super(kind, state, options, { changed: (changes) => this.#changed(changes), ...listener });
    this.#codec = codec;
  }

  get value(): Value {
    const value = this.#codec.read(this.model.state);
    if (value === undefined)
      throw new TypeError(`Cannot read ${this.kind.name}: its state has no such value`);
    return value;
  }

  set value(value: Value) {
    const { state } = this.model;
    const all = Object.entries(this.#codec.write(value, state));
    const changes = Object.fromEntries(all.filter(([key, next]) => !isEqual(next, state[key])));
    if (Object.keys(changes).length === 0) return;
    this.model.set(changes);
    void this.announce();
  }

  override set(options: Partial<Options>): void {
    const { value, ...rest } = options as Partial<Options> & { value?: Value };
    const changes = this.stateOf(rest as Partial<Options>);
    // Of bounds that do not fit the value nothing is to become true.
    this.#codec.write(value ?? this.value, { ...this.model.state, ...changes });
    super.set(rest as Partial<Options>);
    if (value !== undefined) this.value = value;
  }

  onChange(handler: (value: Value) => unknown): () => void {
    return this.listen(() => handler(this.value));
  }

  /**
   * Calls a function after changes.
   *
   * @param handler - is told how many there are
   * @returns takes it back
   */
  listen(handler: (calls: number) => unknown): () => void {
    const signal = makeSignal(async (calls) => {
      if (!this.#signals.has(signal)) return;
      try {
        await handler(calls);
      } catch (error) {
        this.fail(error);
      }
    }, `a handler of ${this.text()}`);
    this.#signals.add(signal);
    return () => void this.#signals.delete(signal);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value, void, undefined> {
    for (let seen = this.#version; ; ) {
      while (seen === this.#version) {
        if (this.#closed) return;
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
      seen = this.#version;
      yield this.value;
    }
  }

  override opened(): void {
    super.opened();
    this.#closed = false;
  }

  override close(): void {
    super.close();
    this.#closed = true;
    this.#wake();
  }

  override text(): string {
    return `${super.text()}: ${inspect(this.value)}`;
  }

  /** Tells all handlers of a change; resolves when they are done with it. */
  announce(): Promise<unknown> {
    this.#version++;
    this.#wake();
    return Promise.all([...this.#signals].map((signal) => signal()));
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  #changed(changes: Readonly<State>): { refused: readonly string[]; handled: Promise<unknown> } {
    const { keys } = this.#codec;
    const mine = keys.filter((key) => Object.hasOwn(changes, key));
    const next = { ...this.model.state, ...changes };
    if (mine.length === 0 || isSame(pick(next, keys), this.model.state)) {
      return { refused: [], handled: Promise.resolve() };
    }
    if (this.#codec.read(next) === undefined) return { refused: mine, handled: Promise.resolve() };
    return { refused: [], handled: this.announce() };
  }
}

const hasBytes = (value: unknown): boolean =>
  ArrayBuffer.isView(value) ||
  value instanceof ArrayBuffer ||
  (typeof value === "object" && value !== null && Object.values(value).some(hasBytes));

const pick = (state: Readonly<State>, keys: readonly string[]): State =>
  Object.fromEntries(keys.map((key) => [key, state[key]]));

const isSame = (changes: Readonly<State>, state: Readonly<State>): boolean =>
  Object.entries(changes).every(([key, value]) => isEqual(value, state[key]));

/** Of bytes nobody knows it: they can change where they are. */
const isEqual = (one: unknown, other: unknown): boolean =>
  !hasBytes(one) && (Object.is(one, other) || JSON.stringify(one) === JSON.stringify(other));
