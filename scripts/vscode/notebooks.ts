import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DocumentCell, NotebookDocument } from "../../cli/notebooks/notebook-document.js";
import { writeNotebook } from "../../cli/notebooks/write-notebook.js";
import { venvDirectory } from "../../setup/paths.js";
import { packageRoot } from "../../src/platform/package-root.js";

const RNNLAB = { name: "rnnlab", display_name: "TypeScript (rnnlab)", language: "typescript" };
const DENO = { name: "deno", display_name: "Deno", language: "typescript" };

/** What a cell of Python begins with below: it is no part of it. */
const PYTHON = "%%python\n";

/** The cells of each notebook. `#` begins one of Markdown. */
const NOTEBOOKS: Readonly<Record<string, readonly string[]>> = {
  "planted.ipynb": [
    "/** How many. */\nconst count = 3;\nfunction half(x: number) { return x / 2; }",
    "# a = ;",
    'half(count).toFixed();\nconst wrong: number = "text";',
    `${PYTHON}count = = 3`,
    "half(wrong);\ncount.length;",
  ],
  "other.ipynb": ["count;"],
  "chain.ipynb": [
    "const one = 1;",
    "const two = 2;",
    "const size = 3",
    "const four = 4;",
    "const five = 5;",
    "const six = 6;",
    "const seven = 7;",
    "const eight = 8;",
    "Math.sqrt(size);",
  ],
  "moved.ipynb": [
    "const base = 3;",
    "const text: string = base.toFixed();",
    "const bad: number = text;",
    "const half = base / 2;\nhalf.length;",
  ],
  "written.ipynb": [
    "/** Makes it longer. */\nfunction scale(value: number, by: string) { return by + value; }",
    'import { slidingWindows } from "rnnlab/preprocessing";',
    'const made = scale(1, "a");\nslidingWindows([1, 2, 3], { windowLength: 2 });',
    "made.toUperCase();",
    "const a={x:1}",
  ],
};

/** Where kernelspecs are in an environment of Python. */
const KERNELS = "share/jupyter/kernels";

/** Lets a folder have the checkout's kernels, in an environment of Python that VS Code finds there. */
export function writeKernels(folder: string): void {
  cpSync(join(venvDirectory(), KERNELS), join(folder, ".venv", KERNELS), { recursive: true });
}

/** A language server that only says which version it is. */
const OLDER = `
process.stdin.once("data", (chunk) => {
  const { id } = JSON.parse(String(chunk).split("\\r\\n\\r\\n")[1]);
  const result = { capabilities: {}, serverInfo: { name: "rnnlab", version: "0.0.1" } };
  const text = JSON.stringify({ jsonrpc: "2.0", id, result });
  process.stdout.write("Content-Length: " + text.length + "\\r\\n\\r\\n" + text);
});
`;

/** Lets a folder have a kernel of another version. */
export function writeOlderKernel(folder: string): void {
  const program = join(folder, "older/dist/cli/main.js");
  mkdirSync(join(folder, "older/dist/cli"), { recursive: true });
  writeFileSync(program, OLDER);
  const place = join(folder, ".venv", KERNELS, "rnnlab");
  mkdirSync(place, { recursive: true });
  const spec = { argv: [process.execPath, program, "kernel"], ...RNNLAB };
  writeFileSync(join(place, "kernel.json"), JSON.stringify(spec));
}

/** Writes the settings of a folder for VS Code. */
export function writeSettings(folder: string, settings: object): void {
  mkdirSync(join(folder, ".vscode"), { recursive: true });
  writeFileSync(join(folder, ".vscode/settings.json"), JSON.stringify(settings));
}

/**
 * Writes a lecture with a mistake in a cell at its end.
 *
 * @param folder - where they are written
 * @param lecture - the file's name
 */
export function writeLecture(folder: string, lecture: string): void {
  const path = join(packageRoot, "notebooks", lecture);
  const { cells, ...rest } = JSON.parse(readFileSync(path, "utf8")) as NotebookDocument;
  const planted = cellOf('const planted: number = "text";', "planted");
  writeNotebook(join(folder, lecture), { ...rest, cells: [...cells, planted] });
}

/**
 * Writes a notebook some of whose cells have run, and shown a picture.
 *
 * @param path - the file
 * @param sources - the cells; `#` begins one of Markdown
 * @param pictures - SVG by the sources of cells that have run
 */
export function writePictured(
  path: string,
  sources: readonly string[],
  pictures: ReadonlyMap<string, string>,
): void {
  const { cells, ...rest } = notebook(sources, RNNLAB);
  const shown = cells.map((cell) => {
    const svg = pictures.get(String(cell.source));
    if (svg === undefined) return cell;
    const result = { output_type: "execute_result", execution_count: 1, metadata: {} };
    return { ...cell, execution_count: 1, outputs: [{ ...result, data: { "image/svg+xml": svg } }] };
  });
  writeNotebook(path, { ...rest, cells: shown });
}

/** Writes notebooks with mistakes, as small as they can be, and a file that is none. */
export function writeNotebooks(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, sources] of Object.entries(NOTEBOOKS))
    writeNotebook(join(folder, name), notebook(sources, RNNLAB));
  writeNotebook(join(folder, "deno.ipynb"), notebook(["const mine: number = ;", "mine;"], DENO));
  writeFileSync(join(folder, "plain.ts"), "export function plain() { const unread = 1; }\n");
}

/** Writes a file with a mistake. */
export function writeMistake(folder: string): void {
  writeFileSync(join(folder, "mistaken.ts"), 'export const mistaken: number = "text";\n');
}

function notebook(sources: readonly string[], kernelspec: typeof RNNLAB): NotebookDocument {
  return {
    cells: sources.map((source, index) => cellOf(source, `cell-${index}`)),
    metadata: { kernelspec, language_info: { name: kernelspec.language } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function cellOf(source: string, id: string): DocumentCell {
  if (source.startsWith("#")) return { id, cell_type: "markdown", metadata: {}, source };
  const isPython = source.startsWith(PYTHON);
  return {
    id,
    cell_type: "code",
    metadata: isPython ? { vscode: { languageId: "python" } } : {},
    source: isPython ? source.slice(PYTHON.length) : source,
    outputs: [],
    execution_count: null,
  };
}
