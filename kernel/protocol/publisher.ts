import { LONGEST_TEXT } from "../shared/bounds.js";
import type { StreamName } from "../shared/session-messages.js";
import type { Header, Json, OutgoingMessage } from "./wire.js";

/** Shortest time between two rounds of stream messages, in ms: at most 40 a second, whatever a cell prints. */
const STREAM_INTERVAL = 25;

/**
 * How many stream messages there may be beyond that where stdout and stderr take turns, and how many more a second. Jupyter's
 * server takes up to 1,000 messages a second, over 3 s, for what a front end can follow.
 */
const ALTERNATIONS = 1000;
const ALTERNATIONS_A_SECOND = 500;

/** Where messages go. */
export interface Outlet {
  publish(message: Omit<OutgoingMessage, "identities">): Promise<void>;
  /** Resolves when those who publish may go on; undefined while all listeners keep up. */
  relief(): Promise<void> | undefined;
}

interface Segment {
  readonly parent: Header | undefined;
  readonly name: StreamName;
  readonly texts: string[];
}

/** What the kernel publishes on IOPub, in order; text that is printed quickly is joined into few messages. */
export class IopubPublisher {
  readonly #outlet: Outlet;
  #segments: Segment[] = [];
  /** How many of them go on with a stream after others: what joining them would save. */
  #returns = 0;
  /** How much text they have, in UTF-16 code units. */
  #length = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastRound = 0;
  #alternations = ALTERNATIONS;

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** Publishes a message after all the text so far. */
  publish(
    type: string,
    content: Json,
    parent: Header | undefined,
    extras: Pick<OutgoingMessage, "metadata" | "buffers"> = {},
  ): Promise<void> {
    this.flush();
    return this.#outlet.publish({ type, content, parent, ...extras });
  }

  status(state: "busy" | "idle" | "starting", parent: Header | undefined): Promise<void> {
    return this.publish("status", { execution_state: state }, parent);
  }

  /** Resolves when the front ends have caught up; undefined while all keep up. */
  relief(): Promise<void> | undefined {
    return this.#outlet.relief();
  }

  /** Publishes printed text, soon. */
  stream(name: StreamName, text: string, parent: Header | undefined): void {
    if (text === "") return;
    if (this.#length + text.length > LONGEST_TEXT) this.flush();
    this.#length += text.length;
    const known = this.#segments.findLastIndex(
      (segment) => segment.name === name && segment.parent === parent,
    );
    if (known !== -1 && known === this.#segments.length - 1) this.#segments[known]?.texts.push(text);
    else {
      this.#segments.push({ parent, name, texts: [text] });
      if (known !== -1) this.#returns++;
    }
    this.#timer ??= setTimeout(
      () => this.flush(),
      Math.max(0, this.#lastRound + STREAM_INTERVAL - performance.now()),
    );
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#segments.length === 0) return;
    const now = performance.now();
    const earned = ((now - this.#lastRound) / 1000) * ALTERNATIONS_A_SECOND;
    this.#alternations = Math.min(ALTERNATIONS, this.#alternations + earned);
    this.#lastRound = now;
    // A front end would choke on tens of thousands of messages: rather than that, the two streams are told apart.
    if (this.#returns > this.#alternations) this.#segments = joined(this.#segments);
    else this.#alternations -= this.#returns;
    for (const { name, texts, parent } of this.#segments) {
      void this.#outlet.publish({ type: "stream", content: { name, text: texts.join("") }, parent });
    }
    this.#segments = [];
    this.#returns = 0;
    this.#length = 0;
  }
}

/** One segment for each stream of each request. */
function joined(segments: readonly Segment[]): Segment[] {
  const all: Segment[] = [];
  for (const segment of segments) {
    const same = all.find(({ parent, name }) => parent === segment.parent && name === segment.name);
    if (same === undefined) all.push(segment);
    else for (const text of segment.texts) same.texts.push(text);
  }
  return all;
}
