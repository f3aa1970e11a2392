import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { NotebookDocument } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { EditorCell, EditorNotebook } from "../../kernel/shared/editor-messages.js";
import { LANGUAGES, type Language } from "../../kernel/shared/language.js";

/** What the client says of itself when it begins. */
export interface Settings {
  /** The names of the kernelspecs that start rnnlab; undefined if the client does not know them. */
  readonly kernels: readonly string[] | undefined;
}

/** A notebook whose cells are documents of the editor, or one that is a single document. */
export interface OpenNotebook {
  readonly notebook: EditorNotebook;
  readonly cells: readonly CellDocument[];
}

/** A cell as the editor knows it. */
export interface CellDocument {
  readonly id: string;
  readonly uri: string;
  /** The line of the document at which it begins. */
  readonly line: number;
  readonly source: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a notebook as an editor has it.
 *
 * @param cellText - finds the document of a cell
 * @returns nothing if another kernel runs it
 */
export function readNotebookDocument(
  document: NotebookDocument,
  cellText: (uri: string) => TextDocument | undefined,
  settings: Settings,
): OpenNotebook | undefined {
  const folder = folderOf(document.uri);
  const texts = document.cells.map(({ document: uri, metadata }) => ({
    text: cellText(uri),
    mayFail: tagsOf(metadata as Fields | undefined).includes("raises-exception"),
  }));
  const language = languageOf(document.metadata as Fields | undefined, settings);
  if (folder === undefined || language === undefined) return undefined;
  const cells = texts.flatMap(({ text, mayFail }): EditorCell[] =>
    text === undefined || text.languageId !== language
      ? []
      : [{ id: text.uri, source: text.getText(), version: text.version, mayFail }],
  );
  return {
    notebook: { id: document.uri, folder, language, cells },
    cells: cells.map(({ id, source }) => ({ id, uri: id, line: 0, source })),
  };
}

/** The folder of a notebook on the disk. JupyterLab's documents are in a folder of their own beside the notebooks. */
export function folderOf(uri: string): string | undefined {
  if (uri.startsWith("untitled:")) return process.cwd();
  if (!uri.startsWith("file:")) return undefined;
  return dirname(fileURLToPath(uri)).replace(`${sep}.virtual_documents`, "");
}

/** The language of a notebook's kernel, if it is ours. */
function languageOf(metadata: Fields | undefined, { kernels }: Settings): Language | undefined {
  // VS Code has the file's metadata in its own, older versions of it deeper.
  const custom = fieldsIn(metadata, "custom");
  const file = [fieldsIn(metadata, "metadata"), fieldsIn(custom, "metadata"), metadata].find(
    (each) => fieldsIn(each, "kernelspec") !== undefined || fieldsIn(each, "language_info") !== undefined,
  );
  const spec = fieldsIn(file, "kernelspec");
  const isOurs =
    spec === undefined
      ? kernels === undefined
      : kernels === undefined
        ? /^rnnlab\b|^(?:type|java)script$/.test(String(spec.name))
        : kernels.includes(String(spec.name));
  if (!isOurs) return undefined;
  const named = String(spec?.language ?? fieldsIn(file, "language_info")?.name ?? "typescript");
  return LANGUAGES.find((each) => each === named.toLowerCase());
}

function tagsOf(metadata: Fields | undefined): readonly unknown[] {
  const inner = fieldsIn(metadata, "metadata") ?? fieldsIn(fieldsIn(metadata, "custom"), "metadata");
  const tags = inner?.tags ?? metadata?.tags;
  return Array.isArray(tags) ? tags : [];
}

function fieldsIn(fields: Fields | undefined, name: string): Fields | undefined {
  const value = fields?.[name];
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}
