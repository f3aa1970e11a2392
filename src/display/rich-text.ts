import { inspect } from "node:util";
import { type MimeBundle, type RichText, richDisplay } from "./mime-bundle.js";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Escapes text so that HTML shows it as it is, in content and in quoted attributes.
 *
 * @param text - any text
 * @returns the text with `& < > " '` as entities
 * @example
 * ```ts
 * import { escapeHtml } from "rnnlab/display";
 * console.log(escapeHtml("a < b")); // a &lt; b
 * ```
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/**
 * Makes one line of a text from outside: white space of any kind becomes a space, and other control characters, which
 * could colour or clear a terminal, are spelled out.
 *
 * @param text - any text
 * @returns the text on one line
 * @example
 * ```ts
 * import { oneLine } from "rnnlab/display";
 * console.log(oneLine("one\n two\u001b[31m")); // one two\x1b[31m
 * ```
 */
export function oneLine(text: string): string {
  return spellControls(text.replace(/\s+/g, " "));
}

/** Spells out the control characters of a text, which could colour or clear a terminal. */
export function spellControls(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/**
 * Makes a value of what is shown.
 *
 * @param bundle - the formats; every front end shows one of them
 * @returns a value that a notebook shows, and `console.log` and stock tslab, which prints values, write as its text
 * @example
 * ```ts
 * import { rich } from "rnnlab/display";
 * console.log(rich({ "text/html": "<b>3</b>", "text/plain": "three" })); // three
 * ```
 */
export function rich<Bundle extends MimeBundle>(bundle: Bundle): RichText & { [richDisplay](): Bundle } {
  return Object.defineProperty({ [richDisplay]: () => bundle }, inspect.custom, {
    value: () => bundle["text/plain"] ?? `[${Object.keys(bundle).join(", ")}]`,
  });
}

/**
 * Wraps HTML so that a notebook renders it, as a cell's last value or through {@link display}.
 *
 * @param markup - HTML; text from outside goes through {@link escapeHtml} first
 * @param text - what a terminal shows instead; by default the markup without its tags
 * @returns a value that displays itself
 * @example
 * ```ts
 * import { html } from "rnnlab/display";
 * html("<b>done</b>");
 * ```
 */
export function html(markup: string, text = markup.replace(/<[^>]*>/g, "")): RichText {
  return rich({ "text/html": markup, "text/plain": text });
}

/**
 * Wraps Markdown (with LaTeX between dollar signs) so that a notebook renders it.
 *
 * @param source - Markdown; it is shown unrendered in a terminal
 * @returns a value that displays itself
 * @example
 * ```ts
 * import { markdown } from "rnnlab/display";
 * markdown("the loss is $\\frac{1}{n}\\sum_i e_i^2$");
 * ```
 */
export function markdown(source: string): RichText {
  return rich({ "text/markdown": source, "text/plain": source });
}
