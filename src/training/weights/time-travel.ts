import { briefly, requireInteger } from "../../arguments.js";
import { findHost } from "../../display/host.js";
import {
  displayTarget,
  escapeHtml,
  type MimeBundle,
  type RichValue,
  richDisplay,
  toMimeBundle,
} from "../../display/index.js";
import { pictureHtml } from "../../plot/figure-html.js";
import { type Figure, figureSvg, type PlotlyFigure, smallMultiples } from "../../plot/index.js";
import type * as tf from "../../tensorflow.js";
import type { KeptHistory } from "./kept-history.js";

/** What is drawn from. */
export interface Moment {
  /** The model, with the weights that it had then */
  readonly model: tf.LayersModel;
  /** 0 is before the training */
  readonly epoch: number;
  /** The training loss of the epoch; undefined before the first one */
  readonly loss: number | undefined;
  /** Aborted when a newer epoch waits for this one's end */
  readonly signal: AbortSignal;
}

/** How {@link timeTravel} shows a training. */
export interface TimeTravelOptions {
  /** Epochs in the picture that is seen where no slider can be; 4 unless given, 1 is the last one alone */
  readonly frames?: number;
}

const PICTURE = "image/svg+xml";
const never = new AbortController().signal;

/**
 * Goes through a training: a slider over its epochs, and below it what a function draws from the model as it was then.
 * Afterwards the model has its weights of now again. Where no slider can be, such as in a page made of the notebook,
 * stands a picture of some epochs if the function returns figures, else what it returns for the last one.
 *
 * @param history - of a training with `keepWeights: "epoch"`
 * @param draw - returns what is shown, such as a figure; it may be asynchronous
 * @param options - the picture
 * @returns what a notebook shows: the last value of a cell, or one given to `display()`
 * @throws {TypeError} when the history has no weights, or there is no function
 * @throws {RangeError} when `frames` is no positive integer
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { lineFigure } from "rnnlab/plot";
 * import { fit, timeTravel } from "rnnlab/training";
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
 * const x = tf.tensor2d([[0], [1], [2]]);
 * const history = await fit(model, x, x.mul(2), { epochs: 5, keepWeights: "epoch" });
 * timeTravel(history, ({ model, epoch }) =>
 *   lineFigure({ name: `epoch ${epoch}`, y: (model.predict(x) as tf.Tensor).dataSync() }),
 * );
 * ```
 */
export function timeTravel(
  history: KeptHistory,
  draw: (moment: Moment) => unknown,
  options: TimeTravelOptions = {},
): RichValue {
  const { weights } = history as Partial<KeptHistory>;
  if (typeof weights?.at !== "function") {
    throw new TypeError(
      `Cannot travel in time: the history must have weights, got ${briefly(weights)}; train with keepWeights: "epoch"`,
    );
  }
  if (typeof draw !== "function")
    throw new TypeError(`Cannot travel in time: draw must be a function, got ${briefly(draw)}`);
  const { frames = 4 } = options;
  requireInteger("travel in time", "frames", frames, 1);
  const drawn = (epoch: number, signal: AbortSignal) =>
    weights.at(epoch, (model) =>
      draw({ model, epoch, loss: history.loss[history.epoch.indexOf(epoch)], signal }),
    );
  return { [richDisplay]: () => show(weights.epochs, frames, drawn) };
}

type Drawn = (epoch: number, signal: AbortSignal) => Promise<unknown>;

async function show(epochs: readonly number[], frames: number, drawn: Drawn): Promise<MimeBundle> {
  const { several, bundle } = await stillForm(epochs, frames, drawn);
  if (displayTarget() !== "rnnlab") return bundle;
  const { interact, slider } = await import("../../widgets/index.js");
  const [min = 0, max = min] = [epochs[0], epochs.at(-1)];
  // Of a long training some epochs may be missing.
  const kept = (epoch: number) => epochs.findLast((each) => each <= epoch) ?? min;
  const view = interact(({ epoch }: { epoch: number }, { signal }) => drawn(kept(epoch), signal), {
    epoch: slider({ min, max, step: 1, value: max, description: "epoch" }),
  });
  const shown = await view[richDisplay]();
  if (!several) return shown;
  const { [PICTURE]: svg, "text/plain": text } = bundle;
  // Below the last epoch a page shows the picture of several.
  const page = `${shown["text/html"]}\n${pictureHtml(String(svg), escapeHtml(String(text)))}`;
  return { ...shown, "text/html": page, [PICTURE]: svg };
}

/** What stands where no slider can be: a picture of several epochs, or what is drawn at the last one. */
async function stillForm(
  epochs: readonly number[],
  frames: number,
  drawn: Drawn,
): Promise<{ readonly several: boolean; readonly bundle: MimeBundle }> {
  const { capture = (_: unknown, code: () => Promise<unknown>) => code() } = findHost().host;
  const values: [epoch: number, value: unknown][] = [];
  // What a function shows by itself is seen with the slider.
  for (const epoch of spread(epochs, frames)) {
    const value = await capture(
      () => undefined,
      () => drawn(epoch, never),
    );
    values.push([epoch, value]);
  }
  const figures = values.flatMap(([epoch, value]) =>
    isPanel(value) ? [titled(value, `epoch ${epoch}`)] : [],
  );
  const shown = values.map(([epoch]) => epoch);
  if (figures.length > 1 && figures.length === values.length)
    return { several: true, bundle: picture(smallMultiples(figures), shown) };
  const last = values.at(-1)?.[1];
  return {
    several: false,
    bundle: isFigure(last) ? picture(last, shown.slice(-1)) : await toMimeBundle(last),
  };
}

function picture(figure: Figure, epochs: readonly number[]): MimeBundle {
  const svg = figureSvg(figure, { fluid: true });
  const text = `Figure of epoch ${epochs.join(", ")}`;
  return { ...(svg === undefined ? {} : { [PICTURE]: svg }), "text/plain": text };
}

/** The first and the last one, and others between them: most happens at the beginning of a training. */
function spread(epochs: readonly number[], frames: number): number[] {
  const last = epochs.length - 1;
  const places = Array.from({ length: frames }, (_, i) =>
    frames === 1 ? last : Math.round(epochs.length ** (i / (frames - 1))) - 1,
  );
  return [...new Set(places)].map((place) => epochs[place] as number);
}

function isFigure(value: unknown): value is Figure {
  const { data, layout } = Object(value) as Partial<PlotlyFigure>;
  return Array.isArray(data) && typeof layout === "object";
}

/** Whether it has one pair of axes, so that it can stand beside others. */
const isPanel = (value: unknown): value is Figure =>
  isFigure(value) && value.data.every(({ xaxis = "x", yaxis = "y" }) => xaxis === "x" && yaxis === "y");

function titled(figure: Figure, text: string): Figure {
  const { title } = figure.layout as { title?: object };
  return { ...figure, layout: { ...figure.layout, title: { ...title, text } } };
}
