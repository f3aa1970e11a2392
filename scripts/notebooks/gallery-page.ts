import { readFileSync } from "node:fs";
import { escapeHtml } from "../../src/display/index.js";
import { type NotebookCell, sourceOf } from "../checks/notebooks.js";
import type { Result } from "./result.js";

/** The tag of the cell whose figure stands for the lecture. */
const COVER = "cover";

const STYLE = `
  :root { color-scheme: light dark }
  body { max-width: 76em; margin: 2em auto; padding: 0 1em; font: 15px/1.5 system-ui, sans-serif }
  ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(20em, 1fr)); gap: 1.5em; padding: 0; list-style: none }
  li { border: 1px solid #8886; border-radius: 6px; padding: 1em }
  li > a { color: inherit; text-decoration: none }
  li > a:hover h2 { text-decoration: underline }
  h2 { font-size: 1.1em; margin: 0 0 0.5em }
  img { width: 100%; aspect-ratio: 2; object-fit: contain }
  .run { color: #777 }
  .failed { color: #d55e00; font-weight: bold }`;

/** What the gallery shows of a lecture. */
export interface Lecture {
  readonly result: Result;
  readonly title: string;
  /** Its first sentence. */
  readonly lead: string;
  /** The address of its picture; undefined if the figure was not drawn. */
  readonly picture: string | undefined;
}

interface Output {
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Finds what the gallery shows of a lecture.
 *
 * @param result - what came of its run
 * @param executed - the path of the executed notebook
 * @returns the lecture; one whose notebook was not written has a name only
 */
export function readLecture(result: Result, executed: string): Lecture {
  let cells: readonly NotebookCell[];
  try {
    ({ cells } = JSON.parse(readFileSync(executed, "utf8")) as { cells: readonly NotebookCell[] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { result, title: result.notebook, lead: "", picture: undefined };
  }
  const prose = cells
    .filter(({ cell_type: type }) => type === "markdown")
    .map(sourceOf)
    .join("\n\n");
  const cover = cells.find(({ metadata }) => (metadata.tags as string[] | undefined)?.includes(COVER));
  const outputs = (cover?.outputs ?? []) as readonly Output[];
  const svg = outputs.map(({ data }) => data?.["image/svg+xml"]).find((each) => each !== undefined);
  return {
    result,
    title: /^# (.*)$/m.exec(prose)?.[1] ?? result.notebook,
    lead: /^\*([^*\n]+)\*$/m.exec(prose)?.[1] ?? "",
    picture:
      svg === undefined
        ? undefined
        : `data:image/svg+xml;base64,${Buffer.from([svg].flat().join("")).toString("base64")}`,
  };
}

/**
 * Writes the page from which a run's lectures are opened.
 *
 * @param lectures - in their order
 * @returns HTML that needs no network: a picture and a sentence for each lecture, and a link to the report
 */
export function galleryPage(lectures: readonly Lecture[]): string {
  const total = lectures.reduce((sum, { result }) => sum + result.seconds, 0);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>rnnlab: the lectures</title>
<style>${STYLE}
</style>
<h1>The lectures</h1>
<p>They ran in ${total.toFixed(0)} s. <a href="report.html">The report</a> has every figure, beside the published one and Keras's.</p>
<ol>
${lectures.map(item).join("\n")}
</ol>
</html>
`;
}

function item({ result, title, lead, picture }: Lecture): string {
  const { notebook, size, seconds, passed, error } = result;
  const image = picture === undefined ? "" : `<img alt="" src="${picture}">`;
  const outcome = passed ? "passed" : `<span class="failed">failed: ${escapeHtml(error ?? "")}</span>`;
  return `<li><a href="${encodeURIComponent(notebook)}.html"><h2>${escapeHtml(title)}</h2>${image}</a>
<p>${escapeHtml(lead).replace(/`([^`]+)`/g, "<code>$1</code>")}</p>
<p class="run">${size} size, ${seconds.toFixed(1)} s, ${outcome}</p>`;
}
