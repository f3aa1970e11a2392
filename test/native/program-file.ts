import { closeSync, openSync, writeSync } from "node:fs";
import { nodeBackend } from "../../src/tfjs/backend.js";
import { watchOps } from "../training/programs.js";

/** Calls of one program that are written down. */
const MOST_CALLS = 2;

interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** Writes the calls of compiled programs for test/native/programs.cc, which replays them. */
export class ProgramFile {
  readonly #file: number;
  readonly #calls = new Map<string, number>();

  /** @param path - of the file to write */
  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  /** How many programs there are, and how many calls of them. */
  get counts(): { readonly programs: number; readonly calls: number } {
    return {
      programs: this.#calls.size,
      calls: [...this.#calls.values()].reduce((sum, each) => sum + each, 0),
    };
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Runs code, and writes the first calls of each of its programs that have one step. */
  async record(run: () => unknown): Promise<void> {
    const { binding } = nodeBackend();
    await watchOps((execute, call) => {
      const [name, attributes, inputs] = call;
      if (name !== "RnnlabProgram") return execute(...call);
      const text = String(attributes.find((each) => each.name === "program")?.value);
      const read = () => inputs.map((id) => binding.tensorDataSync(id).slice());
      const shapes = shapesOf(text);
      const before = read();
      const outputs = execute(...call);
      const count = this.#calls.get(text) ?? 0;
      const isOneStep = before.every((values, i) => values.length === sizeOf(shapes[i] ?? []));
      if (!isOneStep || count === MOST_CALLS) return outputs;
      this.#calls.set(text, count + 1);
      const shaped = (all: Numbers["values"][]) =>
        all.map((values, i) => ({ shape: shapes[i] ?? [], values }));
      const results = outputs.map(({ id, shape }) => ({ shape, values: binding.tensorDataSync(id) }));
      this.#write(text, shaped(before), [...results, ...shaped(read())]);
      return outputs;
    }, run);
  }

  #write(text: string, ...lists: readonly (readonly Numbers[])[]): void {
    const bytes = new TextEncoder().encode(text);
    this.#integers(bytes.length);
    writeSync(this.#file, bytes);
    for (const list of lists) {
      this.#integers(list.length);
      for (const { shape, values } of list) {
        this.#integers(values instanceof Int32Array ? 1 : 0, shape.length, ...shape);
        writeSync(this.#file, values);
      }
    }
  }

  #integers(...values: number[]): void {
    writeSync(this.#file, Int32Array.from(values));
  }
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** The shapes of a program's inputs, for one step. */
function shapesOf(text: string): number[][] {
  return text.split("\n").flatMap((line) => {
    const [kind, ...words] = line.split(" ");
    if (kind === "input" || kind === "batch") return [words.map(Number)];
    return kind === "integers" ? [words.slice(1).map(Number)] : [];
  });
}
