import { cacheDirectories } from "../../../src/platform/cache-directory.js";
import type {
  CompileResult,
  CompilerCalls,
  CompilerNotice,
  CompilerRequest,
  CompilerResponse,
  Noticed,
  SessionCompanion,
} from "../../shared/compiler-messages.js";
import { encodeFrame } from "../../shared/framing.js";
import type { Language } from "../../shared/language.js";
import { importsTensors } from "../../shared/tensor-imports.js";
import { CompilerProcess } from "./compiler-process.js";
import { foreseesTensors } from "./foreseen-tensors.js";
import { guessSnapshot, type SnapshotKind } from "./snapshot.js";

/** How long the compiler may go on with a cell that nobody waits for any more, in ms; then it is started anew. */
const PATIENCE = 1000;

type Questions = Omit<CompilerCalls, CompilerNotice | "commit">;

interface Waiting {
  readonly request: CompilerRequest;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** How many processes have died over it. */
  deaths: number;
  /** Whether nobody waits for the answer any more. */
  abandoned: boolean;
}

/** A question is given up after this number of processes have died over it: it is what kills them. */
const MOST_DEATHS = 2;

/**
 * The compiler as the protocol process sees it: every question is answered by the compiler's process, in order. One
 * that dies, for types can be written that take all memory, is replaced by one that knows the same cells.
 */
export class CompilerClient {
  readonly #folder: string;
  readonly #language: Language;
  #process: CompilerProcess<CompilerResponse> | undefined;
  /** The types that its processes know from their start. */
  #kind: SnapshotKind;
  /** The unanswered questions, oldest first: that is the one which the process works on. */
  readonly #waiting = new Map<number, Waiting>();
  /** What makes the cells known so far known to another process, encoded: that is how it takes the least memory. */
  #committed: Uint8Array[] = [];
  #nextId = 0;
  #started: (pid: number) => void = () => {};
  #companion: Uint8Array | undefined;
  #closed = false;

  /**
   * @param folder - the notebook's folder, an absolute path
   * @param language - the language of the cells
   */
  constructor(folder: string, language: Language) {
    this.#folder = folder;
    this.#language = language;
    this.#kind = foreseesTensors(folder, process.env.JPY_SESSION_NAME) ? "tensors" : "compiler";
    this.#process = this.#start();
  }

  call<Method extends keyof Questions>(
    method: Method,
    ...args: Parameters<Questions[Method]>
  ): Promise<ReturnType<Questions[Method]>> {
    return this.#ask(this.#request(method, args)) as Promise<ReturnType<Questions[Method]>>;
  }

  /**
   * Checks and compiles a cell; rejects as soon as `signal` is aborted.
   *
   * @param earlier - the text that the cell had before, if it ran before
   */
  async compile(
    serial: number,
    source: string,
    signal: AbortSignal,
    earlier?: string,
  ): Promise<CompileResult & Noticed> {
    signal.throwIfAborted();
    const request = this.#request("compile", [serial, source, earlier]);
    const { id } = request;
    const abort = (): void => {
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) return;
      waiting.abandoned = true;
      waiting.reject(signal.reason);
      setTimeout(() => {
        if (this.#waiting.has(id)) this.#process?.kill();
      }, PATIENCE).unref();
    };
    signal.addEventListener("abort", abort);
    try {
      return (await this.#ask(request)) as CompileResult & Noticed;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Makes what a compiled cell has declared known to the later ones; rejects if they will not know it. */
  async commit(serial: number, source: string): Promise<void> {
    const all = this.#committed;
    const committed = (await this.#ask(this.#request("commit", [serial, source]))) as Uint8Array;
    // A copy of its own size: a small buffer keeps the block alive that it shares with others.
    all.push(Uint8Array.from(committed));
  }

  /** Forgets all cells, as their values are gone. */
  reset(): void {
    this.#committed = [];
    this.#post(encodeFrame(this.#request("reset", [])));
  }

  /** Forgets all cells, and foresees those of another notebook, whose serials must be new. */
  turnTo(sources: readonly string[]): void {
    this.#committed = [];
    this.#post(encodeFrame(this.#request("turnTo", [sources])));
  }

  /** Tells the id of the process, and of each that takes its place. */
  whenStarted(listener: (pid: number) => void): void {
    this.#started = listener;
    const pid = this.#process?.pid;
    if (pid !== undefined) listener(pid);
  }

  /** Asks the process to end the session's process group when the kernel is gone. */
  accompany(pid: number): void {
    this.#companion = encodeFrame({ companion: pid } satisfies SessionCompanion);
    this.#process?.write(this.#companion);
  }

  /** Ends the process for good. */
  close(): void {
    this.#closed = true;
    this.#process?.kill();
  }

  #start(): CompilerProcess<CompilerResponse> {
    const compiler = new CompilerProcess<CompilerResponse>(this.#folder, this.#language, this.#kind, {
      message: (response) => this.#settle(response),
      exit: (why, gotGoing) => {
        if (compiler === this.#process) this.#replace(why, gotGoing);
      },
    });
    if (compiler.pid !== undefined) this.#started(compiler.pid);
    if (this.#companion !== undefined) compiler.write(this.#companion);
    for (const each of this.#committed) compiler.write(encodeFrame(this.#request("restore", [each])));
    return compiler;
  }

  /**
   * The question that the process was at is asked once more, for it need not be what the process died of. One that died of
   * none would die again: it is left at that.
   */
  #replace(why: string, gotGoing: boolean): void {
    this.#process = undefined;
    const [oldest] = this.#waiting.values();
    if (oldest === undefined || this.#closed) return;
    if (gotGoing) oldest.deaths++;
    if (oldest.abandoned || oldest.deaths === MOST_DEATHS) {
      const failure = `the compiler has ended ${MOST_DEATHS} times over this (${why})`;
      this.#settle({ id: oldest.request.id, failure });
    }
    this.#startOver();
  }

  /** Starts a process that knows the cells, and asks it what was not answered. */
  #startOver(): void {
    this.#process = this.#start();
    for (const { request } of this.#waiting.values()) this.#post(encodeFrame(request));
  }

  /**
   * To read the types of TensorFlow.js takes longer than to start a process that has read them. Whoever asks whether a cell
   * is complete does not wait for that.
   */
  #prepareFor(method: keyof CompilerCalls, args: readonly unknown[]): void {
    if (this.#kind === "tensors" || method === "isComplete") return;
    if (!args.flat().some((arg) => typeof arg === "string" && importsTensors(arg))) return;
    this.#kind = "tensors";
    if (guessSnapshot("tensors", cacheDirectories()) === undefined) return;
    const before = this.#process;
    this.#startOver();
    before?.kill();
  }

  #request(method: keyof CompilerCalls, args: readonly unknown[]): CompilerRequest {
    this.#prepareFor(method, args);
    return { id: this.#nextId++, method, args };
  }

  #ask(request: CompilerRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { request, resolve, reject, deaths: 0, abandoned: false });
      this.#post(encodeFrame(request));
    });
  }

  #post(frame: Uint8Array): void {
    this.#process ??= this.#start();
    this.#process.write(frame);
  }

  #settle(response: CompilerResponse): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ("failure" in response) waiting?.reject(new Error(`Cannot compile: ${response.failure}`));
    else waiting?.resolve(response.value);
  }
}
