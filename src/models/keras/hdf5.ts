import { isReadError, readError } from "../../datasets/formats/index.js";

/** Numbers with their shape, as an HDF5 file or a layer holds them. */
export interface Values {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** What is used of h5wasm, which is an ES module and loads its WebAssembly when it is first needed. */
interface Library {
  readonly ready: Promise<Module>;
  readonly File: new (path: string, mode: "r" | "w") => Group & { flush(): void; close(): number };
}
interface Module {
  readonly FS: {
    writeFile(path: string, bytes: Uint8Array): void;
    readFile(path: string): Uint8Array;
    unlink(path: string): void;
  };
  activate_throwing_error_handler(): number;
}
interface Group {
  readonly type: string;
  readonly attrs: Readonly<Record<string, Stored>>;
  get(path: string): Group | Dataset | null;
  keys(): string[];
  create_group(name: string): Group;
  create_dataset(data: { name: string; data: Float32Array; shape: readonly number[] }): unknown;
}
interface Stored {
  readonly shape: readonly number[] | null;
  readonly metadata: { readonly type: number; readonly size: number };
  readonly value: unknown;
}
interface Dataset extends Stored {
  readonly type: string;
}

const SIGNATURE = "\x89HDF\r\n\x1a\n";

let library: Promise<{ File: Library["File"]; module: Module }> | undefined;
let files = 0;

async function load(): Promise<{ File: Library["File"]; module: Module }> {
  // The build for browsers, which runs in Node, too: it sees no file but those that are put into its memory, so links
  // from a hostile file to others lead nowhere.
  const { File, ready } = (await import("h5wasm")) as unknown as Library;
  const module = await ready;
  // Otherwise the library writes what is wrong to the console and goes on.
  module.activate_throwing_error_handler();
  return { File, module };
}

/** An HDF5 file that is open for reading. */
export class Hdf5File {
  readonly #root: Group;
  readonly #origin: string;
  readonly #size: number;
  /** What lies in the root under names with backslashes, longest first */
  readonly #rootNames: readonly string[];

  constructor(root: Group, origin: string, size: number) {
    this.#root = root;
    this.#origin = origin;
    this.#size = size;
    this.#rootNames = damaged(origin, "the root", () => root.keys())
      .filter((name) => name.includes("\\"))
      .sort((a, b) => b.length - a.length);
  }

  /**
   * Opens a file for as long as `use` takes.
   *
   * @param bytes - the file's content
   * @param origin - what errors call it
   * @throws RangeError that names the origin if it is no HDF5 file, or one that is cut off or malformed
   */
  static async using<Result>(
    bytes: Uint8Array,
    origin: string,
    use: (file: Hdf5File) => Result | Promise<Result>,
  ): Promise<Result> {
    if (Buffer.from(bytes.subarray(0, 8)).toString("latin1") !== SIGNATURE) {
      throw readError(origin, `the file must be HDF5, got ${bytes.length} bytes that begin as no such file`);
    }
    library ??= load();
    const { File, module } = await library;
    const path = `read-${files++}.h5`;
    module.FS.writeFile(path, bytes);
    try {
      const root = damaged(origin, "it", () => new File(path, "r"));
      try {
        return await use(new Hdf5File(root, origin, bytes.length));
      } finally {
        root.close();
      }
    } finally {
      module.FS.unlink(path);
    }
  }

  has(path: string): boolean {
    return this.#find(path) !== null;
  }

  /**
   * An attribute of a group.
   *
   * @param path - the group's place in the file, empty for the root
   * @param name - of the attribute
   * @returns its strings
   * @throws RangeError if there is none, or it is no text
   */
  texts(path: string, name: string): readonly string[] {
    const place = `${path || "the root"}'s attribute ${name}`;
    const group = path === "" ? this.#root : this.#find(path);
    const attribute = damaged(this.#origin, place, () => (group as Group | null)?.attrs?.[name]);
    const value = attribute && this.#value(attribute, place);
    const texts = Array.isArray(value) ? value : [value];
    if (texts.every((text) => typeof text === "string")) return texts;
    // NumPy writes a list of no strings as one of no numbers.
    if (ArrayBuffer.isView(value) && value.byteLength === 0) return [];
    throw readError(
      this.#origin,
      `it must have ${place}, a text, got ${value === undefined ? "none" : "another kind"}`,
    );
  }

  /** Whether the root has an attribute. */
  hasAttribute(name: string): boolean {
    return damaged(this.#origin, "attributes", () => name in this.#root.attrs);
  }

  /** Names of what a group holds; none if there is no such group. */
  names(path: string): readonly string[] {
    const group = this.#find(path);
    const own = group !== null && "keys" in group ? damaged(this.#origin, path, () => group.keys()) : [];
    const start = `${path}/`.replaceAll("/", "\\");
    const inner = this.#rootNames.filter((name) => name.startsWith(start));
    return [...new Set([...own, ...inner.map((name) => name.slice(start.length).split("\\")[0] as string)])];
  }

  /** Whether a group, or one inside of it, has weights. */
  hasWeights(path: string, deepest = 8): boolean {
    if (this.#find(path)?.type === "Dataset") return true;
    return deepest > 0 && this.names(path).some((name) => this.hasWeights(`${path}/${name}`, deepest - 1));
  }

  /** The shape of a dataset; nothing if there is none. */
  shape(path: string): readonly number[] | undefined {
    const dataset = this.#find(path);
    if (dataset?.type !== "Dataset") return undefined;
    return damaged(this.#origin, path, () => (dataset as Dataset).shape ?? []);
  }

  /**
   * Reads a dataset.
   *
   * @param path - its place in the file
   * @param shape - what it must have
   * @returns its numbers as float32, whatever they are stored as
   * @throws RangeError if it is missing, of another shape, or holds no numbers
   */
  read(path: string, shape: readonly number[]): Float32Array {
    const dataset = this.#find(path);
    if (dataset?.type !== "Dataset") {
      throw readError(
        this.#origin,
        `it must have the weights ${path}, got ${dataset?.type ?? "nothing"} there`,
      );
    }
    const found = damaged(this.#origin, path, () => (dataset as Dataset).shape ?? []);
    if (found.join() !== shape.join()) {
      throw readError(
        this.#origin,
        `${path} must have shape [${shape.join(", ")}], got [${found.join(", ")}]`,
      );
    }
    const value = this.#value(dataset as Dataset, path);
    const list = numbersOf(value);
    if (list.length === shape.reduce((product, size) => product * size, 1)) return Float32Array.from(list);
    throw readError(
      this.#origin,
      `${path} must hold float32, float64, int32 or int64 numbers, got another kind`,
    );
  }

  #value(stored: Stored, place: string): unknown {
    return damaged(this.#origin, place, () => {
      const bytes = (stored.shape ?? []).reduce((product, size) => product * size, stored.metadata.size);
      // What is stored takes its place in the file. A dataset that was never filled, or is packed, may claim any size.
      if (bytes <= this.#size) return stored.value;
      throw readError(
        this.#origin,
        `${place} must be stored in the file's ${this.#size} bytes, unpacked, got a size of ${bytes} bytes`,
      );
    });
  }

  #find(path: string): Group | Dataset | null {
    return damaged(this.#origin, path, () => {
      // Keras on Windows joins some of the names by backslashes, from the root on.
      const windows = this.#rootNames.find((name) => path.startsWith(`${name.replaceAll("\\", "/")}/`));
      const names = windows ? [windows, ...path.slice(windows.length + 1).split("/")] : path.split("/");
      // Each step by itself: the library writes to the console when a part of the way is missing.
      let place: Group | Dataset | null = this.#root;
      for (const name of names) {
        if (place === null || !("get" in place)) return null;
        place = place.get(name);
      }
      return place;
    });
  }
}

/**
 * Writes an HDF5 file of float32 datasets.
 *
 * @param datasets - for each place in the file its numbers
 * @returns the file's content
 */
export async function writeHdf5(datasets: ReadonlyMap<string, Values>): Promise<Uint8Array> {
  library ??= load();
  const { File, module } = await library;
  const path = `write-${files++}.h5`;
  const file = new File(path, "w");
  try {
    const groups = new Map<string, Group>([["", file]]);
    const group = (place: string): Group => {
      const known = groups.get(place);
      if (known !== undefined) return known;
      const [parent, name] = split(place);
      const made = group(parent).create_group(name);
      groups.set(place, made);
      return made;
    };
    for (const [place, { values, shape }] of datasets) {
      const [parent, name] = split(place);
      group(parent).create_dataset({ name, data: values, shape });
    }
    file.flush();
  } finally {
    file.close();
  }
  const bytes = module.FS.readFile(path);
  module.FS.unlink(path);
  return bytes;
}

/** Counts, as Normalization's, are whole numbers. */
function numbersOf(value: unknown): ArrayLike<number> {
  if (typeof value === "number" || typeof value === "bigint") return [Number(value)];
  if (value instanceof BigInt64Array) return Array.from(value, Number);
  const isNumeric = [Float32Array, Float64Array, Int32Array].some((kind) => value instanceof kind);
  return isNumeric ? (value as Float32Array) : [];
}

function split(place: string): [parent: string, name: string] {
  const end = place.lastIndexOf("/");
  return [place.slice(0, Math.max(end, 0)), place.slice(end + 1)];
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
