// Node.js loads what `promises` stands for when it is first used. Here that is not while the kernel starts.
import { appendFileSync, closeSync, mkdirSync, openSync, promises, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** What one line of a session's file says: the input of a cell or, later, its output. */
export interface HistoryRecord {
  /** The `n` of the cell's `In[n]`. */
  readonly line: number;
  readonly input?: string;
  readonly output?: string;
}

/** How much of the past is kept, in bytes and in sessions: the newest. */
const KEPT_BYTES = 16 * 2 ** 20;
const KEPT_SESSIONS = 1000;

/** The largest file that is read, in bytes: no kernel leaves one as large as this. */
const LARGEST_FILE = 64 * 2 ** 20;

/** The most digits of a number that can be told from the next one. */
const SESSION_FILE = /^([1-9]\d{0,14})\.jsonl$/;

/**
 * The history on disk: a folder with one file of JSON lines for each session, named by the session's number. Only its
 * own kernel writes a file, so several kernels never disturb each other, and the oldest sessions are dropped as whole
 * files.
 */
export class HistoryStore {
  readonly #folder: string;
  #file: string | undefined;
  /** Lines that are not known to be on disk. */
  #unsaved: string[] = [];
  #writing: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Starts a session's file.
   *
   * @returns the session's number, greater than that of every earlier one
   */
  start(): number {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const earlier = numbersOf(readdirSync(this.#folder));
    for (let number = (earlier.at(-1) ?? 0) + 1; ; number++) {
      try {
        closeSync(openSync(this.#path(number), "ax", 0o600));
      } catch (error) {
        // Another kernel took this number at the same moment.
        if (codeOf(error) === "EEXIST") continue;
        throw error;
      }
      this.#file = this.#path(number);
      return number;
    }
  }

  /** The numbers of the sessions on disk, ascending. */
  async sessions(): Promise<number[]> {
    try {
      const entries = await promises.readdir(this.#folder, { withFileTypes: true });
      // To read a pipe or a device would take for ever.
      return numbersOf(entries.filter((entry) => entry.isFile()).map(({ name }) => name));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  }

  /** What a session's file holds; nothing when it was dropped in the meantime. */
  async read(session: number): Promise<HistoryRecord[]> {
    try {
      const path = this.#path(session);
      const found = await promises.stat(path);
      if (!found.isFile()) return [];
      const { size } = found;
      if (size > LARGEST_FILE)
        throw new RangeError(`Cannot read ${path}: it must have at most ${LARGEST_FILE} bytes, got ${size}`);
      return (await promises.readFile(path, "utf8")).split("\n").flatMap(parseRecord);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  }

  /** Deletes the oldest of the sessions, until what is left is within bounds. */
  async dropOld(): Promise<void> {
    let bytes = 0;
    for (const [index, session] of (await this.sessions()).reverse().entries()) {
      try {
        const { size } = await promises.stat(this.#path(session));
        // One that is too large by itself takes no others along.
        const tooLarge = size > KEPT_BYTES;
        if (!tooLarge) bytes += size;
        if (tooLarge || bytes > KEPT_BYTES || index >= KEPT_SESSIONS)
          await promises.unlink(this.#path(session));
      } catch (error) {
        // Another kernel has just dropped it.
        if (codeOf(error) !== "ENOENT") throw error;
      }
    }
  }

  /** Appends to the started session's file, while the cell runs. */
  append(record: HistoryRecord): Promise<void> {
    this.#unsaved.push(`${JSON.stringify(record)}\n`);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /**
   * Waits until all that was appended is on disk.
   *
   * @param longest - how long it may take, in ms
   */
  async saved(longest: number): Promise<void> {
    if (this.#writing === undefined) return;
    // Who has appended hears of what fails.
    const written = this.#writing.catch(() => undefined);
    await Promise.race([written, setTimeout(longest, undefined, { ref: false })]);
  }

  /** Writes at once what is not yet on disk; for the end of the process. */
  close(): void {
    if (this.#file === undefined || this.#unsaved.length === 0) return;
    // A write that is under way may be lost with the process, or may not: lines that are there twice do no harm.
    appendFileSync(this.#file, `\n${this.#unsaved.join("")}`);
    this.#unsaved = [];
  }

  async #write(): Promise<void> {
    while (this.#file !== undefined && this.#unsaved.length > 0) {
      const lines = [...this.#unsaved];
      await promises.appendFile(this.#file, lines.join(""));
      this.#unsaved.splice(0, lines.length);
    }
  }

  #path(session: number): string {
    return join(this.#folder, `${session}.jsonl`);
  }
}

function numbersOf(names: readonly string[]): number[] {
  const numbers = names.map((name) => Number(SESSION_FILE.exec(name)?.[1]));
  return numbers.filter((number) => number > 0).sort((left, right) => left - right);
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** A line that a crash has torn, or that is no record for another reason, is no part of the history. */
function parseRecord(line: string): HistoryRecord[] {
  try {
    const record: unknown = JSON.parse(line);
    return isRecord(record) ? [record] : [];
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is HistoryRecord {
  if (typeof value !== "object" || value === null) return false;
  const { line, input, output } = value as Readonly<Record<string, unknown>>;
  const isText = (each: unknown): boolean => each === undefined || typeof each === "string";
  return Number.isSafeInteger(line) && isText(input) && isText(output);
}
