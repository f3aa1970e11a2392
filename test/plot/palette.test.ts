import assert from "node:assert/strict";
import { test } from "node:test";
import { palette } from "rnnlab/plot";

type Triple = readonly [number, number, number];

/** Red, green and blue as light, from 0 to 1. */
function linear(color: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const product = (matrix: readonly Triple[], [a, b, c]: Triple) =>
  matrix.map(([x, y, z]) => x * a + y * b + z * c) as unknown as Triple;

/** Contrast as WCAG 2 defines it. */
function contrast(one: string, other: string): number {
  const [low, high] = [one, other]
    .map((color) => product([[0.2126, 0.7152, 0.0722]], linear(color))[0] + 0.05)
    .sort((a, b) => a - b) as [number, number];
  return high / low;
}

/** What the colour-blind see of light, after Machado, Oliveira and Fernandes (2009), severity 1. */
const eyes: Record<string, readonly Triple[]> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Distance in Ottosson's Oklab (2020), where it is about as large as the difference that is seen. */
function distance(one: Triple, other: Triple): number {
  const [a, b] = [one, other].map((light) => {
    const cones = product(
      [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
      ],
      light.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple,
    );
    return product(
      [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
      ],
      cones.map(Math.cbrt) as unknown as Triple,
    );
  }) as [Triple, Triple];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const pairs = (colors: readonly string[]) =>
  colors.flatMap((one, i) => colors.slice(i + 1).map((other) => [one, other] as const));
const nearest = (colors: readonly string[], eye: readonly Triple[]) =>
  Math.min(
    ...pairs(colors).map(([one, other]) => distance(product(eye, linear(one)), product(eye, linear(other)))),
  );

test("every colour stands out from a white page, JupyterLab's dark one and VS Code's", () => {
  for (const color of palette) {
    for (const page of ["#ffffff", "#111111", "#1f1f1f"]) {
      assert.ok(contrast(color, page) >= 3, `${color} on ${page}: ${contrast(color, page)}`);
    }
  }
});

test("the colour-blind tell any two colours apart better than those of Okabe and Ito", () => {
  const okabeIto = ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7"];
  for (const [name, eye] of Object.entries(eyes)) {
    assert.ok(nearest(palette, eye) > 1.15 * nearest(okabeIto, eye), `${name}: ${nearest(palette, eye)}`);
  }
});
