import { LONGEST_TEXT } from "../shared/bounds.js";
import type { ReplayWish } from "../shared/replay-command.js";
import type { StreamName } from "../shared/session-messages.js";
import { type KeptCell, KeptOutputs, type Output } from "./kept-outputs.js";
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
  /** What cells have put out. */
  readonly kept = new KeptOutputs(process.env);
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
    return this.#send({ type, content, parent, ...extras });
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
      void this.#send({ type: "stream", content: { name, text: texts.join("") }, parent });
    }
    this.#segments = [];
    this.#returns = 0;
    this.#length = 0;
  }

  /** Publishes in a request's name what a cell has put out; it is not kept again as that request's own output. */
  replay(cell: KeptCell | undefined, { cell: number, since = 0 }: ReplayWish, parent: Header): void {
    this.flush();
    const outputs = [...(cell?.outputs ?? [])].filter(({ changed }) => changed >= since);
    if (cell?.cut) this.remark(`The oldest output of In[${cell.number}] is no longer kept\n`, parent);
    else if (outputs.length === 0) {
      const who = number === undefined ? "no cell has put out anything" : `In[${number}] has put out nothing`;
      this.remark(`Nothing to show again: ${who} that is kept\n`, parent);
    }
    for (const output of outputs) void this.#outlet.publish({ ...shownAgain(output), parent });
  }

  /** Publishes text that is not kept. */
  remark(text: string, parent: Header): void {
    this.flush();
    void this.#outlet.publish({ type: "stream", content: { name: "stderr", text }, parent });
  }

  /** Publishes in another request's name, too, what a cell puts out from here on; returns what ends that. */
  follow(cell: KeptCell, parent: Header): () => void {
    cell.followers.add(parent);
    return () => {
      this.flush();
      cell.followers.delete(parent);
    };
  }

  #send(message: Parameters<Outlet["publish"]>[0]): Promise<void> {
    const sent = this.#outlet.publish(message);
    const cell = this.kept.cellOf(message.parent);
    if (cell !== undefined && OUTPUTS.has(message.type)) {
      this.kept.add(cell, message);
      for (const parent of cell.followers) void this.#outlet.publish({ ...shownAgain(message), parent });
    }
    return sent;
  }
}

/** What front ends show below a cell. */
const OUTPUTS = new Set([
  "stream",
  "display_data",
  "update_display_data",
  "execute_result",
  "error",
  "clear_output",
]);

/** An output as another cell shows it: a result has the number of its own cell, which that one has not. */
function shownAgain({ type, content }: Output): Output {
  if (type !== "execute_result") return { type, content };
  const { data, metadata } = content;
  return { type: "display_data", content: { data, metadata, transient: {} } };
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
