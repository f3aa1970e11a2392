import { randomUUID } from "node:crypto";
import type { NotebookFile } from "./notebook-file.js";

/** An object of a notebook's JSON. */
export type JsonObject = Record<string, unknown>;

/** A cell as a file of format 4.5 has it. */
export interface DocumentCell extends JsonObject {
  id: string;
  cell_type: string;
  metadata: JsonObject;
}

/** A whole notebook of format 4.5, which may be changed and written. */
export interface NotebookDocument extends JsonObject {
  cells: DocumentCell[];
  metadata: JsonObject;
  nbformat: number;
  nbformat_minor: number;
}

/** The minor version from which on cells have ids. */
const MINOR = 5;
/** What cells may be called. */
const ID = /^[a-zA-Z0-9-_]{1,64}$/;
/** What nbformat, too, leaves out of files. */
const TRANSIENT = ["orig_nbformat", "orig_nbformat_minor", "signature"];

/**
 * A copy of a notebook that can be changed. Older minor versions become 4.5: cells get the ids that they lack.
 *
 * @param file - the notebook as it was read
 * @returns all of its content
 */
export function documentOf({ text }: NotebookFile): NotebookDocument {
  const given = JSON.parse(text) as JsonObject & { cells: JsonObject[] };
  const metadata = objectOr({}, given.metadata);
  for (const name of TRANSIENT) delete metadata[name];
  const taken = new Set<string>();
  const cells = given.cells.map((cell) => {
    const { trusted: _, ...kept } = objectOr({}, cell.metadata);
    const id = typeof cell.id === "string" && ID.test(cell.id) && !taken.has(cell.id) ? cell.id : newCellId();
    taken.add(id);
    return { ...cell, id, cell_type: String(cell.cell_type), metadata: kept };
  });
  const minor = typeof given.nbformat_minor === "number" ? given.nbformat_minor : MINOR;
  return { ...given, cells, metadata, nbformat: 4, nbformat_minor: Math.max(minor, MINOR) };
}

/** An id that no other cell has. */
export const newCellId = (): string => randomUUID().slice(0, 8);

/** The text of a field that may be stored in lines. */
export function joinedText(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}

/** The tags of a cell. */
export function tagsOf({ metadata }: DocumentCell): readonly string[] {
  const { tags } = metadata;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

function objectOr(otherwise: JsonObject, value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : otherwise;
}
