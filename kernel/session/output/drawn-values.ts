import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { types } from "node:util";
import type { MimeBundle } from "../../shared/session-messages.js";

/*
 * Values that a page would draw, whichever library made them: known by what they have, since each library has classes of
 * its own.
 */

const SVG = "http://www.w3.org/2000/svg";
const ELEMENT = 1;
const DOCUMENT = 9;
/** How much of an element's markup stands for it as text. */
const TEXT = 500;
const PNG = "data:image/png;base64,";
const requireBesideNotebook = createRequire(join(process.cwd(), "cell.ts"));
const REACT_ELEMENTS: unknown[] = [Symbol.for("react.element"), Symbol.for("react.transitional.element")];

type Render = (element: object) => string;

/**
 * What a value looks like: elements and documents of jsdom, linkedom and the like, canvases, and elements of React and
 * Preact where the notebook's folder has what renders them.
 *
 * @returns a MIME bundle, or a promise of one where a canvas takes its time; undefined for any other value
 */
export function drawnBundle(value: object): MimeBundle | Promise<MimeBundle | undefined> | undefined {
  return markupOf(value) ?? pictureOf(value) ?? renderedOf(value);
}

const get = (value: object, name: string): unknown => Reflect.get(value, name);

/** An element or document as the markup that makes it. */
function markupOf(value: object): MimeBundle | undefined {
  const type = get(value, "nodeType");
  const element = type === DOCUMENT ? Object(get(value, "documentElement")) : value;
  const markup = type === ELEMENT || type === DOCUMENT ? get(element, "outerHTML") : undefined;
  if (typeof markup !== "string") return undefined;
  const text =
    markup.length > TEXT ? `${markup.slice(0, TEXT)}… ${markup.length - TEXT} more characters` : markup;
  const page = { "text/html": markup, "text/plain": text };
  // Within a page it takes the page's colour; alone it can be kept where there are no pages.
  const isPicture = get(element, "namespaceURI") === SVG && /^<svg\b/i.test(markup);
  return isPicture ? { ...page, "image/svg+xml": standalone(markup) } : page;
}

/** A picture outside a page must name its namespace. */
function standalone(markup: string): string {
  const [tag = ""] = /^<svg\b[^>]*>/i.exec(markup) ?? [];
  return /\sxmlns\s*=/.test(tag) ? markup : markup.replace(/^<svg\b/i, `<svg xmlns="${SVG}"`);
}

/** A canvas as a PNG; none where it has no area. */
function pictureOf(value: object): MimeBundle | Promise<MimeBundle | undefined> | undefined {
  const toDataURL = get(value, "toDataURL");
  const [width, height] = ["width", "height"].map((side) => get(value, side));
  if (typeof toDataURL !== "function" || typeof width !== "number" || typeof height !== "number")
    return undefined;
  const bundle = (address: unknown): MimeBundle | undefined =>
    typeof address === "string" && address.startsWith(PNG)
      ? { "image/png": address.slice(PNG.length), "text/plain": `[canvas ${width} × ${height}]` }
      : undefined;
  const address: unknown = Reflect.apply(toDataURL, value, ["image/png"]);
  return types.isPromise(address) ? address.then(bundle) : bundle(address);
}

/** An element of React or Preact as HTML. */
function renderedOf(value: object): MimeBundle | undefined {
  const render = REACT_ELEMENTS.includes(get(value, "$$typeof"))
    ? besideNotebook("react-dom/server", "renderToStaticMarkup")
    : isPreactElement(value)
      ? besideNotebook("preact-render-to-string", "renderToString")
      : undefined;
  return render && { "text/html": render(value) };
}

/** Preact's elements have no mark of their own, but fields that nothing else has. */
function isPreactElement(value: object): boolean {
  return ["type", "props", "__k", "__v"].every((name) => Object.hasOwn(value, name));
}

function besideNotebook(name: string, method: string): Render | undefined {
  let found: object;
  try {
    found = requireBesideNotebook(name) as object;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
  const render = get(found, method);
  return typeof render === "function" ? (render as Render) : undefined;
}
