import { isDeepStrictEqual } from "node:util";
import type { CellLanguage } from "../languages/cell-language.js";
import { stampOf } from "../library/file-stamp.js";
import { notFollowed } from "../project/followed-options.js";
import type { CellRules } from "../project/options.js";
import { readTsconfig, type Tsconfig } from "../project/tsconfig.js";

/** The rules for the cells of a folder, which change with its `tsconfig.json` while the kernel runs. */
export class ProjectRules {
  readonly #folder: string;
  readonly #language: CellLanguage;
  /** What was read last. */
  #read: Tsconfig;
  /** What cells follow: the last one that could be read. */
  #followed: Tsconfig;
  #rules: CellRules;
  /** What the person is to be told. */
  readonly #notices: string[] = [];
  /** The options that the person was told last are not followed. */
  #told = "";

  /**
   * @param folder - the notebook's folder, an absolute path
   * @param language - of its cells
   */
  constructor(folder: string, language: CellLanguage) {
    this.#folder = folder;
    this.#language = language;
    this.#read = readTsconfig(folder);
    this.#followed = this.#read.broken ? { ...this.#read, options: {} } : this.#read;
    this.#rules = language.rulesFor(this.#followed.options);
    this.#tellProblems("they are checked by the kernel's own options");
    this.#tellNotFollowed();
  }

  get current(): CellRules {
    return this.#rules;
  }

  /** Looks whether the files have changed; returns whether other rules hold now. */
  refresh(): boolean {
    if ([...this.#read.stamps].every(([path, stamp]) => stampOf(path) === stamp)) return false;
    const { path, options, broken, problems } = this.#read;
    this.#read = readTsconfig(this.#folder);
    const isSame = this.#read.path === path && isDeepStrictEqual(this.#read.options, options);
    const isAsWell = this.#read.broken === broken && isDeepStrictEqual(this.#read.problems, problems);
    if (isSame && isAsWell) return false;
    if (!this.#read.broken) this.#follow();
    if (!isAsWell) this.#tellProblems("they keep the options that they have");
    this.#tellNotFollowed();
    return !this.#read.broken;
  }

  /** What is to be told since this was asked last. */
  takeNotices(): string[] {
    return this.#notices.splice(0);
  }

  #follow(): void {
    const { path, options } = this.#read;
    const before = this.#followed;
    if (path === undefined) {
      this.#notices.push(`${before.path} is gone: cells are checked by the kernel's own options`);
    } else if (path !== before.path || !isDeepStrictEqual(options, before.options)) {
      const what = path === before.path ? "has changed" : "is new";
      this.#notices.push(`${path} ${what}: cells follow it from here on`);
    }
    this.#followed = this.#read;
    this.#rules = this.#language.rulesFor(options);
  }

  #tellProblems(instead: string): void {
    const { path, broken, problems } = this.#read;
    if (broken) this.#notices.push(`Cells cannot follow ${path}, ${instead}:`);
    this.#notices.push(...problems.map((problem) => (broken ? `  ${problem}` : problem)));
  }

  #tellNotFollowed(): void {
    // Plain JavaScript has nothing of most of them.
    if (this.#read.broken || this.#language.isPlain) return;
    const names = notFollowed(this.#read.options).join(", ");
    if (names !== "" && names !== this.#told)
      this.#notices.push(`Cells do not follow these options of ${this.#read.path}: ${names}`);
    this.#told = names;
  }
}
