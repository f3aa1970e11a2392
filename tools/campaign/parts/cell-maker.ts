import type { Random } from "../../random.js";
import type { Language } from "../languages/index.js";

/** A cell with what has to come of it. */
export interface MadeCell {
  readonly kind: string;
  readonly code: string;
  readonly status: "ok" | "error";
  /** The outputs in their order, as `outputsOf` writes them. */
  readonly outputs: readonly string[];
  /** An expression that is asked for, and the text that it must give. */
  readonly expression?: { readonly code: string; readonly text: string };
  readonly silent?: boolean;
  /** What comes on stdout when the cell is over. */
  readonly late?: string;
}

/** How often each kind comes, relative to the others. */
const WEIGHTS = {
  prints: 8,
  result: 8,
  declares: 8,
  "reads a variable": 8,
  "declares anew": 8,
  error: 6,
  "prints, then an error": 4,
  awaits: 3,
  import: 4,
  display: 4,
  "late timer": 3,
  "both streams": 8,
  "both streams with waits": 1,
  "big output": 1,
  expression: 4,
  silent: 4,
} as const;

export type CellKind = keyof typeof WEIGHTS;

const allKinds = Object.keys(WEIGHTS) as CellKind[];

type Made = Omit<MadeCell, "kind" | "status"> & { readonly status?: "error" };

/** Makes cells of many kinds that use each other's variables, with what each must put out. */
export class CellMaker {
  readonly #language: Language;
  readonly #random: Random;
  readonly #urn: readonly CellKind[];
  readonly #numbers = new Map<string, number>();
  #names = 0;

  /** @param kinds - those to make; all unless some are named */
  constructor(language: Language, random: Random, kinds: readonly CellKind[] = allKinds) {
    this.#language = language;
    this.#random = random;
    this.#urn = kinds.flatMap((kind) => Array<CellKind>(WEIGHTS[kind]).fill(kind));
  }

  next(): MadeCell {
    const kind = this.#random.pick(this.#urn);
    return { kind, status: "ok", ...this.#makers[kind]() };
  }

  readonly #makers: Readonly<Record<CellKind, () => Made>> = {
    prints: () => {
      const lines = this.#words(5);
      return { code: this.#language.print(lines), outputs: [stdout(lines)] };
    },
    result: () => this.#sum([this.#number(), this.#number()]),
    declares: () => {
      const { name, value, code } = this.#declaration();
      return { code: `${code}\n${this.#language.sum([name, 1])}`, outputs: [result(value + 1)] };
    },
    "reads a variable": () => {
      const [name, value] = this.#known();
      return { code: this.#language.sum([name, 2]), outputs: [result(value + 2)] };
    },
    "declares anew": () => {
      const [name = this.#declaration().name] = this.#random.shuffled([...this.#numbers.keys()]);
      this.#numbers.delete(name);
      const code = this.#language.declareText(name, this.#random.word(9));
      return { code: `${code}\n${this.#language.lengthOf(name)}`, outputs: [result(9)] };
    },
    error: () => {
      const { code, output } = this.#failure();
      return { code: `${this.#declaration().code}\n${code}`, outputs: [output], status: "error" };
    },
    "prints, then an error": () => {
      const lines = this.#words(3);
      const { code, output } = this.#failure();
      return {
        code: `${this.#language.print(lines)}\n${code}`,
        outputs: [stdout(lines), output],
        status: "error",
      };
    },
    awaits: () => {
      const lines = this.#words(4);
      return { code: this.#language.printSlowly(lines, this.#random.integer(10)), outputs: [stdout(lines)] };
    },
    import: () => {
      const name = this.#random.word(6);
      return { code: this.#language.printBasename(name), outputs: [stdout([name])] };
    },
    display: () => {
      const html = `<b>${this.#random.word(6)}</b>`;
      const { code, type } = this.#language.showHtml(html);
      return { code, outputs: [`${type} ${html}`] };
    },
    "late timer": () => {
      const line = this.#random.word(8);
      const code = this.#language.printLater(line, 20 + this.#random.integer(60));
      return { code, outputs: [], late: `${line}\n` };
    },
    "both streams": () => this.#alternating(1 + this.#random.integer(5), 0),
    "both streams with waits": () => this.#alternating(20 + this.#random.integer(40), 2),
    "big output": () => {
      const [character, count] = [this.#random.word(1), 100_000 + this.#random.integer(900_000)];
      return {
        code: this.#language.printMany(character, count),
        outputs: [stdout([character.repeat(count)])],
      };
    },
    expression: () => {
      const [name, value] = this.#known();
      const expression = { code: this.#language.sum([name, 3]), text: String(value + 3) };
      return { ...this.#sum([this.#number(), this.#number()]), expression };
    },
    silent: () => ({
      code: `${this.#declaration().code}\n${this.#language.print(["unheard"])}`,
      outputs: [],
      silent: true,
    }),
  };

  #number(): number {
    return this.#random.integer(1000);
  }

  #words(most: number): string[] {
    return Array.from({ length: 1 + this.#random.integer(most) }, () => this.#random.word(6));
  }

  #sum(terms: readonly number[]): Made {
    const total = terms.reduce((sum, term) => sum + term, 0);
    return { code: this.#language.sum(terms), outputs: [result(total)] };
  }

  /** A variable that is a number, with a new name or one of forty that were used before. */
  #declaration(): { name: string; value: number; code: string } {
    const name = `value${this.#names++ % 40}`;
    const value = this.#number();
    this.#numbers.set(name, value);
    return { name, value, code: this.#language.declareNumber(name, value) };
  }

  /** A variable that an earlier cell has set to a number; a literal as long as there is none. */
  #known(): [string, number] {
    return this.#numbers.size === 0 ? ["7", 7] : this.#random.pick([...this.#numbers]);
  }

  #failure(): { code: string; output: string } {
    const message = this.#random.word(7);
    const { errorName } = this.#language;
    return { code: this.#language.fail(message), output: `error ${errorName}: ${message}` };
  }

  #alternating(pairs: number, milliseconds: number): Made {
    const outputs = Array.from({ length: pairs }, (_, i) => [
      `stdout out ${i}\n`,
      `stderr err ${i}\n`,
    ]).flat();
    return { code: this.#language.alternate(pairs, milliseconds), outputs };
  }
}

const stdout = (lines: readonly string[]) => `stdout ${lines.map((line) => `${line}\n`).join("")}`;
const result = (value: number) => `execute_result ${value}`;
