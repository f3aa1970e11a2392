import { isReadError, readError } from "../../formats/read-error.js";
import { Hdf5Thread } from "./hdf5-thread.js";
import type { Extent, Questions, Values } from "./hdf5-worker.js";

export type { Values } from "./hdf5-worker.js";

const SIGNATURE = "\x89HDF\r\n\x1a\n";
/** The most groups and datasets that are looked at within a layer's group. */
const MOST_PLACES = 10_000;

/**
 * How much the numbers of a file may take, which may be packed.
 *
 * @param size - of the file, in bytes
 * @returns bytes
 */
export function unpackedRoom(size: number): number {
  return Math.max(64 * 2 ** 20, 8 * size);
}

/** An HDF5 file that is open for reading. */
export class Hdf5File {
  readonly #thread: Hdf5Thread;
  readonly #origin: string;
  /** Of all of it, in bytes */
  readonly size: number;
  /** What lies in the root under names with backslashes, longest first */
  readonly #rootNames: readonly string[];

  constructor(thread: Hdf5Thread, origin: string, size: number) {
    this.#thread = thread;
    this.#origin = origin;
    this.size = size;
    this.#rootNames = this.#ask("the root", "keys", [])
      .filter((name) => name.includes("\\"))
      .sort((a, b) => b.length - a.length);
  }

  /**
   * Opens a file for as long as `use` takes.
   *
   * @param bytes - the file's content
   * @param origin - what errors call it
   * @throws {RangeError} when it is no HDF5 file, or one that is cut off or malformed; it names the origin
   */
  static async using<Result>(
    bytes: Uint8Array,
    origin: string,
    use: (file: Hdf5File) => Result | Promise<Result>,
  ): Promise<Result> {
    if (Buffer.from(bytes.subarray(0, 8)).toString("latin1") !== SIGNATURE) {
      throw readError(origin, `the file must be HDF5, got ${bytes.length} bytes that begin as no such file`);
    }
    const thread = new Hdf5Thread(bytes.length);
    try {
      damaged(origin, "it", () => thread.ask("open", bytes));
      return await use(new Hdf5File(thread, origin, bytes.length));
    } finally {
      await thread.end();
    }
  }

  /** The same file under another name, which errors have from then on. */
  named(origin: string): Hdf5File {
    return new Hdf5File(this.#thread, origin, this.size);
  }

  has(path: string): boolean {
    return this.#ask(path, "kind", this.#placeOf(path)) !== undefined;
  }

  /**
   * An attribute of a group.
   *
   * @param path - the group's place in the file, empty for the root
   * @param name - of the attribute
   * @returns its strings
   * @throws {RangeError} when there is none, or it is no text
   */
  texts(path: string, name: string): readonly string[] {
    const place = `${path || "the root"}'s attribute ${name}`;
    const extent = this.#ask(place, "attribute", this.#placeOf(path), name);
    if (extent) this.#requireRoom(extent, place);
    const texts = extent && this.#ask(place, "texts", this.#placeOf(path), name);
    if (texts) return texts;
    throw readError(this.#origin, `it must have ${place}, a text, got ${extent ? "another kind" : "none"}`);
  }

  /** Whether the root has an attribute. */
  hasAttribute(name: string): boolean {
    return this.#ask("attributes", "attribute", [], name) !== undefined;
  }

  /** Names of what a group holds; none if there is no such group. */
  names(path: string): readonly string[] {
    const own = this.#ask(path, "keys", this.#placeOf(path));
    const start = `${path}/`.replaceAll("/", "\\");
    const inner = this.#rootNames.filter((name) => name.startsWith(start));
    return [...new Set([...own, ...inner.map((name) => name.slice(start.length).split("\\")[0] as string)])];
  }

  /**
   * Whether a group, or one inside of it, has weights.
   *
   * @throws {RangeError} when it holds more groups than any layer does: they may hold each other
   */
  hasWeights(path: string): boolean {
    const places = [path];
    for (const place of places) {
      if (this.#ask(place, "kind", this.#placeOf(place)) === "Dataset") return true;
      // The list grows while it is walked through.
      places.push(...this.names(place).map((name) => `${place}/${name}`));
      if (places.length > MOST_PLACES)
        throw readError(
          this.#origin,
          `${path} must hold at most ${MOST_PLACES} groups, got more; they may hold each other`,
        );
    }
    return false;
  }

  /** The shape of a dataset; nothing if there is none. */
  shape(path: string): readonly number[] | undefined {
    const place = this.#placeOf(path);
    if (this.#ask(path, "kind", place) !== "Dataset") return undefined;
    return this.#ask(path, "dataset", place).shape;
  }

  /**
   * Reads a dataset.
   *
   * @param path - its place in the file
   * @param shape - what it must have
   * @param label - what errors call it
   * @returns its numbers as float32, whatever they are stored as
   * @throws {RangeError} when it is missing, of another shape, or holds no numbers
   */
  read(path: string, shape: readonly number[], label = path): Float32Array {
    const place = this.#placeOf(path);
    const kind = this.#ask(path, "kind", place);
    if (kind !== "Dataset") {
      throw readError(this.#origin, `${label} must be weights, got ${kind ?? "nothing"} there`);
    }
    const extent = this.#ask(label, "dataset", place);
    if (extent.shape.join() !== shape.join()) {
      throw readError(
        this.#origin,
        `${label} must have shape [${shape.join(", ")}], got [${extent.shape.join(", ")}]`,
      );
    }
    this.#requireRoom(extent, label);
    const values = this.#ask(label, "numbers", place);
    // A copy of this realm, whose classes tfjs asks for.
    if (values?.length === shape.reduce((product, size) => product * size, 1))
      return Float32Array.from(values);
    throw readError(
      this.#origin,
      `${label} must hold float32, float64, int32 or int64 numbers, got another kind`,
    );
  }

  #requireRoom({ bytes, isPacked }: Extent, place: string): void {
    // What is stored takes its place in the file. A dataset that was never filled may claim any size.
    const room = isPacked ? unpackedRoom(this.size) : this.size;
    if (bytes <= room) return;
    throw readError(
      this.#origin,
      `${place} must be stored in the file's ${this.size} bytes${isPacked ? `, packed from at most ${room}` : ", unpacked"}, got a size of ${bytes} bytes`,
    );
  }

  /** The names that lead to a place. */
  #placeOf(path: string): string[] {
    if (path === "") return [];
    // Keras on Windows joins some of the names by backslashes, from the root on.
    const windows = this.#rootNames.find((name) => path.startsWith(`${name.replaceAll("\\", "/")}/`));
    return windows ? [windows, ...path.slice(windows.length + 1).split("/")] : path.split("/");
  }

  #ask<Name extends keyof Questions>(
    part: string,
    name: Name,
    ...args: Parameters<Questions[Name]>
  ): ReturnType<Questions[Name]> {
    return damaged(this.#origin, part, () => this.#thread.ask(name, ...args));
  }
}

/**
 * Writes an HDF5 file of float32 datasets.
 *
 * @param datasets - for each place in the file its numbers
 * @returns the file's content
 */
export async function writeHdf5(datasets: ReadonlyMap<string, Values>): Promise<Uint8Array> {
  const size = [...datasets.values()].reduce((bytes, { values }) => bytes + values.byteLength, 0);
  const thread = new Hdf5Thread(size);
  try {
    return Buffer.from(thread.ask("write", datasets));
  } finally {
    await thread.end();
  }
}

/** What goes wrong inside the library comes from the file. */
function damaged<Result>(origin: string, part: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (isReadError(cause)) throw cause;
    throw readError(origin, `HDF5 must be able to read ${part}, got a damaged file`, cause);
  }
}
