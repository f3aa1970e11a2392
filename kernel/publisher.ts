import type { StreamName } from "./session/protocol.js";
import type { Sockets } from "./sockets.js";
import type { Header, Json, OutgoingMessage } from "./wire.js";

/** Shortest time between two rounds of stream messages, in ms: at most 40 a second, whatever a cell prints. */
const STREAM_INTERVAL = 25;

interface Segment {
  readonly parent: Header | undefined;
  readonly name: StreamName;
  readonly texts: string[];
}

/** What the kernel publishes on IOPub, in order; text that is printed quickly is joined into few messages. */
export class IopubPublisher {
  readonly #sockets: Sockets;
  #segments: Segment[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastRound = 0;

  constructor(sockets: Sockets) {
    this.#sockets = sockets;
  }

  /** Publishes a message behind all the text so far. */
  publish(
    type: string,
    content: Json,
    parent: Header | undefined,
    extras: Pick<OutgoingMessage, "metadata" | "buffers"> = {},
  ): Promise<void> {
    this.flush();
    return this.#sockets.publish({ type, content, parent, ...extras });
  }

  status(state: "busy" | "idle" | "starting", parent: Header | undefined): Promise<void> {
    return this.publish("status", { execution_state: state }, parent);
  }

  /** Publishes printed text, soon. */
  stream(name: StreamName, text: string, parent: Header | undefined): void {
    if (text === "") return;
    const last = this.#segments.at(-1);
    if (last !== undefined && last.name === name && last.parent === parent) last.texts.push(text);
    else this.#segments.push({ parent, name, texts: [text] });
    this.#timer ??= setTimeout(
      () => this.flush(),
      Math.max(0, this.#lastRound + STREAM_INTERVAL - performance.now()),
    );
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#segments.length === 0) return;
    this.#lastRound = performance.now();
    for (const { name, texts, parent } of this.#segments) {
      void this.#sockets.publish({ type: "stream", content: { name, text: texts.join("") }, parent });
    }
    this.#segments = [];
  }
}
