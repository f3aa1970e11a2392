import katex from "katex";
import { slugOf } from "../checks/links.js";
import { type NotebookCell, sourceOf } from "../checks/notebooks.js";

/** A lecture as a page of the site. */
export interface LecturePage {
  readonly name: string;
  readonly title: string;
  /** Markdown, in which each output is a component. */
  readonly text: string;
  /** HTML of the outputs. */
  readonly outputs: readonly string[];
  /** Plotly's JSON of the figures among them. */
  readonly figures: readonly unknown[];
}

/** An output of an executed cell. */
interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly traceback?: readonly string[];
}

const PLOTLY = "application/vnd.plotly.v1+json";

/**
 * Makes a page of a notebook: prose with its formulas, code, and outputs with live figures.
 *
 * @param name - the notebook's name without its ending
 * @param notebook - its file's text; one that was not executed has no outputs
 * @returns the page
 */
export function lecturePage(name: string, notebook: string): LecturePage {
  const { cells } = JSON.parse(notebook) as { cells: readonly NotebookCell[] };
  const outputs: string[] = [];
  const figures: unknown[] = [];
  const show = (output: Output): string => {
    const figure = output.data?.[PLOTLY];
    const source = figure === undefined ? "" : ` figure="/figures/${name}-${figures.length}.json"`;
    if (figure !== undefined) figures.push(figure);
    outputs.push(htmlOf(output));
    return `<CellOutput :html="outputs[${outputs.length - 1}]"${source} />`;
  };
  const parts = cells.map((cell) =>
    cell.cell_type === "markdown"
      ? prose(sourceOf(cell))
      : [`\`\`\`ts\n${sourceOf(cell)}\n\`\`\``, ...((cell.outputs ?? []) as Output[]).map(show)].join("\n\n"),
  );
  const data = `<script setup>\nimport outputs from "./${name}.outputs.json";\n</script>`;
  const heading = /^# (?:Lecture )?(.*)$/m.exec(cells.map(sourceOf).join("\n"))?.[1] ?? name;
  return { name, title: heading, text: `${[data, ...parts].join("\n\n")}\n`, outputs, figures };
}

/** The Markdown of a cell, with formulas as HTML and with links to other lectures' pages. */
function prose(source: string): string {
  return source
    .split(/(^```[\s\S]*?^```$|`[^`\n]+`)/m)
    .map((part, index) => (index % 2 === 1 ? part : withLinks(withFormulas(part))))
    .join("");
}

function withFormulas(text: string): string {
  const formula = (tex: string, displayMode: boolean): string => {
    const html = katex.renderToString(tex, { displayMode, output: "html", throwOnError: true });
    return displayMode ? `<div v-pre>${html}</div>` : `<span v-pre>${html}</span>`;
  };
  return text
    .replace(/\$\$([\s\S]+?)\$\$/g, (_, tex: string) => formula(tex, true))
    .replace(/(?<![\\$])\$(?!\s)([^$\n]+?)(?<!\s)\$(?![\d$])/g, (_, tex: string) => formula(tex, false));
}

/** Jupyter's anchors are the headings with dashes, those of the site as GitHub's. */
function withLinks(text: string): string {
  return text.replace(
    /\]\(((?:\d{3}-[\w-]+)\.ipynb)?(?:#([^)]+))?\)/g,
    (_, file: string | undefined, anchor: string | undefined) => {
      const page = file === undefined ? "" : `/lectures/${file.replace(/\.ipynb$/, ".md")}`;
      const heading =
        anchor === undefined ? "" : `#${slugOf(decodeURIComponent(anchor).replaceAll("-", " "))}`;
      return `](${page}${heading})`;
    },
  );
}

/** What is shown of an output until its figure is live, or for good. */
function htmlOf({ output_type: type, name, text, data, traceback }: Output): string {
  if (type === "stream") return preformatted([text ?? ""].flat().join(""), name ?? "");
  if (type === "error") return preformatted((traceback ?? []).join("\n"), "stderr");
  const of = (mime: string): string | undefined => {
    const value = data?.[mime];
    return value === undefined ? undefined : [value].flat().join("");
  };
  const picture = data?.[PLOTLY] === undefined ? of("text/html") : of("image/svg+xml");
  return picture ?? of("image/svg+xml") ?? preformatted(of("text/plain") ?? "", "stdout");
}

function preformatted(text: string, name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours begin with the escape character
  const plain = text.replace(/\u001b\[[0-9;]*m/g, "");
  const escaped = plain.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return `<pre class="${name}">${escaped}</pre>`;
}
