import type {
  CellFindings,
  EditorCalls,
  EditorNotebook,
  EditorRequest,
  EditorResponse,
} from "../../shared/editor-messages.js";
import { encodeFrame } from "../../shared/framing.js";
import { importsTensors } from "../../shared/tensor-imports.js";
import { CompilerProcess } from "./compiler-process.js";
import type { SnapshotKind } from "./snapshot.js";

type Questions = Omit<EditorCalls, "update" | "close">;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** After this number of processes that died over it, a notebook is let go: it is what kills them. */
const MOST_DEATHS = 3;

/**
 * The notebooks of an editor as its language server sees them: a process of their own answers for them, which takes seconds
 * of one processor at times. One that dies is replaced by one that knows the same notebooks.
 */
export class NotebooksClient {
  #process: CompilerProcess<EditorResponse> | undefined;
  readonly #notebooks = new Map<string, EditorNotebook>();
  readonly #waiting = new Map<number, Waiting>();
  /** Hears what is wrong with each cell, whenever it was looked at. */
  found: (findings: CellFindings) => void = () => {};
  #nextId = 0;
  /** How many processes have died since a notebook was told of last. */
  #deaths = 0;
  #closed = false;

  /** Starts the process, which takes a while, before there is anything for it to do. */
  prepare(): void {
    if (this.#process === undefined) this.#start("tensors");
  }

  /** Tells of a notebook, or of what has become of it. */
  update(notebook: EditorNotebook): void {
    this.#deaths = 0;
    this.#notebooks.set(notebook.id, notebook);
    if (this.#process === undefined) this.#start();
    else this.#post("update", [notebook]);
  }

  close(notebook: string): void {
    this.#notebooks.delete(notebook);
    if (this.#process !== undefined) this.#post("close", [notebook]);
  }

  call<Method extends keyof Questions>(
    method: Method,
    ...args: Parameters<Questions[Method]>
  ): Promise<ReturnType<Questions[Method]>> {
    return new Promise((resolve, reject) => {
      if (this.#process === undefined) this.#start();
      const id = this.#post(method, args);
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Ends the process for good. */
  end(): void {
    this.#closed = true;
    this.#process?.kill();
  }

  /** @param kind - the types that it is to know from its start; by default those that the notebooks need */
  #start(kind: SnapshotKind = this.#kind()): void {
    this.#process = new CompilerProcess<EditorResponse>(process.cwd(), "notebooks", kind, {
      message: (response) => this.#settle(response),
      exit: (why) => this.#replace(why),
    });
    for (const notebook of this.#notebooks.values()) this.#post("update", [notebook]);
  }

  #kind(): SnapshotKind {
    const cells = [...this.#notebooks.values()].flatMap((notebook) => notebook.cells);
    return cells.some(({ source }) => importsTensors(source)) ? "tensors" : "compiler";
  }

  #replace(why: string): void {
    this.#process = undefined;
    for (const { reject } of this.#waiting.values())
      reject(new Error(`Cannot answer: the process of the types has ended (${why})`));
    this.#waiting.clear();
    this.#deaths++;
    if (!this.#closed && this.#deaths < MOST_DEATHS && this.#notebooks.size > 0) this.#start();
  }

  #post(method: keyof EditorCalls, args: readonly unknown[]): number {
    const id = this.#nextId++;
    this.#process?.write(encodeFrame({ id, method, args } satisfies EditorRequest));
    return id;
  }

  #settle(response: EditorResponse): void {
    if ("found" in response) {
      this.found(response.found);
      return;
    }
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ("failure" in response) waiting?.reject(new Error(`Cannot answer: ${response.failure}`));
    else waiting?.resolve(response.value);
  }
}
