import { RandomGenerator } from "../../random/index.js";
import type { Provenance } from "../load-dataset.js";
import type { DigitImages, Mnist } from "./digits.js";

const SIZE = 28;
const DIGITS = 10;

type Point = readonly [x: number, y: number];

/** Part of an ellipse around (x, y), from one angle to another in degrees, clockwise from the right. */
function arc(centre: Point, radii: Point, [from, to]: Point): Point[] {
  const pieces = Math.max(2, Math.round(Math.abs(to - from) / 45));
  return Array.from({ length: pieces + 1 }, (_, piece) => {
    const angle = ((from + ((to - from) * piece) / pieces) * Math.PI) / 180;
    return [centre[0] + radii[0] * Math.cos(angle), centre[1] + radii[1] * Math.sin(angle)];
  });
}

/** How each digit is written: strokes of the pen in a square of side 1, y downwards. */
const strokes: readonly (readonly Point[])[][] = [
  [arc([0.5, 0.5], [0.33, 0.48], [-90, 270])],
  [
    [
      [0.3, 0.25],
      [0.55, 0.03],
      [0.55, 0.97],
    ],
  ],
  [[...arc([0.5, 0.28], [0.32, 0.26], [-160, 50]), [0.15, 0.96], [0.87, 0.96]]],
  [[...arc([0.46, 0.27], [0.32, 0.25], [-150, 80]), ...arc([0.46, 0.73], [0.36, 0.25], [-80, 150])]],
  [
    [
      [0.62, 0.03],
      [0.13, 0.62],
      [0.9, 0.62],
    ],
    [
      [0.68, 0.35],
      [0.68, 0.98],
    ],
  ],
  [[[0.82, 0.04], [0.28, 0.04], [0.22, 0.44], ...arc([0.47, 0.67], [0.35, 0.3], [-110, 140])]],
  [[[0.68, 0.02], [0.35, 0.3], ...arc([0.5, 0.71], [0.31, 0.27], [-180, 180])]],
  [
    [
      [0.13, 0.06],
      [0.87, 0.06],
      [0.42, 0.98],
    ],
  ],
  [arc([0.5, 0.27], [0.26, 0.25], [-90, 270]), arc([0.5, 0.74], [0.33, 0.25], [-90, 270])],
  [[...arc([0.5, 0.29], [0.3, 0.27], [0, 360]), [0.76, 0.6], [0.62, 0.98]]],
];

/**
 * The embedded sample: digits drawn by this project. Each is written with the strokes above, turned, slanted, scaled,
 * shifted and shaken at random, with a pen of random width.
 *
 * @returns 60,000 and 10,000 pictures, as the real data
 */
export function makeMnistSample(): Omit<Mnist, keyof Provenance> {
  return { name: "mnist", train: draw(60_000, 1998), test: draw(10_000, 1999) };
}

function draw(count: number, seed: number): DigitImages {
  const random = new RandomGenerator(seed);
  const images = new Uint8Array(count * SIZE * SIZE);
  const labels = Uint8Array.from({ length: count }, () => random.integer(DIGITS));
  labels.forEach((label, position) => {
    const picture = images.subarray(position * SIZE * SIZE, (position + 1) * SIZE * SIZE);
    drawDigit(picture, strokes[label] ?? [], random);
  });
  return { images, shape: [count, SIZE, SIZE], labels };
}

function drawDigit(picture: Uint8Array, digit: readonly (readonly Point[])[], random: RandomGenerator): void {
  const turn = random.uniform(-0.12, 0.12);
  const slant = random.uniform(-0.15, 0.15);
  const [width, height] = [random.uniform(13, 17), random.uniform(17, 20)];
  const [right, down] = [random.uniform(-1, 1), random.uniform(-1, 1)];
  const radius = random.uniform(0.8, 1.6);
  const [sine, cosine] = [Math.sin(turn), Math.cos(turn)];
  const place = ([x, y]: Point): Point => {
    const v = (y - 0.5) * height + random.uniform(-0.4, 0.4);
    const u = (x - 0.5) * width - slant * v + random.uniform(-0.4, 0.4);
    return [SIZE / 2 + right + u * cosine - v * sine, SIZE / 2 + down + u * sine + v * cosine];
  };
  for (const stroke of digit) {
    stroke.map(place).reduce((from, to) => {
      drawLine(picture, from, { to, radius });
      return to;
    });
  }
}

/** Inks every pixel near the line, less towards its edge. */
function drawLine(
  picture: Uint8Array,
  from: Point,
  pen: { readonly to: Point; readonly radius: number },
): void {
  const { to, radius } = pen;
  const [x0, y0] = from;
  const [dx, dy] = [to[0] - x0, to[1] - y0];
  const squared = dx * dx + dy * dy || 1;
  const reach = radius + 0.5;
  const [left, right] = span(x0, to[0], reach);
  const [top, bottom] = span(y0, to[1], reach);
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      // The nearest point of the line, as a share of its length.
      const along = ((x - x0) * dx + (y - y0) * dy) / squared;
      const share = along < 0 ? 0 : along > 1 ? 1 : along;
      const offX = x - x0 - share * dx;
      const offY = y - y0 - share * dy;
      const distance = offX * offX + offY * offY;
      if (distance >= reach * reach) continue;
      const ink = Math.round(255 * Math.min(1, reach - Math.sqrt(distance)));
      const pixel = y * SIZE + x;
      if (ink > (picture[pixel] ?? 0)) picture[pixel] = ink;
    }
  }
}

/** The pixels that a pen reaches along one axis. */
function span(from: number, to: number, reach: number): [least: number, most: number] {
  return [
    Math.max(0, Math.ceil(Math.min(from, to) - reach)),
    Math.min(SIZE - 1, Math.floor(Math.max(from, to) + reach)),
  ];
}
