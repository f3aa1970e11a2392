import type { IopubPublisher } from "../protocol/publisher.js";
import type { Header, Json, Message } from "../protocol/wire.js";
import type { CommEvent, CommRequest } from "../shared/session-messages.js";
import { objectField, textField } from "./code-requests.js";

const KINDS: ReadonlyMap<string, CommRequest["kind"]> = new Map([
  ["comm_open", "open"],
  ["comm_msg", "msg"],
  ["comm_close", "close"],
]);

/** Whether messages of this type belong to comms: they have no reply. */
export function isComm(type: string): boolean {
  return KINDS.has(type);
}

/** Carries comm messages between the front ends and the session, and knows which comms are open. */
export class CommRelay {
  readonly #iopub: IopubPublisher;
  readonly #send: (request: CommRequest) => void;
  /** The target's name of each open comm. */
  readonly #open = new Map<string, string>();
  /** What waits for the session to have handled a message. */
  readonly #pending = new Map<number, () => void>();
  #lastId = 0;

  /** @param send - hands a message to the session */
  constructor(iopub: IopubPublisher, send: (request: CommRequest) => void) {
    this.#iopub = iopub;
    this.#send = send;
  }

  /** Whether code in the session is handling a message. */
  get busy(): boolean {
    return this.#pending.size > 0;
  }

  /** Answers `comm_info_request`. */
  info(content: Json): Json {
    const wanted = content.target_name ?? undefined;
    const comms = [...this.#open].filter(([, target]) => wanted === undefined || target === wanted);
    return {
      status: "ok",
      comms: Object.fromEntries(comms.map(([id, target_name]) => [id, { target_name }])),
    };
  }

  /** Takes a front end's message; resolves when the session has handled it. */
  async deliver({ header, content, metadata, buffers }: Message): Promise<void> {
    const kind = KINDS.get(header.msg_type);
    if (kind === undefined) return;
    const commId = textField(content, "comm_id");
    if (commId === "") throw new RangeError('Cannot read the message: comm_id must name a comm, got ""');
    const targetName = kind === "open" ? textField(content, "target_name") : "";
    const data = objectField(content, "data");
    if (kind === "open") this.#open.set(commId, targetName);
    else if (!this.#open.has(commId)) return; // both ends may close at the same time
    if (kind === "close") this.#open.delete(commId);
    const id = ++this.#lastId;
    await new Promise<void>((resolve) => {
      this.#send({ type: "comm", id, request: header, kind, commId, targetName, data, metadata, buffers });
      this.#pending.set(id, resolve);
    });
  }

  /** The session has handled a message. */
  handled(id: number): void {
    this.#pending.get(id)?.();
    this.#pending.delete(id);
  }

  /** Publishes what the session sends; `cell` is the request of the cell that sends it. */
  publish({ kind, commId, targetName, data, metadata, buffers, request }: CommEvent, cell?: Header): void {
    if (kind === "open") this.#open.set(commId, targetName);
    if (kind === "close") this.#open.delete(commId);
    const content = { comm_id: commId, data, ...(kind === "open" ? { target_name: targetName } : {}) };
    const parent = (request as Header | undefined) ?? cell;
    void this.#iopub.publish(`comm_${kind}`, content, parent, { metadata, buffers });
  }

  /** The session has ended, and all its comms with it. */
  lost(parent: Header | undefined): void {
    for (const commId of this.#open.keys()) {
      void this.#iopub.publish("comm_close", { comm_id: commId, data: {} }, parent);
    }
    this.#open.clear();
    for (const resolve of this.#pending.values()) resolve();
    this.#pending.clear();
  }
}
