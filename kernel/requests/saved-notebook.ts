import { readFile, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";

/** A cell of code as the file has it. */
export interface SavedCell {
  readonly source: string;
  /** Which run the outputs beside it are from. */
  readonly executionCount: number;
}

/** The cells that have run, by their ids. */
export type SavedCells = ReadonlyMap<string, SavedCell>;

/** How large a file may be that is read, in bytes: to parse one takes a tenth of a second. */
const MOST_BYTES = 16_000_000;

/**
 * The file of a notebook, as the front end has saved it. It is parsed once for each time that it was saved. Of a file that
 * is not there, is no notebook, is being written or has taken another's place, nothing is known.
 */
export class SavedNotebook {
  readonly #path: string;
  /** Which file it was at first: another one may have its path later. */
  #identity: string | undefined;
  #latest: { readonly version: string; readonly cells: SavedCells } | undefined;
  /** Whether the file system is at work: a disk that hangs is asked once. */
  #busy = false;

  private constructor(path: string) {
    this.#path = path;
  }

  /** @param path - what Jupyter Server names, if it has started the kernel */
  static named(path: string | undefined): SavedNotebook | undefined {
    return path !== undefined && isAbsolute(path) && path.endsWith(".ipynb")
      ? new SavedNotebook(path)
      : undefined;
  }

  /** What differs once the file has been written again; undefined if that cannot be said. */
  version(): Promise<string | undefined> {
    return this.#alone(async () => (await this.#examine())?.version);
  }

  /** Reads the cells of a version; undefined if the file is another one by now. */
  async cells(version: string): Promise<SavedCells | undefined> {
    if (this.#latest?.version === version) return this.#latest.cells;
    return this.#alone(async () => {
      const found = await this.#examine();
      if (found?.version !== version || found.size > MOST_BYTES) return undefined;
      const cells = cellsOf(JSON.parse(await readFile(this.#path, "utf8")));
      if ((await this.#examine())?.version !== version) return undefined;
      this.#latest = { version, cells };
      return cells;
    });
  }

  async #examine() {
    const { dev, ino, mtimeNs, size } = await stat(this.#path, { bigint: true });
    const identity = `${dev} ${ino}`;
    this.#identity ??= identity;
    return identity === this.#identity ? { version: `${mtimeNs} ${size}`, size } : undefined;
  }

  async #alone<Value>(ask: () => Promise<Value | undefined>): Promise<Value | undefined> {
    if (this.#busy) return undefined;
    this.#busy = true;
    try {
      return await ask();
    } catch {
      // It may have another name by now, or half of it has been written.
      return undefined;
    } finally {
      this.#busy = false;
    }
  }
}

/** The cells of a notebook's JSON, whoever may have written it. */
function cellsOf(notebook: unknown): SavedCells {
  const found = new Map<string, SavedCell>();
  const seen = new Set<unknown>();
  const { nbformat, cells } = fieldsOf(notebook);
  for (const each of nbformat === 4 && Array.isArray(cells) ? cells : []) {
    const { id, cell_type: type, source, execution_count: executionCount } = fieldsOf(each);
    if (typeof id !== "string") continue;
    // An id that two cells have is of neither.
    if (seen.has(id)) found.delete(id);
    else if (type === "code" && typeof executionCount === "number" && isText(source))
      found.set(id, { source: typeof source === "string" ? source : source.join(""), executionCount });
    seen.add(id);
  }
  return found;
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};

const isText = (value: unknown): value is string | readonly string[] =>
  typeof value === "string" || (Array.isArray(value) && value.every((line) => typeof line === "string"));
