import { escapeHtml } from "../../display/index.js";
import { writtenText } from "../text.js";

/** Size of letters in pixels. */
export const FONT_SIZE = 13;

/** Width of a character on average, in pixels: nothing here can measure text. */
export const CHARACTER_WIDTH = 7;

export type Attributes = Readonly<Record<string, string | number>>;

/** Characters that XML does not have, not even as entities, become the replacement character. */
function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return escapeHtml(text.replace(/[\u0000-\u0008\v\f\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd"));
}

/**
 * Writes an element of SVG.
 *
 * @param name - of the element
 * @param attributes - texts, which are escaped, and numbers, which are rounded to a tenth
 * @param content - what is inside, already as markup
 * @returns the markup
 */
export function element(name: string, attributes: Attributes, content = ""): string {
  const list = Object.entries(attributes).map(([key, value]) => {
    const text = typeof value === "number" ? String(Math.round(value * 10) / 10) : escapeXml(value);
    return ` ${key}="${text}"`;
  });
  return `<${name}${list.join("")}>${content}</${name}>`;
}

const dashes: Readonly<Record<string, string>> = { dash: "7 6", dot: "0.1 5" };

/** How a line that plotly calls dashed or dotted is stroked. */
export function dashArray(dash: unknown): Attributes {
  const pattern = dashes[String(dash)];
  return pattern === undefined ? {} : { "stroke-dasharray": pattern };
}

/**
 * Writes a text of a plotly figure.
 *
 * @param label - the text, with plotly's entities and line breaks; anything else is taken as no text
 * @param x - where it stands, in pixels
 * @param y - its base line, in pixels
 * @param more - other attributes
 * @returns the markup
 */
export function textElement(label: unknown, x: number, y: number, more: Attributes = {}): string {
  if (typeof label !== "string" || label === "") return "";
  const lines = label.split("<br>").map((line) => escapeXml(writtenText(line)));
  if (lines.length === 1) return element("text", { x, y, ...more }, lines[0]);
  const spans = lines.map((line, i) => element("tspan", { x, ...(i === 0 ? {} : { dy: "1.25em" }) }, line));
  return element("text", { x, y, ...more }, spans.join(""));
}
