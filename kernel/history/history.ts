import { stripVTControlCharacters } from "node:util";
import type { Json } from "../protocol/wire.js";
import { log } from "../shared/log.js";
import { shownValue } from "../shared/shown-value.js";
import { compileGlob } from "./glob.js";
import type { HistoryRecord, HistoryStore } from "./store.js";

/** One cell of the past. */
interface Entry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  readonly output: string | undefined;
}

/** Longest output that is kept, in characters: the history is for finding code again. */
const LONGEST_OUTPUT = 10_000;

/** How long a cell waits for a slow disk at its end, in ms. */
const SLOW_DISK = 100;

/** What was executed, in this session and in earlier ones; answers `history_request`. */
export class History {
  readonly #store: HistoryStore | undefined;
  readonly #records: HistoryRecord[] = [];
  /** This session's number, once its first cell has been stored. */
  #session: number | undefined;
  #failed = false;

  /** @param store - where the history outlives the kernel; without one it ends with it */
  constructor(store: HistoryStore | undefined) {
    this.#store = store;
  }

  /** Stores the code of a cell that begins to run as `In[line]`. */
  input(line: number, code: string): void {
    if (code.trim() !== "") this.#keep({ line, input: code });
  }

  /** Stores the result of that cell. */
  output(line: number, text: string): void {
    // What is cut is cut first: a result may be as large as a message.
    const plain = stripVTControlCharacters(text.slice(0, 4 * LONGEST_OUTPUT));
    const output = plain.length > LONGEST_OUTPUT ? `${plain.slice(0, LONGEST_OUTPUT)}…` : plain;
    this.#keep({ line, output });
  }

  /** Waits until it is on disk: a kernel that is killed then loses nothing. */
  async saved(): Promise<void> {
    await this.#store?.saved(SLOW_DISK);
  }

  /** Answers a `history_request`. */
  async reply(content: Json): Promise<Json> {
    const entries = await this.#find(content);
    const history = entries.map(({ session, line, input, output }) => [
      session,
      line,
      content.output === true ? [input, output ?? null] : input,
    ]);
    return { status: "ok", history };
  }

  /** Makes sure that everything is on disk before the process ends. */
  close(): void {
    try {
      this.#store?.close();
    } catch (error) {
      this.#report(error);
    }
  }

  #keep(record: HistoryRecord): void {
    this.#records.push(record);
    if (this.#store === undefined || this.#failed) return;
    try {
      if (this.#session === undefined) {
        this.#session = this.#store.start();
        this.#store.dropOld().catch((error: unknown) => this.#report(error));
      }
      this.#store.append(record).catch((error: unknown) => this.#report(error));
    } catch (error) {
      this.#report(error);
    }
  }

  /** Said once: the history then lasts as long as the kernel, and cells run all the same. */
  #report(error: unknown): void {
    if (!this.#failed) log("Cannot keep the history", error);
    this.#failed = true;
  }

  #find(content: Json): Promise<Entry[]> {
    const type = content.hist_access_type;
    switch (type) {
      case "range":
        return this.#range(content);
      case "tail":
        return this.#latest(content, () => true);
      case "search":
        return this.#latest(
          content,
          compileGlob(typeof content.pattern === "string" ? content.pattern : "*"),
        );
      default:
        throw new RangeError(
          `Cannot answer history_request: hist_access_type must be "tail", "range" or "search", got ${shownValue(type)}`,
        );
    }
  }

  /** The last `n` entries whose input is accepted, oldest first. */
  async #latest(content: Json, accepts: (input: string) => boolean): Promise<Entry[]> {
    const limit = integer(content, "n") ?? Number.POSITIVE_INFINITY;
    const seen = content.unique === true ? new Set<string>() : undefined;
    const found: Entry[] = [];
    for (const session of (await this.#sessions()).reverse()) {
      // From the newest back: most requests need no more than this session's own memory or one file.
      for (const entry of (await this.#entries(session)).reverse()) {
        if (found.length >= limit) return found.reverse();
        if (seen?.has(entry.input) || !accepts(entry.input)) continue;
        seen?.add(entry.input);
        found.push(entry);
      }
    }
    return found.reverse();
  }

  /** Lines `start` up to, not including, `stop` of a session; 0 is this session, -1 the one before it. */
  async #range(content: Json): Promise<Entry[]> {
    const session = await this.#sessionOf(integer(content, "session") ?? 0);
    if (session === undefined) return [];
    const entries = await this.#entries(session);
    const end = (entries.at(-1)?.line ?? 0) + 1;
    // As in IPython, negative lines count from the end.
    const fromEnd = (line: number): number => (line < 0 ? end + line : line);
    const start = fromEnd(integer(content, "start") ?? 1);
    const stop = fromEnd(integer(content, "stop") ?? end);
    return entries.filter(({ line }) => start <= line && line < stop);
  }

  /** This session's number; before its first cell, the one that it would get now. */
  async #current(): Promise<number> {
    if (this.#session !== undefined) return this.#session;
    return ((await this.#stored()).at(-1) ?? 0) + 1;
  }

  /** The numbers of the sessions on disk; none where they cannot be found. */
  async #stored(): Promise<number[]> {
    try {
      return (await this.#store?.sessions()) ?? [];
    } catch (error) {
      log("Cannot find the history", error);
      return [];
    }
  }

  /** What a session's file holds; nothing where it cannot be read, so that the others are found all the same. */
  async #read(session: number): Promise<readonly HistoryRecord[]> {
    try {
      return (await this.#store?.read(session)) ?? [];
    } catch (error) {
      log("Cannot read a part of the history", error);
      return [];
    }
  }

  /** The session that a request means: a number, or how many before this one. */
  async #sessionOf(wanted: number): Promise<number | undefined> {
    const current = await this.#current();
    if (wanted === 0) return current;
    if (wanted > 0) return wanted;
    return (await this.#sessions()).filter((session) => session < current).at(wanted);
  }

  /** The numbers of all sessions, ascending but for this one: it is the newest to those who type into it. */
  async #sessions(): Promise<number[]> {
    const current = await this.#current();
    const stored = await this.#stored();
    return [...stored.filter((session) => session !== current), current];
  }

  async #entries(session: number): Promise<Entry[]> {
    const own = session === (await this.#current());
    const records = own ? this.#records : await this.#read(session);
    const entries = new Map<number, Entry>();
    for (const { line, input, output } of records) {
      const known = entries.get(line);
      if (input !== undefined) entries.set(line, { session, line, input, output: known?.output });
      else if (known !== undefined) entries.set(line, { ...known, output });
    }
    return [...entries.values()];
  }
}

function integer(content: Json, name: string): number | undefined {
  const value = content[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new TypeError(`Cannot answer history_request: ${name} must be an integer, got ${shownValue(value)}`);
}
