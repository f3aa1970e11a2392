import { palette } from "./colors.js";
import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure, Trace } from "./figure-json.js";
import { listed, requireLabels, requireObject, requireOptions, requireText } from "./inputs.js";
import { type Series, seriesTraces } from "./series.js";
import { smallMultiples } from "./small-multiples.js";
import { plainText } from "./text.js";

/** What one training came to, an entry an epoch: what `fit()` returns, or its losses alone. */
export interface LossHistory {
  /** Names the training in the legend */
  readonly name?: string;
  readonly loss: ArrayLike<number>;
  readonly valLoss?: ArrayLike<number>;
  /** Further numbers by name; those on the validation data begin with `val_` */
  readonly metrics?: Readonly<Record<string, ArrayLike<number>>>;
  /** The numbers of the epochs; 1, 2, 3 … unless given */
  readonly epoch?: ArrayLike<number>;
}

/** A training with what is needed to draw it. */
interface Training extends LossHistory {
  readonly color: string;
  readonly trainingName: string;
  readonly validationName: string;
  /** Index of the epoch of the least validation loss */
  readonly best: number | undefined;
}

function bestEpoch(valLoss: ArrayLike<number> = []): number | undefined {
  let best: number | undefined;
  for (let i = 0; i < valLoss.length; i++) {
    const value = valLoss[i] ?? Number.NaN;
    if (Number.isFinite(value) && (best === undefined || value < (valLoss[best] ?? 0))) best = i;
  }
  return valLoss.length > 1 ? best : undefined;
}

function seriesOf(
  training: Training,
  values: ArrayLike<number>,
  validation: ArrayLike<number> | undefined,
): Series[] {
  const { color, trainingName, validationName } = training;
  const epochs = (count: number) => training.epoch ?? Array.from({ length: count }, (_, index) => index + 1);
  const line: Series = { name: trainingName, x: epochs(values.length), y: values, color };
  if (validation === undefined) return [line];
  return [line, { name: validationName, x: epochs(values.length), y: validation, color, dash: "dash" }];
}

/** Plotly would label half epochs where there are few. */
function epochAxis(trainings: readonly Training[]): object {
  const most = Math.max(...trainings.map(({ loss }) => loss.length));
  return most <= 10 ? { dtick: 1 } : {};
}

/** tfjs shortens the name of this one metric. */
const metricTitle = (name: string) => (name === "acc" ? "accuracy" : name);

/** A ring around the validation value of the best epoch. */
function ring(
  { best, color, epoch, name }: Training,
  validation: ArrayLike<number> | undefined,
  only: boolean,
): Trace[] {
  const value = validation?.[best ?? -1];
  if (best === undefined || value === undefined || !Number.isFinite(value)) return [];
  const at = epoch?.[best] ?? best + 1;
  return [
    {
      type: "scatter",
      mode: "markers",
      name: plainText(only ? `best epoch: ${at}` : `best epoch of ${name}: ${at}`),
      x: [at],
      y: [value],
      marker: { symbol: "circle-open", size: 13, color, line: { width: 2 } },
      showlegend: only,
      hoverinfo: "skip",
    },
  ];
}

/**
 * Builds a figure of the training loss after each epoch, and beside it a panel for each metric. What is on the validation
 * data is dashed in the same colour; a ring marks the epoch of the least validation loss.
 *
 * @param histories - one training or several, as `fit()` returns them, with a `name` where there are several
 * @param options - titles, labels, scale of the loss (`"log"` shows small losses), height
 * @returns a plotly figure, for `show()`
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when there is no history or an empty one, or its columns differ in length
 * @example
 * ```ts
 * import { historyFigure, show } from "rnnlab/plot";
 * show(historyFigure([{ name: "GRU", loss: [0.3, 0.1, 0.05], valLoss: [0.4, 0.2, 0.3] }], { yScale: "log" }));
 * ```
 */
export function historyFigure(
  histories: LossHistory | readonly LossHistory[],
  options: FigureOptions = {},
): Figure {
  const action = "plot history";
  const list = listed(action, "histories", histories, ["loss"]);
  for (const { name = "", valLoss, epoch, metrics = {} } of list) {
    requireText(action, "the name of a history", name);
    requireObject(action, "metrics", metrics);
    requireLabels(action, { valLoss, epoch, ...metrics });
  }
  requireOptions(action, options);
  const trainings = list.map(
    ({ name, ...history }, index): Training => ({
      ...history,
      color: palette[index % palette.length] ?? "",
      trainingName:
        name ?? (history.valLoss === undefined && history.metrics === undefined ? "loss" : "training"),
      validationName: name === undefined ? "validation" : `${name}, validation`,
      best: bestEpoch(history.valLoss),
      name: name ?? "the training",
    }),
  );
  const only = trainings.length === 1;
  const panel = (
    { title, yLabel, ...more }: FigureOptions,
    pick: (training: Training) => readonly [ArrayLike<number> | undefined, ArrayLike<number> | undefined],
  ) => {
    const series = trainings.flatMap((training) => {
      const [values, validation] = pick(training);
      return values === undefined ? [] : seriesOf(training, values, validation);
    });
    const rings = trainings.flatMap((training) => ring(training, pick(training)[1], only));
    const labels = { xLabel: "epoch", ...more, title: title ?? "", yLabel: yLabel ?? "" };
    return houseFigure([...seriesTraces(series, "lines"), ...rings], labels, { xaxis: epochAxis(trainings) });
  };
  const loss = panel({ title: "Loss of each epoch", yLabel: "loss", ...options }, ({ loss, valLoss }) => [
    loss,
    valLoss,
  ]);
  const names = new Set(
    trainings.flatMap(({ metrics = {} }) => Object.keys(metrics).map((name) => name.replace(/^val_/, ""))),
  );
  if (names.size === 0) return loss;
  const metrics = [...names].map((name) =>
    panel({ title: metricTitle(name) }, ({ metrics = {} }) => [metrics[name], metrics[`val_${name}`]]),
  );
  const { title = "Training", height = 330 * Math.ceil((names.size + 1) / 2) } = options;
  const lossPanel = panel(
    { ...options, title: "loss", yLabel: options.yLabel ?? "" },
    ({ loss, valLoss }) => [loss, valLoss],
  );
  return smallMultiples([lossPanel, ...metrics], { title, height, columns: 2, share: "x" });
}
