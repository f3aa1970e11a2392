import { randomUUID } from "node:crypto";
import { display, displayTarget, whenInterrupted } from "./display.js";
import type { MimeBundle } from "./mime-bundle.js";
import { escapeHtml, spellControls } from "./rich-text.js";
import { Throttle } from "./throttle.js";

/** How something that took its time came to its end. */
export type Outcome = "done" | "interrupted" | "failed";

const TEXT_WIDTH = 24;
const SHORTEST_INTERVAL = 250;

/** Okabe and Ito's green and vermilion, and a darker orange: for a light one Chromium takes a black track. */
const colors: Readonly<Record<Outcome, string>> = {
  done: "#009E73",
  interrupted: "#B87900",
  failed: "#D55E00",
};

/**
 * A bar that fills in place, at most four times a second. When the cell is interrupted it says so. In a terminal, which
 * cannot change what is printed, only the last state is written.
 *
 * @example
 * ```ts
 * import { ProgressBar } from "rnnlab/display";
 * const bar = new ProgressBar(3);
 * for (let done = 1; done <= 3; done++) bar.update(done, `step ${done}/3`);
 * bar.finish("done");
 * ```
 */
export class ProgressBar {
  readonly #displayId = randomUUID();
  readonly #throttle = new Throttle(SHORTEST_INTERVAL);
  #total: number | undefined;
  #done = 0;
  #text: string | (() => string) = "";
  #complete: (() => void) | undefined;

  /**
   * @param total - how many steps fill the bar; until it is known, the bar only moves
   * @throws {RangeError} when the total is not a positive number
   */
  constructor(total?: number) {
    this.total = total;
  }

  /** How many steps fill the bar, undefined as long as nobody knows. */
  get total(): number | undefined {
    return this.#total;
  }

  set total(total: number | undefined) {
    if (total !== undefined && !(total > 0 && Number.isFinite(total))) {
      throw new RangeError(`Cannot create ProgressBar: total must be a positive number, got ${total}`);
    }
    this.#total = total;
  }

  /**
   * Moves the bar; what comes sooner than a quarter of a second after the last drawing is not drawn.
   *
   * @param done - how many steps are done
   * @param text - what stands after the bar, further lines below; or a function, called only when it is drawn
   * @throws {RangeError} when `done` is negative or NaN
   */
  update(done: number, text: string | (() => string)): void {
    if (!(done >= 0)) {
      throw new RangeError(`Cannot update ProgressBar: done must be a number from 0, got ${done}`);
    }
    this.#done = done;
    this.#text = text;
    this.#throttle.run(() => {
      if (displayTarget() !== "text") this.#draw(this.#currentText());
    });
  }

  /**
   * Draws the last state, which stays.
   *
   * @param text - what stands after the bar, further lines below
   * @param outcome - the colour of the bar: green when it is done, orange when interrupted, red when failed
   */
  finish(text: string, outcome: Outcome = "done"): void {
    this.#draw(text, outcome);
    this.#complete?.();
  }

  #currentText(): string {
    return typeof this.#text === "string" ? this.#text : this.#text();
  }

  #draw(text: string, outcome?: Outcome): void {
    void display(this.#bundle(text, outcome), {
      displayId: this.#displayId,
      update: this.#complete !== undefined,
    });
    this.#complete ??= whenInterrupted(() =>
      this.finish(`interrupted: ${this.#currentText()}`, "interrupted"),
    );
  }

  #bundle(text: string, outcome?: Outcome): MimeBundle {
    const total = this.#total ?? (outcome === undefined ? undefined : Math.max(this.#done, 1));
    const share = Math.min(1, this.#done / (total ?? Number.POSITIVE_INFINITY));
    const filled = Math.round(share * TEXT_WIDTH);
    const [first = "", ...more] = text.split("\n").map((line) => spellControls(line.replace(/\s/g, " ")));
    const value = total === undefined ? "" : ` value="${this.#done}" max="${total}"`;
    const color = outcome === undefined ? "" : `;accent-color:${colors[outcome]}`;
    const lines = more.map((line) => `<div style="opacity:0.75">${escapeHtml(line)}</div>`);
    return {
      "text/html": `<div style="font-variant-numeric:tabular-nums"><progress${value} style="width:14em;vertical-align:middle${color}"></progress> ${escapeHtml(first)}${lines.join("")}</div>`,
      "text/plain": [`[${"=".repeat(filled)}${" ".repeat(TEXT_WIDTH - filled)}] ${first}`, ...more].join(
        "\n",
      ),
    };
  }
}
