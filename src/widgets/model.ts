import { hasFrontEnd } from "../comm/comm.js";
import { type Comm, type CommMessage, openComm } from "../comm/index.js";
import { joinBytes, partBytes } from "./buffers.js";
import { answerPages, openModels } from "./open-models.js";

/** What a widget is to the front end: names of its model and view, and all that can change. */
export type State = Record<string, unknown>;

/** What hears of a model's messages. */
export interface ModelListener {
  /** The front end has changed values; resolves when that is dealt with. Says which ones it does not take */
  changed?(state: Readonly<State>): {
    readonly refused: readonly string[];
    readonly handled: Promise<unknown>;
  };
  /** A message that is no change */
  custom?(content: unknown, buffers: readonly Uint8Array[]): unknown;
}

/** Changes that follow a message sooner go together, in ms. */
const INTERVAL = 50;

/** A widget's state, held equal on both sides by a comm. It is opened when it is first shown. */
export class Model {
  readonly state: State;
  readonly #listener: ModelListener;
  readonly #dirty = new Set<string>();
  #comm: Comm | undefined;
  #sent = Number.NEGATIVE_INFINITY;

  /**
   * @param state - whole; values may be models, and lists of them
   * @param listener - hears of messages
   */
  constructor(state: State, listener: ModelListener = {}) {
    this.state = state;
    this.#listener = listener;
  }

  /** Its name in the front end, once it is open. */
  get id(): string | undefined {
    return this.#comm?.id;
  }

  /**
   * Makes it known to the front end, with those that it refers to.
   *
   * @returns its name there
   */
  open(): string {
    if (this.#comm !== undefined) return this.#comm.id;
    const { json, paths, buffers } = partBytes(this.wholeState());
    answerPages();
    const comm = openComm(
      "jupyter.widget",
      { state: json, buffer_paths: paths },
      { metadata: { version: "2.1.0" }, buffers },
    );
    this.#comm = comm;
    this.#dirty.clear();
    openModels.set(comm.id, this);
    comm.onMessage(async (message) => {
      await this.#receive(message);
    });
    comm.onClose(() => this.#forget(comm));
    return comm.id;
  }

  /** The state with names in the place of models, which are opened. */
  wholeState(): State {
    return written(this.state) as State;
  }

  /**
   * Changes values, here and in the front end. What changes in quick succession goes in one message, before the running
   * code has ended.
   *
   * @param changes - the new values
   */
  set(changes: Readonly<State>): void {
    Object.assign(this.state, changes);
    if (this.#comm === undefined) return;
    const waits = this.#dirty.size > 0;
    for (const key of Object.keys(changes)) this.#dirty.add(key);
    if (performance.now() - this.#sent >= INTERVAL) this.flush();
    else if (!waits) queueMicrotask(() => this.flush());
  }

  /** Sends what has changed. */
  flush(): void {
    if (this.#dirty.size === 0) return;
    const changes = Object.fromEntries([...this.#dirty].map((key) => [key, this.state[key]]));
    this.#dirty.clear();
    this.#send("update", written(changes) as State);
    this.#sent = performance.now();
  }

  /**
   * Sends something else than a change.
   *
   * @param content - JSON data
   * @param buffers - bytes that go along
   */
  custom(content: unknown, buffers: readonly (ArrayBuffer | ArrayBufferView)[] = []): void {
    this.flush();
    this.#comm?.send({ method: "custom", content }, { buffers });
  }

  /** Takes it from the pages, with its layout and style. */
  close(): void {
    const comm = this.#comm;
    if (comm === undefined) return;
    for (const key of ["layout", "style"]) {
      const part = this.state[key];
      if (part instanceof Model) part.close();
    }
    comm.close();
    this.#forget(comm);
  }

  #forget(comm: Comm): void {
    openModels.delete(comm.id);
    if (this.#comm === comm) this.#comm = undefined;
  }

  #send(method: "update" | "echo_update", state: State): void {
    // The front end may have closed it meanwhile.
    if (this.#comm === undefined || this.#comm.closed || !hasFrontEnd()) return;
    const { json, paths, buffers } = partBytes(state);
    this.#comm.send({ method, state: json, buffer_paths: paths }, { buffers });
  }

  #receive(message: CommMessage): unknown {
    const { data, buffers } = message;
    if (data.method === "request_state") this.#send("update", this.wholeState());
    if (data.method === "custom") return this.#listener.custom?.(data.content, buffers);
    return data.method === "update" ? this.#take(joinBytes(message)) : undefined;
  }

  #take(changes: State): unknown {
    const known = Object.fromEntries(
      Object.entries(changes).filter(([key]) => Object.hasOwn(this.state, key) && !hasModel(this.state[key])),
    );
    // First of all: other pages, and the one that it came from, take their values from this one.
    this.#send("echo_update", known);
    const outcome = this.#listener.changed?.(known);
    const refused = new Set(outcome?.refused);
    for (const [key, value] of Object.entries(known)) {
      if (refused.has(key)) this.#dirty.add(key);
      else {
        this.state[key] = value;
        this.#dirty.delete(key);
      }
    }
    this.flush();
    return outcome?.handled;
  }
}

const hasModel = (value: unknown): boolean =>
  value instanceof Model || (Array.isArray(value) && value.some(hasModel));

function written(value: unknown): unknown {
  if (value instanceof Model) return `IPY_MODEL_${value.open()}`;
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, written(each)]));
}
