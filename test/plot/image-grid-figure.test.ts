import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { type Figure, type ImageGridOptions, type Images, imageGridFigure } from "rnnlab/plot";

/** Grey and opacity of each pixel of the mosaic, row by row. */
function pixelsOf(figure: Figure): string[][] {
  const png = Buffer.from(String(figure.data[0]!.source).replace(/^.*,/, ""), "base64");
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const at = png.indexOf("IDAT");
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => {
      const [red, green, blue, opacity] = rows.subarray(y * (4 * width + 1) + 1 + 4 * x);
      assert.ok(red === green && green === blue);
      return opacity === 0 ? "–" : String(red);
    }),
  );
}
const drawn = (images: Images, options?: ImageGridOptions) =>
  pixelsOf(imageGridFigure(images, options)).map((row) => row.join(" "));

const two: Images = { images: [0, 10, 5, 10, 10, 0, 0, 10], shape: [2, 2, 2] };

test("pixels go from black to white, images side by side with room between", () => {
  assert.deepEqual(drawn(two), ["0 255 – 255 0 –", "128 255 – 0 255 –", "– – – – – –"]);
});

test("images stand below one another in rows of so many, as many as asked for", () => {
  assert.deepEqual(drawn(two, { columns: 1 }), [
    "0 255 –",
    "128 255 –",
    "– – –",
    "255 0 –",
    "0 255 –",
    "– – –",
  ]);
  assert.deepEqual(drawn(two, { count: 1 }), ["0 255 –", "128 255 –", "– – –"]);
});

test("a range cuts values off, inverted is ink on paper, a gap is nothing", () => {
  assert.deepEqual(drawn([[[0, 5, 20, Number.NaN]]], { range: [0, 10], inverted: true }), [
    "255 128 0 – –",
    "– – – – –",
  ]);
});

test("what was misread has a frame and both names", () => {
  const { data, layout } = imageGridFigure(two, { labels: [3, "<b>"], predictions: ["3", 8] });
  assert.deepEqual(data[1]!.text, ["3", "✗ &lt;b&gt;<br>read as 8"]);
  assert.equal((layout.shapes as unknown[]).length, 1);
});

test("60,000 images are not drawn all", () => {
  const [count, size] = [60_000, 4];
  const images = { images: new Uint8Array(count * size).map((_, i) => i % 7), shape: [count, 2, 2] as const };
  assert.equal(imageGridFigure(images).data[1]!.x?.length, 100);
});

test("images that are none or differ in size, and names that are too few, are refused", () => {
  const refusals: [() => unknown, string][] = [
    [() => imageGridFigure([]), "there must be at least one, got none"],
    [() => imageGridFigure([[[1]], [[1, 2]]]), "all must have the same size, got 1 × 1 and 2 × 1 pixels"],
    [
      () => imageGridFigure({ images: [1], shape: [1, 2, 2] }),
      "pixels must have the shape [count, height, width], got 1 of [1, 2, 2]",
    ],
    [() => imageGridFigure(two, { labels: [1, 2, 3] }), "there must be a label for each of 2 images, got 3"],
    [
      () => imageGridFigure(two, { predictions: [] }),
      "there must be a prediction for each of 2 images, got 0",
    ],
    [() => imageGridFigure(two, { columns: 0 }), "columns must be a positive integer, got 0"],
    [() => imageGridFigure(two, { count: 1.5 }), "count must be a positive integer, got 1.5"],
    [
      () => imageGridFigure(two, { range: [2, 1] }),
      "range must go from a finite number to a greater one, got [2, 1]",
    ],
    [() => imageGridFigure([[[Number.NaN]]]), "there must be at least one finite pixel, got none"],
  ];
  for (const [build, rule] of refusals) {
    assert.throws(build, { name: "RangeError", message: `Cannot plot images: ${rule}` });
  }
});
