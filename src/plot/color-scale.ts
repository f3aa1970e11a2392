/** A colour scale as plotly writes it: places from 0 to 1 and their colours. */
export type ColorScale = readonly (readonly [place: number, color: string])[];

/** From nothing to much: one hue from light to dark, so that it needs no sense of colour and prints in grey. */
export const sequentialScale: ColorScale = [
  [0, "#f4f9fd"],
  [0.25, "#b9dcf2"],
  [0.5, "#5fb0e0"],
  [0.75, "#0f74b0"],
  [1, "#06304d"],
];

/** From less to more than a middle: blue and vermilion, which all kinds of colour blindness tell apart. */
export const divergingScale: ColorScale = [
  [0, "#053a5c"],
  [0.25, "#3a94c9"],
  [0.5, "#f7f7f5"],
  [0.75, "#e2793a"],
  [1, "#6e2a00"],
];

type Rgb = readonly [red: number, green: number, blue: number];

const parse = (color: string): Rgb => {
  const bits = Number.parseInt(color.slice(1), 16);
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
};

/**
 * Reads a colour scale.
 *
 * @param scale - at least one place with a colour as `#rrggbb`, in rising order
 * @returns gives red, green and blue (0 to 255) at a place from 0 to 1
 */
export function colorReader(scale: ColorScale): (place: number) => Rgb {
  const stops = scale.map(([at, color]) => ({ at, rgb: parse(color) }));
  return (place) => {
    const upper = Math.max(
      1,
      stops.findIndex(({ at }) => at >= place),
    );
    const [low, high] = [stops[upper - 1], stops[upper] ?? stops[upper - 1]];
    if (low === undefined || high === undefined) return [128, 128, 128];
    const share = Math.min(1, Math.max(0, (place - low.at) / (high.at - low.at || 1)));
    const mix = (channel: 0 | 1 | 2) =>
      Math.round(low.rgb[channel] + share * (high.rgb[channel] - low.rgb[channel]));
    return [mix(0), mix(1), mix(2)];
  };
}

/** Whether black is easier to read on a colour than white. */
export function isLight([red, green, blue]: Rgb): boolean {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140;
}
