import { stripVTControlCharacters } from "node:util";
import { makeSignal } from "../comm/comm.js";
import { findHost } from "../display/host.js";
import { display, escapeHtml } from "../display/index.js";
import type { CapturedOutput } from "../host/display.js";
import { PICTURE_TYPE } from "../plot/figure-bundle.js";
import { liveFigures } from "./live-figures.js";
import { settled } from "./settled.js";
import { boxState } from "./state.js";
import { describeError, ModelView, type View, type ViewOptions } from "./widget.js";

/** A place for what code puts out. */
export interface Output extends View {
  /**
   * Shows a value in it, as `display()` shows it below a cell.
   *
   * @param value - anything
   */
  append(value: unknown): void;
  /**
   * Removes what it shows.
   *
   * @param options - `wait`: only when the next output comes, which avoids flicker
   */
  clear(options?: { readonly wait?: boolean }): void;
  /**
   * Runs code whose output it shows: what is printed, displayed and thrown, also after an `await`. Child processes print
   * below the cell all the same.
   *
   * @param code - may be asynchronous
   * @returns what the code returns; undefined where it has thrown
   */
  capture<Result>(code: () => Promise<Result>): Promise<Result | undefined>;
  capture<Result>(code: () => Result): Result | undefined;
  /**
   * Changes its box.
   *
   * @param options - CSS
   */
  set(options: Partial<ViewOptions>): void;
}

/** An output as notebooks have it. */
type NotebookOutput =
  | { readonly output_type: "stream"; readonly name: string; readonly text: string }
  | { readonly output_type: "display_data"; readonly data: object; readonly metadata: object }
  | {
      readonly output_type: "error";
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

interface Entry {
  readonly output: NotebookOutput;
  readonly displayId?: string | undefined;
}

/** The shortest time between two drawings while code goes on, in ms. */
const INTERVAL = 50;
/** Of printed text that is longer, the end is kept, in UTF-16 code units. */
const LONGEST_TEXT = 200_000;

/** The output of code, in a widget. */
export class OutputView extends ModelView<ViewOptions> implements Output {
  readonly #figures = liveFigures();
  #entries: Entry[] = [];
  #clears = false;
  #stale = false;
  #drawSoon: (() => Promise<void>) | undefined;
  #drawn = Number.NEGATIVE_INFINITY;

  /** @param options - CSS of its box */
  constructor(options: ViewOptions = {}) {
    const names = { module: "@jupyter-widgets/output", version: "1.0.0" };
    super({ name: "output" }, boxState("Output", { msg_id: "", outputs: [] }, names), options);
  }

  append(value: unknown): void {
    void this.capture(() => display(value));
  }

  clear({ wait = false }: { readonly wait?: boolean } = {}): void {
    this.take({ type: "clear", wait });
  }

  capture<Result>(code: () => Result): Result | undefined {
    const { capture } = findHost().host;
    // What comes at once is drawn at once: together.
    this.#drawn = performance.now();
    // Elsewhere than in this project's kernel nobody takes the output away.
    if (capture === undefined) return code();
    return settled(
      () => capture((output) => this.take(output), code),
      (error) => this.showError(error),
      () => this.draw(),
    );
  }

  /**
   * Runs code whose output takes the place of what is shown, once there is some, or the code has ended without.
   *
   * @param code - may be asynchronous
   * @returns what it returns
   */
  refill(code: () => unknown): unknown {
    const { capture } = findHost().host;
    this.clear({ wait: true });
    const entries = this.#entries;
    this.#drawn = performance.now();
    return settled(
      () => (capture === undefined ? code() : capture((output) => this.take(output), code)),
      (error) => this.showError(error),
      () => {
        if (this.#clears && entries === this.#entries) this.clear();
        this.#clears = false;
        this.draw();
      },
    );
  }

  /**
   * Shows an error as a cell shows it.
   *
   * @param error - what was thrown
   */
  showError(error: unknown): void {
    this.#add({ output: { output_type: "error", ...describeError(error) } });
    this.#changed();
  }

  override opened(): void {
    super.opened();
    this.#figures.shown();
  }

  override text(): string {
    const texts = this.#entries.map(({ output }) => {
      if (output.output_type === "stream") return output.text;
      if (output.output_type === "error") return output.traceback.join("\n");
      return String((output.data as Record<string, unknown>)["text/plain"] ?? "");
    });
    return texts.length === 0 ? "output" : texts.join("\n");
  }

  /**
   * Writes what it shows for pages that have no widgets.
   *
   * @returns HTML, and the picture if there is one figure alone
   */
  still(): { readonly html: string; readonly svg: string | undefined } {
    const bundles = this.#entries.map(({ output }): Readonly<Record<string, unknown>> => {
      if (output.output_type === "stream") return { "text/plain": output.text };
      if (output.output_type === "error") return { "text/plain": output.traceback.join("\n") };
      return { ...output.data };
    });
    const html = bundles.map(
      (bundle) =>
        bundle["text/html"] ??
        `<pre>${escapeHtml(stripVTControlCharacters(String(bundle["text/plain"] ?? "")))}</pre>`,
    );
    const [picture, ...others] = bundles.flatMap((bundle) => bundle[PICTURE_TYPE] ?? []);
    return {
      html: html.join("\n"),
      svg: typeof picture === "string" && others.length === 0 ? picture : undefined,
    };
  }

  /**
   * Adds an output of the code that it shows.
   *
   * @param output - as the kernel captures it
   */
  take(output: CapturedOutput): void {
    if (output.type === "clear") {
      this.#clears = output.wait;
      if (output.wait) return;
      this.#entries = [];
    } else if (output.type === "stream") this.#print(output.name, output.text);
    else this.#show(output);
    this.#changed();
  }

  /** Shows the latest state now. */
  draw(): void {
    if (!this.#stale) return;
    this.#stale = false;
    this.model.set({ outputs: this.#entries.map(({ output }) => output) });
    this.model.flush();
    this.#drawn = performance.now();
  }

  #changed(): void {
    this.#stale = true;
    this.#drawSoon ??= makeSignal(() => this.draw(), "an output", INTERVAL);
    if (performance.now() - this.#drawn >= INTERVAL) this.draw();
    else void this.#drawSoon();
  }

  #add(entry: Entry): void {
    if (this.#clears) this.#entries = [];
    this.#clears = false;
    this.#entries.push(entry);
  }

  #print(name: string, text: string): void {
    const last = this.#clears ? undefined : this.#entries.at(-1)?.output;
    const goesOn = last?.output_type === "stream" && last.name === name;
    if (goesOn) this.#entries.pop();
    const whole = goesOn ? last.text + text : text;
    this.#add({ output: { output_type: "stream", name, text: whole.slice(-LONGEST_TEXT) } });
  }

  #show({ data, metadata = {}, displayId, update = false }: CapturedOutput & { type: "display" }): void {
    const place = this.#entries.filter((entry) => displayId !== undefined && entry.displayId === displayId);
    if (update && place.length === 0) return;
    const index = update || this.#clears ? 0 : this.#entries.length;
    const shown = this.#figures.bundle(data, displayId ?? String(index));
    const entry: Entry = { output: { output_type: "display_data", data: shown, metadata }, displayId };
    if (update) this.#entries = this.#entries.map((each) => (place.includes(each) ? entry : each));
    else this.#add(entry);
  }
}

/**
 * A place for what code puts out: it can be filled again and again, and stand beside other widgets.
 *
 * @param options - CSS of its box
 * @returns the widget
 * @example
 * ```ts
 * import { output } from "rnnlab/widgets";
 * const log = output({ layout: { height: "10em", overflow: "auto" } });
 * log.capture(() => console.log("into the widget"));
 * ```
 */
export function output(options: ViewOptions = {}): Output {
  return new OutputView(options);
}
