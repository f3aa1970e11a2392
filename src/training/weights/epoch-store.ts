import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PackedTensors } from "./tensor-bytes.js";

/** How much may be kept, in bytes. */
export interface Bounds {
  /** Of the process's memory, all trainings together */
  readonly memory: number;
  /** In a file of each training */
  readonly disk: number;
}

interface Entry<Kept extends PackedTensors> {
  readonly about: Omit<Kept, "bytes">;
  readonly size: number;
  /** The numbers, or where they begin in the file */
  readonly place: Uint8Array<ArrayBuffer> | number;
}

/** What is to be given back when a store is forgotten. */
interface Held {
  memory: number;
  file: number | undefined;
}

/** Memory that the stores of the process hold. */
let inMemory = 0;

function release(held: Held): void {
  inMemory -= held.memory;
  held.memory = 0;
  if (held.file !== undefined) closeSync(held.file);
  held.file = undefined;
}

const forgotten = new FinalizationRegistry(release);

/**
 * Keeps something of each epoch: in memory, beyond a bound in a file, and beyond the file's bound of fewer epochs. The
 * file has no name, so that the system removes it when the process ends, however it ends.
 */
export class EpochStore<Kept extends PackedTensors> {
  readonly #bounds: Bounds;
  readonly #entries = new Map<number, Entry<Kept>>();
  readonly #held: Held = { memory: 0, file: undefined };
  /** Places in the file that are free again. */
  #free: { readonly place: number; readonly size: number }[] = [];
  #end = 0;
  #every = 1;

  /** @param bounds - how much may be kept */
  constructor(bounds: Bounds) {
    this.#bounds = bounds;
    forgotten.register(this, this.#held, this);
  }

  /** The epochs that are kept, in their order. */
  get epochs(): number[] {
    return [...this.#entries.keys()];
  }

  /** Bytes that are kept. */
  get size(): number {
    return [...this.#entries.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Every how many epochs are kept, beside the last one. */
  get every(): number {
    return this.#every;
  }

  /** Whether there is a file. */
  get isOnDisk(): boolean {
    return this.#held.file !== undefined;
  }

  /**
   * @param epoch - later than those that are kept
   * @param kept - what is kept of it
   */
  add(epoch: number, { bytes, ...about }: Kept): void {
    const last = this.epochs.at(-1);
    if (last !== undefined && last % this.#every !== 0) this.#drop(last);
    const size = bytes.byteLength;
    while (!this.#hasRoom(size) && this.#entries.size > 1) this.#thin();
    this.#entries.set(epoch, { about, size, place: this.#put(bytes) });
  }

  /**
   * @param epoch - any number
   * @returns what is kept of it
   */
  get(epoch: number): Kept | undefined {
    const entry = this.#entries.get(epoch);
    if (entry === undefined) return undefined;
    const { about, size, place } = entry;
    const whole = (bytes: Uint8Array<ArrayBuffer>) => ({ ...about, bytes }) as Kept;
    if (typeof place !== "number") return whole(place);
    const bytes = new Uint8Array(size);
    for (let done = 0; done < size; ) {
      const read = readSync(this.#file(), bytes, done, size - done, place + done);
      if (read === 0)
        throw new Error(`Cannot read kept weights: their file must be whole, got ${done} of ${size} bytes`);
      done += read;
    }
    return whole(bytes);
  }

  /** Gives back memory and file. */
  clear(): void {
    this.#entries.clear();
    this.#free = [];
    this.#end = 0;
    release(this.#held);
  }

  #hasRoom(size: number): boolean {
    return this.#fitsMemory(size) || this.#gap(size) !== undefined || this.#end + size <= this.#bounds.disk;
  }

  #fitsMemory(size: number): boolean {
    return inMemory + size <= this.#bounds.memory;
  }

  #gap(size: number): { readonly place: number; readonly size: number } | undefined {
    return this.#free.find((gap) => gap.size >= size);
  }

  /** Forgets every second one, but not the first. */
  #thin(): void {
    this.#every *= 2;
    for (const epoch of this.epochs.slice(1)) if (epoch % this.#every !== 0) this.#drop(epoch);
  }

  #drop(epoch: number): void {
    const entry = this.#entries.get(epoch);
    if (entry === undefined) return;
    this.#entries.delete(epoch);
    const { place, size } = entry;
    if (typeof place === "number") this.#free.push({ place, size });
    else {
      inMemory -= size;
      this.#held.memory -= size;
    }
  }

  #put(bytes: Uint8Array<ArrayBuffer>): Entry<Kept>["place"] {
    const size = bytes.byteLength;
    if (this.#fitsMemory(size)) {
      inMemory += size;
      this.#held.memory += size;
      return bytes;
    }
    const gap = this.#gap(size);
    const place = gap?.place ?? this.#end;
    for (let done = 0; done < size; ) done += writeSync(this.#file(), bytes, done, size - done, place + done);
    if (gap === undefined) this.#end += size;
    else this.#free = this.#free.filter((each) => each !== gap);
    return place;
  }

  #file(): number {
    this.#held.file ??= nameless();
    return this.#held.file;
  }
}

/** A file that is open and has no name any more. */
function nameless(): number {
  const folder = mkdtempSync(join(tmpdir(), "rnnlab-weights-"));
  try {
    return openSync(join(folder, "weights"), "wx+", 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
