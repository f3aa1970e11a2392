/*
 * Runs the HDF5 library in a thread of its own: a damaged file can keep it busy for ever, and only a thread can be ended.
 */
import { type MessagePort, workerData } from "node:worker_threads";
import { messageOf } from "../../platform/message-of.js";

/** What the thread is started with. */
export interface Start {
  readonly port: MessagePort;
  /** Counts answers, so that the asker can wait for the next without an event loop */
  readonly answers: Int32Array;
  /** Most bytes that the library may take */
  readonly memory: number;
  /** The library's WebAssembly, if a thread before has compiled it */
  readonly compiled: object | undefined;
}

/** Numbers with their shape, as an HDF5 file or a layer holds them. */
export interface Values {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** Questions by name; a place in the file is the list of the names that lead there. */
export interface Questions {
  open(bytes: Uint8Array): void;
  /** What is at a place, if anything */
  kind(place: readonly string[]): string | undefined;
  keys(place: readonly string[]): string[];
  /** What an attribute is like; nothing if there is none */
  attribute(place: readonly string[], name: string): Extent | undefined;
  /** The texts of an attribute; nothing if it holds others */
  texts(place: readonly string[], name: string): string[] | undefined;
  dataset(place: readonly string[]): Extent;
  /** A dataset's numbers; nothing if it holds others */
  numbers(place: readonly string[]): Float32Array | undefined;
  write(datasets: ReadonlyMap<string, Values>): Uint8Array;
}

/** How large something is. */
export interface Extent {
  readonly shape: readonly number[];
  readonly bytes: number;
  /** Whether it may take less place in the file */
  readonly isPacked: boolean;
}

export type Question = {
  readonly [Name in keyof Questions]: { name: Name; args: Parameters<Questions[Name]> };
}[keyof Questions];
export type Answer = ({ readonly value: unknown } | { readonly error: string }) & Pick<Start, "compiled">;

/** What is used of h5wasm, which is an ES module and loads its WebAssembly when it is first needed. */
interface Library {
  readonly ready: Promise<Module>;
  readonly File: new (path: string, mode: "r" | "w") => Group & { flush(): void; close(): number };
}
interface Module {
  readonly FS: {
    writeFile(path: string, bytes: Uint8Array): void;
    readFile(path: string): Uint8Array;
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
  readonly metadata: { readonly size: number };
  readonly value: unknown;
}
interface Dataset extends Stored {
  readonly type: string;
  readonly filters: readonly unknown[];
}

const PATH = "file.h5";
/** Of WebAssembly's memory, in bytes */
const PAGE = 65_536;
const { port, answers, memory, compiled } = workerData as Start;
// What the library is denied it takes for memory that is not there.
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
interface Assembly {
  readonly Memory: { readonly prototype: Memory };
  readonly Instance: new (module: object, imports: unknown) => object;
  instantiate(bytes: Uint8Array, imports: unknown): Promise<{ module: object; instance: object }>;
}
const assembly = (globalThis as typeof globalThis & { WebAssembly: Assembly }).WebAssembly;
const { prototype } = assembly.Memory;
const { grow } = prototype;
prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * PAGE > memory)
    throw new RangeError(`there must be at most ${memory} bytes, got more`);
  return grow.call(this, pages);
};

/** What this thread has compiled. */
let made: object | undefined;
// Compiling takes longer than all else that is asked of most files. Each thread has an instance of its own.
const instantiate = assembly.instantiate.bind(assembly);
assembly.instantiate = async (bytes, imports) => {
  if (compiled !== undefined) return { module: compiled, instance: new assembly.Instance(compiled, imports) };
  const result = await instantiate(bytes, imports);
  made = result.module;
  return result;
};

function answering(library: Library, { FS }: Module): Questions {
  let root: Group | undefined;
  const find = (place: readonly string[]) => findIn(root, place);
  const attributeAt = (place: readonly string[], name: string) =>
    (find(place) as Partial<Group> | null)?.attrs?.[name];
  return {
    open(bytes) {
      FS.writeFile(PATH, bytes);
      root = new library.File(PATH, "r");
    },
    kind: (place) => find(place)?.type,
    keys(place) {
      const group = find(place);
      return group !== null && "keys" in group ? group.keys() : [];
    },
    attribute(place, name) {
      const found = attributeAt(place, name);
      return found && extentOf(found, false);
    },
    texts: (place, name) => textsOf(attributeAt(place, name)?.value),
    dataset(place) {
      const dataset = find(place) as Dataset;
      return extentOf(dataset, dataset.filters.length > 0);
    },
    numbers: (place) => numbersOf((find(place) as Dataset).value),
    write(datasets) {
      const file = new library.File(PATH, "w");
      addDatasets(file, datasets);
      file.flush();
      file.close();
      return FS.readFile(PATH);
    },
  };
}

/** Takes each step by itself: the library writes to the console when a part of the way is missing. */
function findIn(root: Group | undefined, names: readonly string[]): Group | Dataset | null {
  let place: Group | Dataset | null = root ?? null;
  for (const name of names) {
    if (place === null || !("get" in place)) return null;
    place = place.get(name);
  }
  return place;
}

function addDatasets(root: Group, datasets: Parameters<Questions["write"]>[0]): void {
  const groups = new Map([["", root]]);
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
}

function extentOf(stored: Stored, isPacked: boolean): Extent {
  const shape = stored.shape ?? [];
  return { shape, isPacked, bytes: shape.reduce((product, size) => product * size, stored.metadata.size) };
}

function textsOf(value: unknown): string[] | undefined {
  // NumPy writes a list of no strings as one of no numbers.
  if (ArrayBuffer.isView(value) && value.byteLength === 0) return [];
  const texts: unknown[] = Array.isArray(value) ? value : [value];
  return texts.every((text) => typeof text === "string") ? texts : undefined;
}

/** Counts, as Normalization's, are whole numbers. */
function numbersOf(value: unknown): Float32Array | undefined {
  if (typeof value === "number" || typeof value === "bigint") return Float32Array.of(Number(value));
  if (value instanceof BigInt64Array) return Float32Array.from(value, Number);
  if (value instanceof Float32Array || value instanceof Float64Array || value instanceof Int32Array)
    return Float32Array.from(value);
  return undefined;
}

function split(place: string): [parent: string, name: string] {
  const end = place.lastIndexOf("/");
  return [place.slice(0, Math.max(end, 0)), place.slice(end + 1)];
}

async function load(): Promise<Questions> {
  // The build for browsers, which runs in Node, too: it sees no file but those that are put into its memory, so links
  // from a hostile file to others lead nowhere.
  const loaded: object = await import("h5wasm").catch((cause: unknown) => {
    throw new Error("h5wasm, which reads HDF5, must be installed; run `npx rnnlab setup` to add it", {
      cause,
    });
  });
  // As far as it is used: its own types know no difference between what a file holds.
  const library = loaded as Library;
  const module = await library.ready;
  // Otherwise the library writes what is wrong to the console and goes on.
  module.activate_throwing_error_handler();
  return answering(library, module);
}

const loading = load();
port.on("message", async ({ name, args }: Question) => {
  let answer: Answer;
  try {
    const questions = await loading;
    answer = { value: (questions[name] as (...given: unknown[]) => unknown)(...args), compiled: made };
  } catch (error) {
    answer = { error: messageOf(error), compiled: made };
  }
  port.postMessage(answer);
  Atomics.add(answers, 0, 1);
  Atomics.notify(answers, 0);
});
