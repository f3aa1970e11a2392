import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { libraryHtml } from "../../src/plot/figure-html.js";
import { packedPlotly } from "../../src/plot/plotly-library.js";

/** KaTeX, if it is installed: an optional peer, which only pages with formulas need. */
interface Formulas {
  readonly set: (tex: string, isDisplay: boolean) => string;
  readonly stylesheet: string;
}

function findFormulas(): Formulas | undefined {
  const { resolve } = createRequire(__filename);
  try {
    const stylesheet = resolve("katex/dist/katex.min.css");
    const katex = require("katex") as typeof import("katex");
    const set = (tex: string, displayMode: boolean) =>
      katex.renderToString(tex, { displayMode, throwOnError: false });
    return { set, stylesheet };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

const STYLE = `
:root { color-scheme: light dark }
.contents { box-sizing: border-box; padding: 1rem; font: 14px/1.5 var(--jp-ui-font-family); color: var(--jp-ui-font-color1) }
.contents summary { font-weight: 600; cursor: pointer }
.contents ul { margin: 0.4rem 0 0; padding: 0; list-style: none }
.contents .h3 { padding-left: 1rem }
.contents a { display: block; padding: 0.1rem 0; color: inherit; text-decoration: none }
.contents a:hover { text-decoration: underline }
main { max-width: 76rem; margin: 0 auto }
main details { margin-bottom: 1em }
.katex-display { overflow-x: auto; overflow-y: hidden; padding: 0.2rem 0 }
@media (min-width: 75rem) {
  .contents { position: fixed; inset: 0 auto 0 0; width: 17rem; overflow-y: auto; border-right: 1px solid var(--jp-border-color2) }
  .contents ~ main { padding-left: 17rem }
}
img.on-paper { display: none !important }
@media (max-width: 45rem) {
  .jp-InputPrompt, .jp-OutputPrompt, .jp-OutputArea-promptOverlay { display: none }
  .jp-Notebook { padding: 0.5rem }
  .jp-RenderedHTMLCommon { overflow-wrap: anywhere }
  .jp-RenderedHTMLCommon table { display: block; overflow-x: auto; overflow-wrap: normal }
  .jp-RenderedHTMLCommon td code { white-space: nowrap }
}
@media print {
  :root { color-scheme: light }
  main summary { break-after: avoid }
  .contents, .jp-InputPrompt, .jp-OutputPrompt, [id^="rnnlab-figure-"] { display: none }
  img.on-paper { display: block !important }
  .katex-display { font-size: 0.8em; overflow: visible }
  h1, h2, h3 { break-after: avoid }
  .jp-CodeCell .jp-Cell-inputWrapper pre { white-space: pre-wrap }
  .jp-OutputArea-output, tr, svg, img, blockquote { break-inside: avoid }
}`;

/** A figure with the picture that its script replaces. Paper shows the picture: a page cannot draw a figure for it in time. */
const FIGURE = /<div id="rnnlab-figure-[^>]*>\s*(<img[^>]*>)\s*<\/div>/g;

/** On a wide screen the contents stand beside the text; on a narrow one they are folded. */
const SCRIPT = `if (matchMedia("(min-width: 75rem)").matches) document.querySelector(".contents details").open = true;`;

/** Nobody can unfold an answer on paper: what is folded opens for it, and folds again after it. */
const UNFOLD = `<script>(() => {
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("main details:not([open])")];
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
  });
})();</script>`;

/** A formula as `page.py` leaves it. */
const FORMULA = /<span class="formula" data-display="(true|false)">([^<]*)<\/span>/g;

/**
 * Finishes a page of a notebook: sets its formulas, and gives it a table of contents, the reader's light or dark, and styles
 * for small screens and paper. What is folded is open on paper. The page needs no network.
 *
 * @param html - the page as `page.py` has written it
 * @returns the page; without katex its formulas stay as they were written
 */
export function finishedPage(html: string): string {
  const formulas = html.search(FORMULA) < 0 ? undefined : findFormulas();
  const fonts = formulas === undefined ? "" : `<style>${formulaStyle(formulas)}</style>\n`;
  return withOneLibrary(html)
    .replace("</head>", () => `${fonts}<style>${STYLE}\n</style>\n${UNFOLD}\n</head>`)
    .replace(/<body[^>]*>/, (body) => `${body}\n${contentsOf(html)}`)
    .replace(
      FIGURE,
      (figure, picture: string) => `${figure}\n${picture.replace("<img", '<img class="on-paper"')}`,
    )
    .replace(FORMULA, (_, display: string, tex: string) =>
      formulas === undefined ? asWritten(tex, display) : formulas.set(unescaped(tex), display === "true"),
    );
}

const asWritten = (tex: string, display: string): string => {
  const sign = display === "true" ? "$$" : "$";
  return `<code>${sign}${tex}${sign}</code>`;
};

/** Figures that change bring plotly.js as others do: a page needs it once. */
function withOneLibrary(html: string): string {
  const [library, packed] = [libraryHtml(), packedPlotly()];
  const isThere = html.indexOf(packed) !== html.lastIndexOf(packed);
  return isThere ? html.replace(library, "") : html;
}

/** The styles of formulas, with their fonts inside. */
function formulaStyle({ stylesheet }: Formulas): string {
  const font = (path: string): string =>
    `url(data:font/woff2;base64,${readFileSync(join(dirname(stylesheet), path), "base64")}) format("woff2")`;
  return readFileSync(stylesheet, "utf8").replace(
    /src:url\(([^)]+\.woff2)\)[^;}]*/g,
    (_, path: string) => `src:${font(path)}`,
  );
}

function contentsOf(html: string): string {
  const headings = [...html.matchAll(/<h([23]) id="([^"]*)">([\s\S]*?)<a class="anchor-link"/g)];
  const items = headings
    .filter(([, , id]) => id !== "Contents")
    .map(([, level, id, title]) => `<li class="h${level}"><a href="#${id}">${title}</a></li>`);
  if (items.length === 0) return "";
  return `<nav class="contents"><details><summary>Contents</summary><ul>
${items.join("\n")}
</ul></details></nav>
<script>${SCRIPT}</script>`;
}

const CHARACTERS: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
  "&quot;": '"',
  "&#x27;": "'",
};

const unescaped = (text: string): string =>
  text.replace(/&(?:lt|gt|amp|quot|#x27);/g, (entity) => CHARACTERS[entity] ?? entity);
