import { randomUUID } from "node:crypto";
import { escapeHtml, oneLine } from "../display/index.js";
import type { Figure, Trace } from "./figure-json.js";
import { packedPlotly } from "./plotly-library.js";
import { writtenText } from "./text.js";

/** Writes a value as JSON that can stand inside a script element: no text in it ends the script. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
}

/** The page's one promise of plotly.js; whichever figure comes first makes it, the carrying one keeps it. */
const PROMISE = `const shared = window.rnnlabPlotly ??= (() => {
  let deliver;
  const promise = new Promise((resolve) => { deliver = resolve; });
  return Object.assign(promise, { deliver });
})();`;

/**
 * Unpacks plotly.js in the page. It gets a `module` of its own and no `define`: a module loader that
 * happens to be on the page (RequireJS in a converted notebook) must not catch it.
 */
function delivery(): string {
  return `const bytes = Uint8Array.from(atob("${packedPlotly()}"), (c) => c.charCodeAt(0));
const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
new Response(stream).text().then((code) => {
  const script = document.createElement("script");
  shared.module = { exports: {} };
  script.textContent = "(function (module, exports, define) {" + code
    + "\\n})(window.rnnlabPlotly.module, window.rnnlabPlotly.module.exports);";
  document.head.appendChild(script).remove();
  shared.deliver(shared.module.exports);
});`;
}

/**
 * Writes plotly.js as HTML that shows nothing.
 *
 * @returns the script for figures elsewhere on the page
 */
export const libraryHtml = (): string => `<script>(() => {\n${PROMISE}\n${delivery()}\n})();</script>`;

/**
 * Writes a figure as HTML that takes the place of an earlier one without drawing all of it anew: what has not changed
 * stays, and so does the part that somebody has zoomed into. Until plotly.js is there, see {@link libraryHtml}, it is a
 * picture.
 *
 * @param parts - the figure, its text and picture
 * @param key - names the figure among those of the page
 * @returns HTML for a notebook's output
 */
export function nextFigureHtml(
  { figure, text, svg }: Omit<FigureHtmlParts, "carriesLibrary">,
  key: string,
): string {
  const layout = { uirevision: key, ...figure.layout };
  const drawn = { ...figure, layout, config: { responsive: true, ...figure.config } };
  const id = `rnnlab-figure-${randomUUID()}`;
  const height = Number(figure.layout.height ?? 380);
  return `<div id="${id}" style="min-height:${height}px">${pictureHtml(svg, escapeHtml(text))}</div>
<script>(() => {
${PROMISE}
const node = document.getElementById("${id}");
shared.then((plotly) => {
  const figures = window.rnnlabFigures ??= {};
  const before = figures["${key}"];
  const plot = before === undefined || before.isConnected ? document.createElement("div") : before;
  figures["${key}"] = plot;
  plot.style.height = "${height}px";
  node.replaceChildren(plot);
  return plotly.react(plot, ${scriptJson(drawn)});
}).catch((error) => { node.textContent = "Cannot draw this figure: " + error; });
})();</script>`;
}

/**
 * Writes a picture as HTML.
 *
 * @param svg - the picture, if there is one
 * @param label - what it shows, escaped
 * @returns an image
 */
export const pictureHtml = (svg: string | undefined, label: string): string =>
  svg === undefined
    ? `<p>${label}<br>It is drawn here when the page may run scripts (trust the notebook).</p>`
    : `<img alt="${label}" style="max-width:100%" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`;

/** What stands in a figure's HTML. */
export interface FigureHtmlParts {
  /** The figure as JSON */
  readonly figure: Figure;
  /** The same in words */
  readonly text: string;
  /** The same as a picture, which is seen where no script runs, and until it has run */
  readonly svg: string | undefined;
  /** Whether plotly.js itself (2 MB) comes along; other figures of the page wait for it */
  readonly carriesLibrary: boolean;
}

/**
 * Writes a figure as HTML that draws itself without a network.
 *
 * @param parts - the figure, its text and picture, and whether it carries plotly.js
 * @returns HTML for a notebook's output
 */
export function figureHtml({ figure, text, svg, carriesLibrary }: FigureHtmlParts): string {
  const drawn = { ...figure, config: { responsive: true, ...figure.config } };
  const id = `rnnlab-figure-${randomUUID()}`;
  const height = Number(figure.layout.height ?? 380);
  const label = escapeHtml(text);
  return `<div id="${id}" style="min-height:${height}px">
${pictureHtml(svg, label)}
</div>
<script>(() => {
${PROMISE}
${carriesLibrary ? delivery() : ""}
const node = document.getElementById("${id}");
const note = (text) => node.appendChild(Object.assign(document.createElement("p"), { textContent: text }));
const late = setTimeout(() => note("Cannot draw this figure: plotly.js comes with the notebook's first figure, "
  + "which is not on this page; run that figure's cell again"), 15000);
shared.then((plotly) => {
  clearTimeout(late);
  node.replaceChildren();
  node.style.height = "${height}px";
  return plotly.newPlot(node, ${scriptJson(drawn)});
}).catch((error) => note("Cannot draw this figure: " + error));
})();</script>`;
}

function sizeText({ y, z }: Trace): string {
  if (Array.isArray(z) && Array.isArray(z[0])) return ` (${z.length} × ${z[0].length} values)`;
  return y === undefined ? "" : ` (${y.length} values)`;
}

/**
 * Describes a figure in words, for a terminal and for readers who cannot see it.
 *
 * @param figure - the figure
 * @returns its title and its series with their sizes
 */
export function figureText(figure: Figure): string {
  const { title } = figure.layout as { title?: { text?: string } };
  const told = figure.data.filter(({ name, hoverinfo }) => name !== undefined || hoverinfo !== "skip");
  const series = told.map((trace) => `${trace.name || trace.type}${sizeText(trace)}`);
  return oneLine(writtenText(`Figure${title?.text ? ` "${title.text}"` : ""}: ${series.join(", ")}`));
}
