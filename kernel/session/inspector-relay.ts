import { Session } from "node:inspector";
import type { FromInspector, InspectorCommand, JsonObject } from "../shared/session-messages.js";
import { DEBUGGING } from "./interrupts/shared-memory.js";

/** What the debugger has to hear of. */
const EVENTS = ["Debugger.paused", "Debugger.resumed", "Debugger.scriptParsed"] as const;

/** Whether nobody can have written a script: it is Node's, or has no name. */
const isNameless = ({ url }: JsonObject): boolean =>
  typeof url !== "string" || url === "" || url.startsWith("node:");

/**
 * Passes commands on to the inspector of the main thread, which answers also while that thread is busy or stopped. It is
 * connected to when the first command comes.
 */
export class InspectorRelay {
  readonly #shared: Int32Array;
  readonly #send: (message: FromInspector) => void;
  #session: Session | undefined;
  #isPaused = false;
  #isSkipping = false;

  /**
   * @param shared - the memory of the session's threads
   * @param send - takes what the inspector says
   */
  constructor(shared: Int32Array, send: (message: FromInspector) => void) {
    this.#shared = shared;
    this.#send = send;
  }

  /** Whether the main thread is stopped. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  receive({ id, method, params }: InspectorCommand): void {
    this.#session ??= this.#connect();
    if (method === "Debugger.enable") Atomics.store(this.#shared, DEBUGGING, 1);
    if (method === "Debugger.disable") Atomics.store(this.#shared, DEBUGGING, 0);
    this.#session.post(method, params, (failure: Error | null, result?: object) =>
      this.#send(failure === null ? { id, result: { ...result } } : { id, failure: failure.message }),
    );
  }

  /** Lets the main thread go on, past every breakpoint, until {@link takePauses}. */
  skipPauses(): void {
    if (Atomics.load(this.#shared, DEBUGGING) === 0) return;
    this.#isSkipping = true;
    this.#session?.post("Debugger.setSkipAllPauses", { skip: true });
    if (this.#isPaused) this.#session?.post("Debugger.resume");
  }

  takePauses(): void {
    if (this.#isSkipping) this.#session?.post("Debugger.setSkipAllPauses", { skip: false });
    this.#isSkipping = false;
  }

  #connect(): Session {
    const session = new Session();
    session.connectToMainThread();
    for (const event of EVENTS) {
      session.on(event as string, ({ params = {} }: { params?: JsonObject }) => {
        if (event === "Debugger.scriptParsed" && isNameless(params)) return;
        if (event !== "Debugger.scriptParsed") this.#isPaused = event === "Debugger.paused";
        this.#send({ event, params });
      });
    }
    return session;
  }
}
