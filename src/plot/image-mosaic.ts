import { quoteShape } from "../arguments.js";
import { requireList, requireObject } from "./inputs.js";
import { type MatrixValues, matrixRows } from "./matrix.js";
import { pngDataUri } from "./png.js";
import { extent } from "./scale.js";

/** Pictures of one channel: a list of matrices `[height][width]`, or all pixels with their shape as `loadMnist()` gives them. */
export type Images =
  | readonly MatrixValues[]
  | {
      readonly images: ArrayLike<number>;
      readonly shape: readonly [count: number, height: number, width: number];
    };

/** The pixels of an image, row after row. */
export type Tile = readonly (readonly (number | null)[])[];

/**
 * Takes the images that are drawn out of those given.
 *
 * @param images - all
 * @param most - how many are drawn at most
 * @returns their pixels
 * @throws {RangeError} when there are not as many pixels as their shape says
 */
export function readTiles(images: Images, most: number): Tile[] {
  const action = "plot images";
  requireObject(action, "images", images);
  if (!("images" in images)) requireList(action, "images", images);
  if (!("images" in images)) return images.slice(0, most).map((image) => matrixRows(action, image));
  requireList(action, "images.images", images.images);
  requireList(action, "images.shape", images.shape);
  const [count, height, width] = images.shape;
  if (images.images.length !== count * height * width || images.shape.length !== 3) {
    throw new RangeError(
      `Cannot ${action}: pixels must have the shape [count, height, width], got ${images.images.length} of ${quoteShape(images.shape)}`,
    );
  }
  return Array.from({ length: Math.min(count, most) }, (_, index) => {
    const row = (y: number) =>
      Array.from({ length: width }, (_, x) => images.images[(index * height + y) * width + x] ?? 0);
    return Array.from({ length: height }, (_, y) => row(y));
  });
}

/**
 * The size that all images have.
 *
 * @param tiles - their pixels
 * @returns the size of each, in pixels
 * @throws {RangeError} when there is none, or sizes differ
 */
export function commonSize(tiles: readonly Tile[]): { width: number; height: number } {
  const [height = 0, width = 0] = [tiles[0]?.length, tiles[0]?.[0]?.length];
  if (tiles.length === 0 || width === 0)
    throw new RangeError("Cannot plot images: there must be at least one, got none");
  const other = tiles.find((tile) => tile.length !== height || tile[0]?.length !== width);
  if (other !== undefined) {
    throw new RangeError(
      `Cannot plot images: all must have the same size, got ${width} × ${height} and ${other[0]?.length} × ${other.length} pixels`,
    );
  }
  return { width, height };
}

/** The place of each image in pixels of the mosaic; below and beside each is room. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
  /** From one image to the next */
  readonly stepX: number;
  readonly stepY: number;
}

/**
 * Paints images into one PNG picture.
 *
 * @param tiles - their pixels
 * @param grid - their places
 * @param options - which values are black and white
 * @returns the picture as a data URI
 * @throws {RangeError} when no pixel is finite, or the range is none
 */
export function drawMosaic(
  tiles: readonly Tile[],
  grid: Grid,
  { range, inverted = false }: { readonly range?: readonly [number, number]; readonly inverted?: boolean },
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
