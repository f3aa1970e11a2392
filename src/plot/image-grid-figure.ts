import { ink, palette } from "./colors.js";
import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure } from "./figure-json.js";
import { type MatrixValues, matrixRows } from "./matrix.js";
import { pngDataUri } from "./png.js";
import { extent } from "./scale.js";
import { plainText } from "./text.js";

/** Pictures of one channel: a list of matrices `[height][width]`, or all pixels with their shape as `loadMnist()` gives them. */
export type Images =
  | readonly MatrixValues[]
  | {
      readonly images: ArrayLike<number>;
      readonly shape: readonly [count: number, height: number, width: number];
    };

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

type Tile = readonly (readonly (number | null)[])[];

function readTiles(images: Images, most: number): Tile[] {
  const action = "plot images";
  if (!("images" in images)) return images.slice(0, most).map((image) => matrixRows(action, image));
  const [count, height, width] = images.shape;
  if (images.images.length !== count * height * width || images.shape.length !== 3) {
    throw new RangeError(
      `Cannot ${action}: pixels must have the shape [count, height, width], got ${images.images.length} of [${images.shape.join(", ")}]`,
    );
  }
  return Array.from({ length: Math.min(count, most) }, (_, index) => {
    const row = (y: number) =>
      Array.from({ length: width }, (_, x) => images.images[(index * height + y) * width + x] ?? 0);
    return Array.from({ length: height }, (_, y) => row(y));
  });
}

/** The place of each image in pixels of the mosaic; below and beside each is room. */
interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
  /** From one image to the next */
  readonly stepX: number;
  readonly stepY: number;
}

function drawMosaic(
  tiles: readonly Tile[],
  grid: Grid,
  { range, inverted = false }: ImageGridOptions,
): string {
  const [black, white] = range ?? extent(tiles.flat(2).map((value) => value ?? Number.NaN));
  if (range === undefined && black > white) {
    throw new RangeError("Cannot plot images: there must be at least one finite pixel, got none");
  }
  if (range !== undefined && !(black < white && Number.isFinite(white - black))) {
    throw new RangeError(
      `Cannot plot images: range must go from a finite number to a greater one, got [${black}, ${white}]`,
    );
  }
  const [width, height] = [grid.columns * grid.stepX, grid.rows * grid.stepY];
  const rgba = new Uint8Array(width * height * 4);
  for (const [index, tile] of tiles.entries()) {
    const left = (index % grid.columns) * grid.stepX;
    const top = Math.floor(index / grid.columns) * grid.stepY;
    for (const [y, row] of tile.entries()) {
      for (const [x, value] of row.entries()) {
        const share = Math.min(1, Math.max(0, ((value ?? black) - black) / (white - black || 1)));
        const grey = Math.round(255 * (inverted ? 1 - share : share));
        rgba.set([grey, grey, grey, value === null ? 0 : 255], ((top + y) * width + left + x) * 4);
      }
    }
  }
  return pngDataUri(width, height, rgba);
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
 * @throws RangeError if there is no image, sizes differ, labels or predictions are not as many as the images, or `count`
 *   or `columns` is not a positive integer
 * @example
 * ```ts
 * import { imageGridFigure, show } from "rnnlab/plot";
 * const images = [[[0, 255], [255, 0]], [[255, 255], [0, 0]]];
 * show(imageGridFigure(images, { title: "Two images", labels: ["cross", "bar"], predictions: ["cross", "cross"] }));
 * ```
 */
export function imageGridFigure(images: Images, options: ImageGridOptions = {}): Figure {
  const { labels, predictions, count = 100, title = "" } = options;
  const total = "images" in images ? images.shape[0] : images.length;
  for (const [name, value] of Object.entries({ count, columns: options.columns ?? 1 })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new RangeError(`Cannot plot images: ${name} must be a positive integer, got ${value}`);
  }
  const tiles = readTiles(images, count);
  const [height = 0, width = 0] = [tiles[0]?.length, tiles[0]?.[0]?.length];
  if (tiles.length === 0 || width === 0)
    throw new RangeError("Cannot plot images: there must be at least one, got none");
  const other = tiles.find((tile) => tile.length !== height || tile[0]?.length !== width);
  if (other !== undefined) {
    throw new RangeError(
      `Cannot plot images: all must have the same size, got ${width} × ${height} and ${other[0]?.length} × ${other.length} pixels`,
    );
  }
  checkNames("a label", labels, total, tiles.length);
  checkNames("a prediction", predictions, total, tiles.length);
  const columns = options.columns ?? Math.min(10, tiles.length);
  const isNamed = labels !== undefined || predictions !== undefined;
  const isMisread = (index: number) =>
    labels !== undefined && predictions !== undefined && String(labels[index]) !== String(predictions[index]);
  // Room for a line of text, or for two.
  const below = tiles.some((_, index) => isMisread(index)) ? 0.65 : isNamed ? 0.42 : 0.2;
  const grid: Grid = {
    ...{ columns, rows: Math.ceil(tiles.length / columns), width, height },
    stepX: width + Math.ceil(width * 0.2),
    stepY: height + Math.ceil(height * below),
  };
  const places = tiles.map((_, index) => ({
    x: (index % columns) * grid.stepX,
    y: Math.floor(index / columns) * grid.stepY,
    label: labels?.[index],
    prediction: predictions?.[index],
    misread:
      labels !== undefined &&
      predictions !== undefined &&
      String(labels[index]) !== String(predictions[index]),
  }));
  const nameOf = ({ label, prediction, misread }: (typeof places)[number]) =>
    misread
      ? `✗ ${plainText(String(label))}<br>read as ${plainText(String(prediction))}`
      : plainText(String(label ?? prediction ?? ""));
  const wrong = palette[1] ?? "red";
  const data = [
    {
      type: "image",
      source: drawMosaic(tiles, grid, options),
      zsmooth: false,
      // Plotly places pixels by their middle.
      ...{ x0: 0.5, dx: 1, y0: 0.5, dy: 1 },
      hoverinfo: "skip",
    },
    ...(isNamed
      ? [
          {
            type: "scatter",
            mode: "text",
            x: places.map(({ x }) => x + width / 2),
            // A little below, clear of a frame.
            y: places.map(({ y }) => y + 1.07 * height),
            text: places.map(nameOf),
            textposition: "bottom center",
            textfont: { size: 12, color: places.map(({ misread }) => (misread ? ink.warning : ink.text)) },
            hoverinfo: "skip",
          },
        ]
      : []),
    {
      type: "scatter",
      mode: "markers",
      name: "images",
      x: places.map(({ x }) => x + width / 2),
      y: places.map(({ y }) => y + height / 2),
      customdata: places.map((place, index) => `image ${index}${isNamed ? `: ${nameOf(place)}` : ""}`),
      marker: { opacity: 0, size: 1 },
      hovertemplate: "%{customdata}<extra></extra>",
    },
  ];
  const cell = Math.min(110, 760 / columns);
  const axis = { visible: false, constrain: "domain" };
  return houseFigure(
    data,
    { title, height: options.height ?? Math.ceil(70 + grid.rows * cell * (grid.stepY / grid.stepX)) },
    {
      hovermode: "closest",
      hoverdistance: -1,
      showlegend: false,
      margin: { l: 20, r: 20, t: title === "" ? 20 : 50, b: 20 },
      xaxis: { ...axis, range: [0, columns * grid.stepX] },
      yaxis: { ...axis, range: [grid.rows * grid.stepY, 0], scaleanchor: "x" },
      shapes: places
        .filter(({ misread }) => misread)
        .map(({ x, y }) => ({
          ...{ type: "rect", x0: x - 0.5, x1: x + width + 0.5, y0: y - 0.5, y1: y + height + 0.5 },
          line: { color: wrong, width: 2.5 },
        })),
    },
  );
}
