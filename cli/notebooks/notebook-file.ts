import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { LANGUAGES, type Language } from "../../kernel/shared/language.js";
import { messageOf } from "../../src/platform/message-of.js";

/** A code cell of a notebook. */
export interface CodeCell {
  /** Its place among all cells, from 1. */
  readonly number: number;
  /** Its id, if the file has ids. */
  readonly id: string | undefined;
  readonly source: string;
  readonly tags: readonly string[];
}

/** A notebook, as far as its code goes. */
export interface NotebookFile {
  readonly path: string;
  readonly language: Language;
  readonly cells: readonly CodeCell[];
  /** The file's text. */
  readonly text: string;
}

/** Folders that hold copies or other people's notebooks. */
const PASSED_OVER = new Set(["node_modules", ".ipynb_checkpoints", ".git", ".venv"]);

/**
 * The notebooks that a command names.
 *
 * @param paths - of notebooks, and of folders, where they are looked for at any depth
 * @returns their paths, those of a folder by name
 * @throws {Error} when there is no such file or folder, or a folder has no notebook
 */
export function findNotebooks(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw new Error(`Cannot find notebooks: there is no ${path}`);
    if (!stats.isDirectory()) return [path];
    const found = notebooksWithin(path);
    if (found.length === 0) throw new Error(`Cannot find notebooks: there are none in ${path}`);
    return found;
  });
}

function notebooksWithin(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return PASSED_OVER.has(entry.name) ? [] : notebooksWithin(path);
    return entry.name.endsWith(".ipynb") ? [path] : [];
  });
}

/**
 * Reads a notebook of TypeScript or JavaScript.
 *
 * @param path - of the file
 * @returns its language and code cells
 * @throws {Error} when it cannot be read, is no notebook of format 4, or is in another language
 */
export function readNotebook(path: string): NotebookFile {
  const refuse = (why: string, cause?: unknown): Error =>
    new Error(`Cannot read ${path}: ${why}`, cause === undefined ? undefined : { cause });
  let text: string;
  let notebook: unknown;
  try {
    text = readFileSync(path, "utf8");
    notebook = JSON.parse(text);
  } catch (error) {
    throw refuse(messageOf(error), error);
  }
  if (!isObject(notebook) || !Array.isArray(notebook.cells))
    throw refuse(
      isObject(notebook) && Array.isArray(notebook.worksheets)
        ? "it must be a notebook of format 4, got format 3; jupyter nbconvert --to notebook converts it"
        : "it must be a notebook of format 4, with a list of cells",
    );
  const language = languageOf(notebook.metadata);
  if (!LANGUAGES.some((each) => each === language))
    throw refuse(
      `its kernel's language must be ${LANGUAGES.join(" or ")}, got ${language === undefined ? "none: metadata.kernelspec is missing" : JSON.stringify(language)}`,
    );
  const cells = notebook.cells.flatMap((cell: unknown, index) => {
    if (!isObject(cell)) throw refuse(`cell ${index + 1} must be an object, got ${JSON.stringify(cell)}`);
    if (cell.cell_type !== "code") return [];
    const source = joined(cell.source);
    if (source === undefined) throw refuse(`the source of cell ${index + 1} must be text or a list of lines`);
    const tags = isObject(cell.metadata) && Array.isArray(cell.metadata.tags) ? cell.metadata.tags : [];
    return [
      {
        number: index + 1,
        id: typeof cell.id === "string" ? cell.id : undefined,
        source,
        tags: tags.filter((tag) => typeof tag === "string"),
      },
    ];
  });
  return { path, language: language as Language, cells, text };
}

/** Older notebooks name the language only in `language_info`. */
function languageOf(metadata: unknown): string | undefined {
  if (!isObject(metadata)) return undefined;
  for (const [part, field] of [
    ["kernelspec", "language"],
    ["language_info", "name"],
  ] as const) {
    const given = metadata[part];
    if (isObject(given) && typeof given[field] === "string") return given[field].toLowerCase();
  }
  return undefined;
}

function joined(source: unknown): string | undefined {
  if (typeof source === "string") return source;
  return Array.isArray(source) && source.every((line) => typeof line === "string")
    ? source.join("")
    : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
