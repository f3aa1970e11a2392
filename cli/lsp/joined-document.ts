import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { LANGUAGES } from "../../kernel/shared/language.js";
import { folderOf, type OpenNotebook } from "./cell-documents.js";
import { partsOf } from "./joined-cells.js";
import { savedCells } from "./saved-cells.js";

/** Reads a notebook that an editor hands over as one document, as JupyterLab does. */
export function readJoinedDocument(document: TextDocument): OpenNotebook | undefined {
  const language = LANGUAGES.find((each) => each === document.languageId);
  const folder = folderOf(document.uri);
  if (language === undefined || folder === undefined || !/\.ipynb\b/.test(document.uri)) return undefined;
  const isFile = document.uri.startsWith("file:");
  const saved = isFile ? savedCells(join(folder, basename(fileURLToPath(document.uri)))) : [];
  const cells = partsOf(document.getText(), saved).map(({ line, source }, index) => {
    const id = `${document.uri}#${index}`;
    return { id, uri: document.uri, line, source };
  });
  const { version } = document;
  return {
    notebook: {
      id: document.uri,
      folder,
      language,
      cells: cells.map(({ id, source }) => ({ id, source, version, mayFail: false })),
    },
    cells,
  };
}
