import { requireInteger, typeName } from "../arguments.js";
import { anyState } from "./anywidget.js";
import { Control, type ViewOptions, type Widget } from "./widget.js";

/** What a board to draw on is told. */
export interface SketchOptions extends ViewOptions {
  /** Pixels in a row; 28 unless given, as in MNIST */
  readonly width?: number;
  /** Rows; 28 unless given */
  readonly height?: number;
  /** Grey levels from 0, nothing, to 255, `[height · width]`; empty unless given */
  readonly value?: Uint8Array;
}

/** The side of a pixel on the page, in CSS pixels. */
const SCALE = 8;

const MODULE = `export default {
  render({ model, el }) {
    const [width, height] = [model.get("width"), model.get("height")];
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.setAttribute("aria-label", "board to draw on");
    Object.assign(canvas.style, {
      width: width * ${SCALE} + "px", height: height * ${SCALE} + "px", imageRendering: "pixelated",
      touchAction: "none", cursor: "crosshair", border: "1px solid var(--jp-border-color1, gray)",
    });
    const context = canvas.getContext("2d");
    const received = () => {
      const { buffer, byteOffset, byteLength } = model.get("pixels");
      return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength));
    };
    let pixels = received();
    const show = () => {
      const image = context.createImageData(width, height);
      pixels.forEach((grey, at) => image.data.set([grey, grey, grey, 255], 4 * at));
      context.putImageData(image, 0, 0);
    };
    let waits = false;
    const tell = () => {
      show();
      if (waits) return;
      waits = true;
      requestAnimationFrame(() => {
        waits = false;
        model.set("pixels", new DataView(pixels.slice().buffer));
        model.save_changes();
      });
    };
    const dot = (x, y) => {
      for (let row = Math.max(0, Math.floor(y - 2)); row < Math.min(height, y + 2); row++) {
        for (let column = Math.max(0, Math.floor(x - 2)); column < Math.min(width, x + 2); column++) {
          const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
          const grey = Math.max(0, Math.min(255, 255 * (1.9 - distance)));
          pixels[row * width + column] = Math.max(pixels[row * width + column], grey);
        }
      }
    };
    let last;
    const placeOf = ({ offsetX, offsetY }) => [offsetX / ${SCALE}, offsetY / ${SCALE}];
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      last = placeOf(event);
      dot(...last);
      tell();
    };
    canvas.onpointermove = (event) => {
      if (last === undefined) return;
      const [x, y] = placeOf(event);
      const steps = Math.ceil(2 * Math.hypot(x - last[0], y - last[1]));
      for (let step = 1; step <= steps; step++) {
        dot(last[0] + ((x - last[0]) * step) / steps, last[1] + ((y - last[1]) * step) / steps);
      }
      last = [x, y];
      tell();
    };
    canvas.onpointerup = canvas.onpointercancel = () => { last = undefined; };
    const clear = Object.assign(document.createElement("button"), { textContent: "Clear" });
    clear.className = "jupyter-widgets jupyter-button";
    clear.onclick = () => { pixels.fill(0); tell(); };
    model.on("change:pixels", () => {
      if (last === undefined) pixels = received();
      show();
    });
    show();
    el.append(canvas, clear);
  },
};`;

/**
 * A board to draw on with the mouse, a pen or a finger, white on black. Its value changes while somebody draws. It needs
 * the package anywidget in the page's Jupyter.
 *
 * @param options - size, what is drawn already, layout
 * @returns the widget; its value is the grey levels row by row
 * @throws {RangeError} when width or height is no positive integer, or the value has another number of pixels
 * @throws {TypeError} when the value is no `Uint8Array`
 * @example
 * ```ts
 * import { sketch } from "rnnlab/widgets";
 * const digit = sketch({ width: 28, height: 28 });
 * digit.onChange((pixels) => console.log(pixels.filter((grey) => grey > 0).length, "pixels have ink"));
 * ```
 */
export function sketch(options: SketchOptions = {}): Widget<Uint8Array, ViewOptions> {
  const { width = 28, height = 28, value = new Uint8Array(width * height), ...rest } = options;
  requireInteger("build sketch", "width", width, 1);
  requireInteger("build sketch", "height", height, 1);
  return new Sketch(width, height, value, rest);
}

class Sketch extends Control<Uint8Array, ViewOptions> {
  readonly #size: string;

  constructor(width: number, height: number, value: Uint8Array, options: ViewOptions) {
    const checked = (pixels: unknown): Uint8Array => {
      if (!(pixels instanceof Uint8Array))
        throw new TypeError(`Cannot set sketch: value must be a Uint8Array, got ${typeName(pixels)}`);
      if (pixels.length === width * height) return pixels;
      throw new RangeError(
        `Cannot set sketch: value must have ${width * height} grey levels, got ${pixels.length}`,
      );
    };
    const isPixels = (pixels: unknown): pixels is Uint8Array =>
      pixels instanceof Uint8Array && pixels.length === width * height;
    super(
      { name: "sketch" },
      anyState(MODULE, undefined, { width, height, pixels: checked(value) }),
      options,
      {
        keys: ["pixels"],
        read: ({ pixels }) => (isPixels(pixels) ? pixels : undefined),
        write: (pixels) => ({ pixels: checked(pixels) }),
      },
    );
    this.#size = `${width} × ${height}`;
  }

  override text(): string {
    return `sketch: ${this.#size} pixels`;
  }
}
