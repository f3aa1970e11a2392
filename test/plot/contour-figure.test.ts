import assert from "node:assert/strict";
import { test } from "node:test";
import { contourFigure, figureSvg } from "rnnlab/plot";

const places = Array.from({ length: 41 }, (_, i) => -2 + i / 10);
const onGrid = (f: (x: number, y: number) => number) => places.map((y) => places.map((x) => f(x, y)));
const at = { x: places, y: places };
/** The points of a line, without its gaps. */
function pointsOf(figure: ReturnType<typeof contourFigure>, line: number): [x: number, y: number][] {
  const { x = [], y = [] } = figure.data[line] ?? {};
  return x.flatMap((value, i) => (value === null ? [] : [[Number(value), Number(y[i])]]));
}

test("along a line the values are those of its level", () => {
  const plane = contourFigure(
    onGrid((x, y) => x - 3 * y),
    { ...at, levels: [-1.05, 0.5] },
  );
  for (const [line, level] of [-1.05, 0.5].entries()) {
    const points = pointsOf(plane, line);
    assert.ok(points.length > 20);
    for (const [x, y] of points) assert.ok(Math.abs(x - 3 * y - level) < 1e-9, `${x}, ${y}`);
  }
  const bowl = contourFigure(
    onGrid((x, y) => x * x + y * y),
    { ...at, levels: [1] },
  );
  // Between places a tenth apart a parabola and its chord differ by at most 0.1² / 4.
  for (const [x, y] of pointsOf(bowl, 0)) assert.ok(Math.abs(x * x + y * y - 1) < 0.0026, `${x}, ${y}`);
});

test("at a saddle the corners belong together that are on the side of the middle", () => {
  const saddle = (level: number) =>
    pointsOf(
      contourFigure(
        [
          [0, 1],
          [1, 0],
        ],
        { levels: [level] },
      ),
      0,
    );
  // The middle is 0.5: above the level the great corners are one, and a line cuts off each of the small ones.
  const sides = (points: [number, number][]) =>
    [0, 2].map((i) => points[i]![0] + points[i]![1] + points[i + 1]![0] + points[i + 1]![1]).sort();
  assert.deepEqual(sides(saddle(0.25)), [0.5, 3.5]);
  // Below it one line goes round each of the great corners, which lie where x + y is 1.
  assert.deepEqual(sides(saddle(0.75)), [2, 2]);
});

test("gaps have no lines, levels that nothing reaches are left out, and series lie over the lines", () => {
  const figure = contourFigure(
    [
      [0, 1, Number.NaN],
      [0, 1, 2],
    ],
    { levels: [0.5, 1.5, 9], over: [{ name: "here", x: [1], y: [0.5] }] },
  );
  assert.deepEqual(
    figure.data.map(({ name }) => name),
    ["0.5", "here"],
  );
  assert.match(figureSvg(figure) ?? "", /^<svg/);
  assert.equal(contourFigure(onGrid((x) => x)).data.length, 8);
});

test("what has no contours is refused", () => {
  const square = [
    [1, 2],
    [3, 4],
  ];
  const refusals: [() => unknown, string][] = [
    [
      () => contourFigure([[1, 2]]),
      "Cannot plot contours: there must be at least 2 rows and 2 columns, got 1 and 2",
    ],
    [
      () => contourFigure(square, { x: [1, 1] }),
      "Cannot plot contours: x must be 2 rising numbers, one for each column, got [1, 1]",
    ],
    [
      () => contourFigure(square, { y: [1, 2, 3] }),
      "Cannot plot contours: y must be 2 rising numbers, one for each row, got [1, 2, 3]",
    ],
    [
      () =>
        contourFigure([
          [null, null],
          [null, null],
        ]),
      "Cannot plot contours: a value must be finite, got none",
    ],
  ];
  for (const [build, message] of refusals) assert.throws(build, { name: "RangeError", message });
});
