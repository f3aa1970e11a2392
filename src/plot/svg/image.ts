import type { Trace } from "../figure-json.js";
import { type Mark, noRoom } from "./area.js";
import { element } from "./element.js";

/** Width and height of a PNG picture in a data URI, from its header. */
function pngSize(uri: string): [width: number, height: number] | undefined {
  const [, base64] = /^data:image\/png;base64,([\w+/=]+)$/.exec(uri) ?? [];
  if (base64 === undefined) return undefined;
  const header = Buffer.from(base64.slice(0, 32), "base64");
  return [header.readUInt32BE(16), header.readUInt32BE(20)];
}

/**
 * Reads a picture on axes.
 *
 * @param trace - of type "image", whose source is a PNG picture
 * @returns how it is drawn; undefined if its pixels come otherwise
 */
export function imageMark({ source, x0, dx, y0, dy }: Trace): Mark | undefined {
  const size = typeof source === "string" ? pngSize(source) : undefined;
  if (size === undefined) return undefined;
  const edges = (first: unknown, step: unknown, count: number): [number, number] => {
    const [at, by] = [Number(first ?? 0), Number(step ?? 1)];
    return [at - by / 2, at + by * (count - 0.5)];
  };
  const [x, y] = [edges(x0, dx, size[0]), edges(y0, dy, size[1])];
  return {
    ...{ x, y, roomX: noRoom, roomY: noRoom },
    draw: (area) => {
      const [left = 0, right = 0] = x.map((at) => area.placeX(area.x.read(at)));
      const [top = 0, bottom = 0] = y.map((at) => area.placeY(area.y.read(at)));
      const box = { x: left, y: top, width: right - left, height: bottom - top };
      const style = "image-rendering:pixelated";
      return {
        inside: element("image", { ...box, href: String(source), preserveAspectRatio: "none", style }),
      };
    },
  };
}
