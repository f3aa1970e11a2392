import { randomUUID } from "node:crypto";
import { makeSignal } from "../comm/comm.js";
import { display, html, type MimeBundle } from "../display/index.js";
import { onceASession, PICTURE_TYPE, PLOTLY_TYPE } from "../plot/figure-bundle.js";
import { libraryHtml, nextFigureHtml } from "../plot/figure-html.js";
import type { Figure } from "../plot/index.js";

const carries = onceASession();

/** Figures in an output that is filled again and again. */
export interface LiveFigures {
  /**
   * To be called in the cell that shows the output, whose own output then carries plotly.js, once a session.
   */
  shown(): void;
  /**
   * Turns a figure into one that takes the place of the one before.
   *
   * @param data - a MIME bundle
   * @param slot - names the place within the output
   * @returns the bundle, changed if it is a figure's
   */
  bundle(data: MimeBundle, slot: string): MimeBundle;
}

/**
 * @returns what keeps the figures of one output
 */
export function liveFigures(): LiveFigures {
  const key = randomUUID();
  let found = false;
  let delivered = false;
  let carry: (() => Promise<void>) | undefined;
  const carryNow = (): void => {
    if (carries()) void display(html(libraryHtml(), ""));
  };
  return {
    shown() {
      carry ??= makeSignal(carryNow, "a figure's library");
      if (!found || delivered) return;
      delivered = true;
      // Before the cell ends: what comes later is not in a notebook that nbclient runs.
      carryNow();
    },
    bundle(data, slot) {
      const figure = data[PLOTLY_TYPE] as Figure | undefined;
      if (figure === undefined) return data;
      found = true;
      if (!delivered && carry !== undefined) {
        delivered = true;
        void carry();
      }
      const text = String(data["text/plain"]);
      const svg = data[PICTURE_TYPE] as string | undefined;
      const page = nextFigureHtml(
        { figure: { ...figure, layout: figure.layout ?? {} }, text, svg },
        `${key}-${slot}`,
      );
      return { "text/html": page, ...(svg === undefined ? {} : { [PICTURE_TYPE]: svg }), "text/plain": text };
    },
  };
}
