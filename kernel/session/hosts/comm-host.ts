import { randomUUID } from "node:crypto";
import { types } from "node:util";
import { type CommExtras, type CommHost, type CommMessage, commHostKey } from "../../../src/host/comm.js";
import type { CommEvent, CommRequest, JsonObject } from "../../shared/session-messages.js";
import { send } from "../output/channel.js";
import { jsonCopy } from "../output/mime.js";
import { attributedSerial } from "../output/output.js";
import { currentCell } from "../ownership/cell-context.js";
import { cells } from "../realm/cell-realm.js";
import { listOf } from "../realm/lists.js";
import { endHandlers, Handler } from "./handler.js";
import { abandonSignals, Signal } from "./signal.js";

type Listener = Handler<[CommMessage]>;

const targets = new Map<string, Handler<[Comm, CommMessage]>>();
const comms = new Map<string, Comm>();

/** One conversation with the front end. */
class Comm {
  #onMessage: Listener | undefined;
  #onClose: Listener | undefined;

  constructor(
    readonly id: string,
    readonly targetName: string,
  ) {}

  get closed(): boolean {
    return comms.get(this.id) !== this;
  }

  send(data: JsonObject = {}, extras: CommExtras = {}): void {
    if (this.closed) throw new Error(`Cannot send on comm ${this.id}: it must be open, got a closed one`);
    publish("msg", this, data, extras);
  }

  close(data: JsonObject = {}, extras: CommExtras = {}): void {
    if (this.closed) return;
    publish("close", this, data, extras);
    comms.delete(this.id);
  }

  onMessage(code: ((message: CommMessage) => unknown) | undefined): void {
    this.#onMessage = code && new Handler(code, `the message handler of comm "${this.targetName}"`);
  }

  onClose(code: ((message: CommMessage) => unknown) | undefined): void {
    this.#onClose = code && new Handler(code, `the close handler of comm "${this.targetName}"`);
  }

  /** The listener of what came in; a message without one is nobody's concern. */
  listener(kind: "msg" | "close"): Listener | undefined {
    return kind === "msg" ? this.#onMessage : this.#onClose;
  }
}

function publish(
  kind: CommEvent["kind"],
  comm: Comm,
  data: JsonObject,
  { metadata = {}, buffers = [] }: CommExtras,
  request = currentCell()?.request,
): void {
  send({
    type: "comm",
    kind,
    serial: attributedSerial(),
    request,
    commId: comm.id,
    targetName: comm.targetName,
    data: checkedObject(data, "data"),
    metadata: checkedObject(metadata, "metadata"),
    buffers: listOf(buffers).map(bytesOf),
  });
}

function checkedObject(value: JsonObject, what: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const got = Array.isArray(value) ? "an array" : String(value);
    throw new TypeError(`Cannot send a comm message: ${what} must be an object, got ${got}`);
  }
  return jsonCopy(value, "the comm message") as JsonObject;
}

function bytesOf(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (types.isAnyArrayBuffer(buffer)) return new Uint8Array(buffer);
  throw new TypeError(
    `Cannot send a comm message: buffers must hold typed arrays or array buffers, got ${typeof buffer}`,
  );
}

/** Requests that are still being handled. */
const pending = new Set<number>();

/** Handles what a front end sent on a comm, and says so when its handler is done. */
export function receiveComm(message: CommRequest): void {
  pending.add(message.id);
  void handle(message).finally(() => settle(message.id));
}

/** Ends what was running when an interrupt came. */
export function interruptComms(): void {
  endHandlers();
  abandonSignals();
  for (const id of pending) settle(id);
}

function settle(id: number): void {
  if (pending.delete(id)) send({ type: "commHandled", id });
}

async function handle(received: CommRequest): Promise<void> {
  const { kind, commId, targetName, data, metadata, request } = received;
  // Copies, so that `buffer.buffer` holds these bytes and no others.
  const buffers = received.buffers.map((bytes) => new cells.Uint8Array(bytes));
  const message: CommMessage = Object.assign(cells.parseJson(JSON.stringify({ data, metadata })), {
    buffers: cells.array(buffers),
  });
  if (kind === "open") return open(new Comm(commId, targetName), message, request);
  const comm = comms.get(commId);
  if (comm === undefined) return;
  if (kind === "close") comms.delete(commId);
  await comm.listener(kind)?.call(request, message);
}

async function open(comm: Comm, message: CommMessage, request: JsonObject): Promise<void> {
  comms.set(comm.id, comm);
  const opened = await targets.get(comm.targetName)?.call(request, comm, message);
  if (opened === true || comm.closed) return;
  // The front end is to know that nobody is there to talk to.
  publish("close", comm, {}, {}, request);
  comms.delete(comm.id);
}

/** Makes comms available to the modules that cells import. */
export function installCommHost(): void {
  const host = {
    registerTarget(name: string, onOpen: (comm: Comm, message: CommMessage) => unknown): void {
      targets.set(name, new Handler(onOpen, `the open handler of comm target "${name}"`));
    },
    unregisterTarget(name: string): boolean {
      return targets.delete(name);
    },
    open(targetName: string, data: JsonObject = {}, extras: CommExtras = {}): Comm {
      const comm = new Comm(randomUUID(), targetName);
      publish("open", comm, data, extras);
      comms.set(comm.id, comm);
      return comm;
    },
    signal(code: (calls: number) => unknown, what: string, interval = 0): () => Promise<void> {
      const signal = new Signal(code, what, interval);
      return () => cells.promise(signal.call(currentCell()?.request));
    },
  } satisfies CommHost;
  Object.defineProperty(cells.global, commHostKey, { value: Object.freeze(host) });
}
