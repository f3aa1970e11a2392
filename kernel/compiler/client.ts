import type {
  CellSurface,
  CompileResult,
  CompilerCalls,
  CompilerRequest,
  CompilerResponse,
} from "./messages.js";
import { CompilerProcess } from "./process.js";

/** How long the compiler may go on with a cell that nobody waits for any more, in ms; then it is started anew. */
const PATIENCE = 1000;

type Questions = Omit<CompilerCalls, "commit" | "reset">;

interface Waiting {
  readonly request: CompilerRequest;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The compiler as the protocol process sees it: every question is answered by the compiler's process, in order. One
 * that dies, for types can be written that take all memory, is replaced by one that knows the same cells.
 */
export class CompilerClient {
  readonly #folder: string;
  #process: CompilerProcess | undefined;
  /** The unanswered questions, oldest first: that is the one which the process works on. */
  readonly #waiting = new Map<number, Waiting>();
  #committed: CellSurface[] = [];
  #nextId = 0;
  #closed = false;

  /** @param folder - the notebook's folder, an absolute path */
  constructor(folder: string) {
    this.#folder = folder;
    this.#process = this.#start();
  }

  call<Method extends keyof Questions>(
    method: Method,
    ...args: Parameters<Questions[Method]>
  ): Promise<ReturnType<Questions[Method]>> {
    return this.#ask(this.#nextId++, method, args) as Promise<ReturnType<Questions[Method]>>;
  }

  /** Checks and compiles a cell; rejects as soon as `signal` is aborted. */
  async compile(serial: number, source: string, signal: AbortSignal): Promise<CompileResult> {
    signal.throwIfAborted();
    const id = this.#nextId++;
    const abort = (): void => {
      this.#waiting.get(id)?.reject(signal.reason);
      setTimeout(() => {
        if (this.#waiting.has(id)) this.#process?.kill();
      }, PATIENCE).unref();
    };
    signal.addEventListener("abort", abort);
    try {
      return (await this.#ask(id, "compile", [serial, source])) as CompileResult;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Makes what a cell that ran has declared known to the later ones. */
  commit(surface: CellSurface): void {
    this.#post(this.#commitment(surface));
    this.#committed.push(surface);
  }

  /** Forgets all cells, as their values are gone. */
  reset(): void {
    this.#committed = [];
    this.#post({ id: this.#nextId++, method: "reset", args: [] });
  }

  /** Ends the process for good. */
  close(): void {
    this.#closed = true;
    this.#process?.kill();
  }

  #start(): CompilerProcess {
    const compiler = new CompilerProcess(this.#folder, {
      message: (response) => this.#settle(response),
      exit: (why, gotGoing) => this.#replace(why, gotGoing),
    });
    for (const surface of this.#committed) compiler.send(this.#commitment(surface));
    return compiler;
  }

  /** Only the question that the process died of is lost. One that died of none would die again: it is left at that. */
  #replace(why: string, gotGoing: boolean): void {
    this.#process = undefined;
    const [oldest] = this.#waiting.values();
    if (oldest === undefined || this.#closed) return;
    if (gotGoing) this.#settle({ id: oldest.request.id, failure: `the compiler ended (${why})` });
    this.#process = this.#start();
    for (const { request } of this.#waiting.values()) this.#post(request);
  }

  #commitment(surface: CellSurface): CompilerRequest {
    return { id: this.#nextId++, method: "commit", args: [surface] };
  }

  #ask(id: number, method: keyof Questions, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = { id, method, args };
      this.#waiting.set(id, { request, resolve, reject });
      this.#post(request);
    });
  }

  #post(request: CompilerRequest): void {
    this.#process ??= this.#start();
    this.#process.send(request);
  }

  #settle(response: CompilerResponse): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ("failure" in response) waiting?.reject(new Error(`Cannot compile: ${response.failure}`));
    else waiting?.resolve(response.value);
  }
}
