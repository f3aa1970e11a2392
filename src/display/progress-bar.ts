import { randomUUID } from "node:crypto";
import { display, displayTarget } from "./display.js";
import type { MimeBundle } from "./mime-bundle.js";
import { escapeHtml } from "./rich-text.js";

const leastInterval = 250;
const textWidth = 24;

/**
 * A bar that fills in place, at most four times a second. In a terminal, which cannot change what is printed, only the
 * last state is written.
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
  readonly #total: number;
  readonly #displayId = randomUUID();
  #done = 0;
  #shownAt = Number.NEGATIVE_INFINITY;
  #shown = false;

  /**
   * @param total - how many steps fill the bar
   * @throws RangeError if the total is not a positive number
   */
  constructor(total: number) {
    if (!(total > 0 && Number.isFinite(total))) {
      throw new RangeError(`Cannot create ProgressBar: total must be a positive number, got ${total}`);
    }
    this.#total = total;
  }

  /**
   * Moves the bar; what comes sooner than a quarter of a second after the last drawing is not drawn.
   *
   * @param done - how many steps are done
   * @param text - what stands behind the bar, or a function that is only called when it is drawn
   * @throws RangeError if `done` is negative or NaN
   */
  update(done: number, text: string | (() => string)): void {
    if (!(done >= 0)) {
      throw new RangeError(`Cannot update ProgressBar: done must be a number from 0, got ${done}`);
    }
    this.#done = done;
    const now = performance.now();
    if (now - this.#shownAt < leastInterval || displayTarget() === "text") return;
    this.#shownAt = now;
    this.#draw(typeof text === "string" ? text : text());
  }

  /**
   * Draws the last state, which stays.
   *
   * @param text - what stands behind the bar
   */
  finish(text: string): void {
    this.#draw(text);
  }

  #draw(text: string): void {
    void display(this.#bundle(text), { displayId: this.#displayId, update: this.#shown });
    this.#shown = true;
  }

  #bundle(text: string): MimeBundle {
    const share = Math.min(1, this.#done / this.#total);
    const filled = Math.round(share * textWidth);
    const bar = `<progress value="${this.#done}" max="${this.#total}" style="width:14em;vertical-align:middle"></progress>`;
    return {
      "text/html": `<div style="font-variant-numeric:tabular-nums">${bar} ${escapeHtml(text)}</div>`,
      "text/plain": `[${"=".repeat(filled)}${" ".repeat(textWidth - filled)}] ${text}`,
    };
  }
}
