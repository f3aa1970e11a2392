import { type Figure, type FigureOptions, houseFigure, palette } from "./figure.js";
import { type Series, seriesTraces } from "./series.js";

/** The losses of one training, an entry an epoch. */
export interface LossHistory {
  /** Names the training in the legend; "loss" unless given */
  readonly name?: string;
  readonly loss: ArrayLike<number>;
  readonly valLoss?: ArrayLike<number>;
}

/**
 * Builds a figure of the training loss after each epoch; validation losses are dashed in the same colour.
 *
 * @param histories - one training or several
 * @param options - titles, labels, scale (`"log"` shows small losses), height
 * @returns a plotly figure, for `show()`
 * @throws RangeError if a history is empty
 * @example
 * ```ts
 * import { historyFigure, show } from "rnnlab/plot";
 * show(historyFigure([{ name: "GRU", loss: [0.3, 0.1, 0.05] }], { yScale: "log" }));
 * ```
 */
export function historyFigure(
  histories: LossHistory | readonly LossHistory[],
  options: FigureOptions = {},
): Figure {
  const list = "loss" in histories ? [histories] : histories;
  const series = list.flatMap(({ name = "loss", loss, valLoss }, index): Series[] => {
    const color = palette[index % palette.length] ?? "";
    const x = Array.from(loss, (_, epoch) => epoch + 1);
    const training: Series = { name, x, y: loss, color };
    if (valLoss === undefined) return [training];
    return [training, { name: `${name}, validation`, x, y: valLoss, color, dash: "dash" }];
  });
  const labels = { title: "Loss of each epoch", xLabel: "epoch", yLabel: "loss", ...options };
  return houseFigure(seriesTraces(series, "lines"), labels);
}
