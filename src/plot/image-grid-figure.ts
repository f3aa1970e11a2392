import { requireInteger } from "../arguments.js";
import { ink, palette } from "./colors.js";
import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure, Trace } from "./figure-json.js";
import { commonSize, drawMosaic, type Grid, type Images, readTiles, type Tile } from "./image-mosaic.js";
import { requireLabels, requireOptions } from "./inputs.js";
import { plainText } from "./text.js";

/** What an image grid can be told beside the options of every figure. */
export interface ImageGridOptions extends Pick<FigureOptions, "title" | "height"> {
  /** What each image shows; it stands below */
  readonly labels?: ArrayLike<string | number>;
  /** What was read in each image: where it is not the label, both stand below and the image has a frame */
  readonly predictions?: ArrayLike<string | number>;
  /** How many images of those given are drawn, from the first; 100 at most unless given */
  readonly count?: number;
  /** Images in a row; 10, or as many as there are, unless given */
  readonly columns?: number;
  /** The values that are drawn black and white; the least and the greatest unless given */
  readonly range?: readonly [black: number, white: number];
  /** Draws low values white and high ones black, as ink on paper */
  readonly inverted?: boolean;
}

function checkNames(
  what: string,
  names: ArrayLike<unknown> | undefined,
  images: number,
  drawn: number,
): void {
  if (names === undefined || names.length === images || names.length === drawn) return;
  throw new RangeError(
    `Cannot plot images: there must be ${what} for each of ${images} images, got ${names.length}`,
  );
}

/**
 * Builds a grid of small pictures with what they show, and with what a model has read in them: what it misread has a
 * frame and both names.
 *
 * @param images - matrices of one size `[height][width]`, or pixels with their shape `[count, height, width]`
 * @param options - labels, predictions, how many images, columns, range of the pixels, title, height
 * @returns a plotly figure, for `show()`
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when there is no image, sizes differ, labels or predictions are not as many as the images, or
 * `count` or `columns` is not a positive integer
 * @example
 * ```ts
 * import { imageGridFigure, show } from "rnnlab/plot";
 * const images = [[[0, 255], [255, 0]], [[255, 255], [0, 0]]];
 * show(imageGridFigure(images, { title: "Two images", labels: ["cross", "bar"], predictions: ["cross", "cross"] }));
 * ```
 */
export function imageGridFigure(images: Images, options: ImageGridOptions = {}): Figure {
  requireOptions("plot images", options);
  const { labels, predictions, count = 100, title = "" } = options;
  requireLabels("plot images", { labels, predictions });
  for (const [name, value] of Object.entries({ count, columns: options.columns ?? 1 })) {
    requireInteger("plot images", name, value, 1);
  }
  const tiles = readTiles(images, count);
  const { width, height } = commonSize(tiles);
  const total = "images" in images ? images.shape[0] : images.length;
  checkNames("a label", labels, total, tiles.length);
  checkNames("a prediction", predictions, total, tiles.length);
  const names = tiles.map((_, index) => tileName(labels?.[index], predictions?.[index]));
  const columns = options.columns ?? Math.min(10, tiles.length);
  // Room for a line of text, or for two.
  const below = names.some(({ misread }) => misread) ? 0.65 : names.some(({ given }) => given) ? 0.42 : 0.2;
  const grid: Grid = {
    ...{ columns, rows: Math.ceil(tiles.length / columns), width, height },
    stepX: width + Math.ceil(width * 0.2),
    stepY: height + Math.ceil(height * below),
  };
  const places = names.map((name, index) => ({
    ...name,
    x: (index % columns) * grid.stepX,
    y: Math.floor(index / columns) * grid.stepY,
  }));
  const cell = Math.min(110, 760 / columns);
  const axis = { visible: false, constrain: "domain" };
  return houseFigure(
    [mosaic(tiles, grid, options), ...nameTraces(places, grid), hoverTrace(places, grid)],
    { title, height: options.height ?? Math.ceil(70 + grid.rows * cell * (grid.stepY / grid.stepX)) },
    {
      hovermode: "closest",
      hoverdistance: -1,
      showlegend: false,
      margin: { l: 20, r: 20, t: title === "" ? 20 : 50, b: 20 },
      xaxis: { ...axis, range: [0, columns * grid.stepX] },
      yaxis: { ...axis, range: [grid.rows * grid.stepY, 0], scaleanchor: "x" },
      shapes: places.filter(({ misread }) => misread).map((place) => frame(place, grid)),
    },
  );
}

/** What stands below an image, and whether the model took it for something else. */
interface TileName {
  readonly given: boolean;
  readonly misread: boolean;
  readonly text: string;
}

type Name = string | number | undefined;

function tileName(label: Name, prediction: Name): TileName {
  const misread = label !== undefined && prediction !== undefined && String(label) !== String(prediction);
  const text = misread
    ? `✗ ${plainText(String(label))}<br>read as ${plainText(String(prediction))}`
    : plainText(String(label ?? prediction ?? ""));
  return { given: label !== undefined || prediction !== undefined, misread, text };
}

/** An image's name, and its upper left corner in pixels of the mosaic. */
interface Place extends TileName {
  readonly x: number;
  readonly y: number;
}

function mosaic(tiles: readonly Tile[], grid: Grid, options: ImageGridOptions): Trace {
  return {
    type: "image",
    source: drawMosaic(tiles, grid, options),
    zsmooth: false,
    // Plotly places pixels by their middle.
    ...{ x0: 0.5, dx: 1, y0: 0.5, dy: 1 },
    hoverinfo: "skip",
  };
}

/** The names, if there are any. */
function nameTraces(places: readonly Place[], { width, height }: Grid): Trace[] {
  if (!places.some(({ given }) => given)) return [];
  return [
    {
      type: "scatter",
      mode: "text",
      x: places.map(({ x }) => x + width / 2),
      // A little below, clear of a frame.
      y: places.map(({ y }) => y + 1.07 * height),
      text: places.map(({ text }) => text),
      textposition: "bottom center",
      textfont: { size: 12, color: places.map(({ misread }) => (misread ? ink.warning : ink.text)) },
      hoverinfo: "skip",
    },
  ];
}

/** Points in the middle of the images, which nobody sees: the pointer finds them. */
function hoverTrace(places: readonly Place[], { width, height }: Grid): Trace {
  return {
    type: "scatter",
    mode: "markers",
    name: "images",
    x: places.map(({ x }) => x + width / 2),
    y: places.map(({ y }) => y + height / 2),
    customdata: places.map(({ given, text }, index) => `image ${index}${given ? `: ${text}` : ""}`),
    marker: { opacity: 0, size: 1 },
    hovertemplate: "%{customdata}<extra></extra>",
  };
}

function frame({ x, y }: Place, { width, height }: Grid) {
  return {
    ...{ type: "rect", x0: x - 0.5, x1: x + width + 0.5, y0: y - 0.5, y1: y + height + 0.5 },
    line: { color: palette[1] ?? "red", width: 2.5 },
  };
}
