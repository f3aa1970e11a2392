// Figures: pure builders that return plotly JSON, and the functions that show them in a notebook.
export { type BarOptions, type Bars, barFigure } from "./bar-figure.js";
export { palette } from "./colors.js";
export { type ConfusionMatrixFigureOptions, confusionMatrixFigure } from "./confusion-matrix-figure.js";
export { type FigureOptions, houseFigure } from "./figure.js";
export { figureBundle, type PlotlyFigure } from "./figure-bundle.js";
export type { Datum, Figure, Trace } from "./figure-json.js";
export { type Forecast, forecastFigure } from "./forecast-figure.js";
export { type HeatmapOptions, heatmapFigure } from "./heatmap-figure.js";
export { type HistogramOptions, histogramFigure, type Sample } from "./histogram-figure.js";
export { historyFigure, type LossHistory } from "./history-figure.js";
export { type ImageGridOptions, type Images, imageGridFigure } from "./image-grid-figure.js";
export { lineFigure } from "./line-figure.js";
export type { MatrixValues } from "./matrix.js";
export { scatterFigure } from "./scatter-figure.js";
export type { Abscissas, Series } from "./series.js";
export { type LiveFigure, show, showLive } from "./show.js";
export { type SmallMultiplesOptions, smallMultiples } from "./small-multiples.js";
export { type FigureSvgOptions, figureSvg } from "./svg/figure-svg.js";
