import { CompilerClient } from "./compiler/client/compiler-client.js";
import { History } from "./history/history.js";
import { InputRequests } from "./protocol/input-requests.js";
import { IopubPublisher, type Outlet } from "./protocol/publisher.js";
import type { Header, Json } from "./protocol/wire.js";
import { Executor } from "./requests/executor.js";
import type { Notebook } from "./shared/language.js";

/** What a direct kernel publishes: the messages of IOPub, as they are before they are signed and encoded. */
export type Publication = Parameters<Outlet["publish"]>[0];

/** Who listens to a direct kernel. */
export interface DirectListener {
  publish(publication: Publication): void;
  /** Resolves when more can be taken; undefined while it can. The cell's code waits meanwhile. */
  relief(): Promise<void> | undefined;
}

/** A cell that is to run. */
export interface DirectRequest {
  /** What its outputs name as their parent. */
  readonly id: string;
  readonly code: string;
  /** The notebook's own id of the cell, if it has one. */
  readonly cellId: string | undefined;
}

/**
 * A kernel without sockets, for a program of its own process: cells take the way that they take in Jupyter, through the
 * same compiler and session. There is nobody to answer input requests, and no history is kept.
 */
export class DirectKernel {
  readonly compiler: CompilerClient;
  readonly #iopub: IopubPublisher;
  readonly #input: InputRequests;
  readonly #executor: Executor;

  /** @param notebook - whose cells are to run, one after the other */
  constructor(notebook: Notebook, listener: DirectListener) {
    this.compiler = new CompilerClient(notebook.folder, notebook.language);
    this.#iopub = new IopubPublisher({
      publish: async (publication) => listener.publish(publication),
      relief: () => listener.relief(),
    });
    // All are refused before they are sent: no request allows them.
    this.#input = new InputRequests(() => "");
    this.#executor = new Executor(this.compiler, this.#iopub, new History(undefined), this.#input, notebook);
  }

  /** Runs a cell; resolves when all of its output has been published, with the content of `execute_reply`. */
  execute(request: DirectRequest): Promise<Json> {
    return this.#execute(request, false);
  }

  /** Resolves when the processes have started: the time that they take is no cell's. */
  async started(): Promise<void> {
    await this.#execute({ id: "", code: "", cellId: undefined }, true);
  }

  async #execute({ id, code, cellId }: DirectRequest, silent: boolean): Promise<Json> {
    const header: Header = { msg_id: id, msg_type: "execute_request" };
    const message = { identities: [], header, parentHeader: {}, metadata: {}, content: {}, buffers: [] };
    const request = { code, silent, storeHistory: !silent, userExpressions: {}, cellId };
    const reply = await this.#input.during(message, () => this.#executor.execute(request, header));
    this.#iopub.flush();
    return reply;
  }

  /** Stops the running cell: if need be, the second time, together with the session. */
  interrupt(): void {
    this.#executor.interrupt();
  }

  /** Ends the processes. */
  close(): void {
    this.#executor.close();
    this.compiler.close();
    this.#iopub.flush();
  }
}
