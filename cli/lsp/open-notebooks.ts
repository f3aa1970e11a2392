import { pathToFileURL } from "node:url";
import type { Diagnostic, Location, Position, WorkspaceEdit } from "vscode-languageserver";
import type { NotebooksClient } from "../../kernel/compiler/client/notebooks-client.js";
import type {
  CellEdits,
  CellFindings,
  Cursor,
  EditorNotebook,
  Finding,
  Place,
} from "../../kernel/shared/editor-messages.js";
import type { CellDocument, OpenNotebook } from "./cell-documents.js";
import { diagnosticOf, moved } from "./protocol-values.js";

/** A cell of an open notebook. */
export interface OpenCell {
  readonly notebook: string;
  readonly cell: CellDocument;
}

/** Shows what is wrong with a version of a document. */
type Publish = (uri: string, diagnostics: Diagnostic[], version?: number) => void;

/** The notebooks that an editor has open, as documents and as cells. */
export class OpenNotebooks {
  readonly client: NotebooksClient;
  readonly #open = new Map<string, OpenNotebook>();
  readonly #findings = new Map<string, readonly Finding[]>();
  readonly #publish: Publish;

  /**
   * @param client - of the process that answers for them
   * @param publish - shows what is wrong with a document
   */
  constructor(client: NotebooksClient, publish: Publish) {
    this.client = client;
    this.#publish = publish;
    client.found = (found) => this.#found(found);
  }

  /** Takes a notebook as it is now; undefined if it is none of ours any more. */
  update(id: string, next: OpenNotebook | undefined): void {
    const before = this.#open.get(id);
    if (next === undefined) {
      if (before !== undefined) this.close(id);
      return;
    }
    this.#open.set(id, next);
    const kept = new Set(next.cells.map(({ id: cell }) => cell));
    const documents = new Set(next.cells.map(({ uri }) => uri));
    for (const { id: cell, uri } of before?.cells ?? []) {
      if (!kept.has(cell)) this.#findings.delete(cell);
      if (!documents.has(uri)) this.#publish(uri, []);
    }
    this.client.update(next.notebook);
  }

  close(id: string): void {
    for (const { id: cell, uri } of this.#open.get(id)?.cells ?? []) {
      this.#findings.delete(cell);
      this.#publish(uri, []);
    }
    this.#open.delete(id);
    this.client.close(id);
  }

  notebookOf(id: string): EditorNotebook | undefined {
    return this.#open.get(id)?.notebook;
  }

  /** The cells of a document. */
  cellsOf(uri: string): OpenCell[] {
    return [...this.#open].flatMap(([notebook, { cells }]) =>
      cells.filter((cell) => cell.uri === uri).map((cell) => ({ notebook, cell })),
    );
  }

  /** The cell at a position of a document, and the position in it. */
  cursorAt(uri: string, { line, character }: Position): (OpenCell & { readonly at: Cursor }) | undefined {
    const open = this.cellsOf(uri).findLast(({ cell }) => cell.line <= line);
    if (open === undefined) return undefined;
    const position = { line: line - open.cell.line, character };
    return { ...open, at: { notebook: open.notebook, cell: open.cell.id, position } };
  }

  /** Where an editor finds places of a notebook. */
  locationsOf(notebook: string, places: readonly Place[]): Location[] {
    return places.flatMap(({ in: where, range }): Location[] => {
      if ("file" in where) return [{ uri: pathToFileURL(where.file).href, range: moved(range, 0) }];
      const cell = this.#cell(notebook, where.cell);
      return cell === undefined ? [] : [{ uri: cell.uri, range: moved(range, cell.line) }];
    });
  }

  editsOf(notebook: string, edits: CellEdits): WorkspaceEdit {
    const changes: NonNullable<WorkspaceEdit["changes"]> = {};
    for (const [id, list] of edits) {
      const cell = this.#cell(notebook, id);
      if (cell === undefined) continue;
      changes[cell.uri] = [
        ...(changes[cell.uri] ?? []),
        ...list.map(({ range, text }) => ({ range: moved(range, cell.line), newText: text })),
      ];
    }
    return { changes };
  }

  #cell(notebook: string, id: string): CellDocument | undefined {
    return this.#open.get(notebook)?.cells.find((cell) => cell.id === id);
  }

  #found({ notebook, cell: id, version, findings }: CellFindings): void {
    const open = this.#open.get(notebook);
    const cell = this.#cell(notebook, id);
    const current = open?.notebook.cells.find((each) => each.id === id)?.version;
    // What was found of an older text is found again.
    if (open === undefined || cell === undefined || version !== current) return;
    this.#findings.set(id, findings);
    const ofDocument = open.cells.filter(({ uri }) => uri === cell.uri);
    const diagnostics = ofDocument.flatMap((each) =>
      (this.#findings.get(each.id) ?? []).map((finding) => diagnosticOf(finding, each.line)),
    );
    this.#publish(cell.uri, diagnostics, version);
  }
}
