// Figures: pure builders that return plotly JSON, and the functions that show them in a notebook.
export {
  type Datum,
  type Figure,
  type FigureOptions,
  houseFigure,
  palette,
  type Trace,
} from "./figure.js";
export { figureSvg } from "./figure-svg.js";
export { type Forecast, forecastFigure } from "./forecast-figure.js";
export { historyFigure, type LossHistory } from "./history-figure.js";
export { lineFigure } from "./line-figure.js";
export { scatterFigure } from "./scatter-figure.js";
export type { Abscissas, Series } from "./series.js";
export { figureBundle, type LiveFigure, type PlotlyFigure, show, showLive } from "./show.js";
