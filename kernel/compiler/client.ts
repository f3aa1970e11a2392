import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { CompilerCalls, CompilerRequest, CompilerResponse } from "./messages.js";

type Result<Method extends keyof CompilerCalls> = ReturnType<CompilerCalls[Method]>;

/** The compiler as the protocol process sees it: every call is answered by the compiler's thread, in order. */
export class CompilerClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #nextId = 0;

  /** @param folder - the notebook's folder, an absolute path */
  constructor(folder: string) {
    this.#worker = new Worker(join(__dirname, "worker.js"), { workerData: folder });
    this.#worker.on("message", (response: CompilerResponse) => this.#settle(response));
    this.#worker.on("error", (error) => {
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  call<Method extends keyof CompilerCalls>(
    method: Method,
    ...args: Parameters<CompilerCalls[Method]>
  ): Promise<Result<Method>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as Result<Method>), reject });
      this.#worker.postMessage({ id, method, args } satisfies CompilerRequest);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(response: CompilerResponse): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ("failure" in response) waiting?.reject(new Error(`Cannot compile: ${response.failure}`));
    else waiting?.resolve(response.value);
  }
}
