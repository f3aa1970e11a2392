import { Publisher, Router } from "zeromq";
import type { Connection } from "./connection.js";
import { log } from "./log.js";
import type { Message, OutgoingMessage, Wire } from "./wire.js";

/** Sends messages one after the other: ZeroMQ refuses a send while another is under way. */
class Outbox {
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: Publisher | Router,
    private readonly wire: Wire,
  ) {}

  send(message: OutgoingMessage): Promise<void> {
    const frames = this.wire.encode(message);
    this.#last = this.#last
      .then(() => this.socket.send(frames))
      .catch((error: unknown) => log(`Cannot send ${message.type}`, error));
    return this.#last;
  }
}

/** A channel on which requests come in and replies go out. */
export interface RequestChannel {
  readonly name: "shell" | "control" | "stdin";
  reply(
    to: Message,
    type: string,
    content: OutgoingMessage["content"],
    metadata?: OutgoingMessage["metadata"],
  ): Promise<void>;
}

/** The five sockets of a kernel. */
export class Sockets {
  readonly #connection: Connection;
  readonly #wire: Wire;
  readonly #shell = new Router({ linger: 1000 });
  readonly #control = new Router({ linger: 1000 });
  readonly #stdin = new Router({ linger: 1000 });
  readonly #iopub = new Publisher({ linger: 1000, sendHighWaterMark: 0 });
  readonly #heartbeat = new Router({ linger: 0 });
  readonly #publications: Outbox;

  constructor(connection: Connection, wire: Wire) {
    this.#connection = connection;
    this.#wire = wire;
    this.#publications = new Outbox(this.#iopub, wire);
  }

  /** Opens all sockets; `receive` gets every message that is whole and rightly signed. */
  async open(receive: (channel: RequestChannel, message: Message) => void): Promise<void> {
    const channels = [
      ["shell", this.#shell],
      ["control", this.#control],
      ["stdin", this.#stdin],
    ] as const;
    await Promise.all([
      this.#iopub.bind(this.#connection.address("iopub")),
      this.#heartbeat.bind(this.#connection.address("hb")),
      ...channels.map(([name, socket]) => socket.bind(this.#connection.address(name))),
    ]);
    void this.#echo();
    for (const [name, socket] of channels) void this.#read(name, socket, receive);
  }

  /** Publishes a message to every front end. */
  publish(message: Omit<OutgoingMessage, "identities">): Promise<void> {
    return this.#publications.send({ ...message, identities: [message.type] });
  }

  close(): void {
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#iopub, this.#heartbeat])
      socket.close();
  }

  async #echo(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }

  async #read(
    name: RequestChannel["name"],
    socket: Router,
    receive: (channel: RequestChannel, message: Message) => void,
  ): Promise<void> {
    const outbox = new Outbox(socket, this.#wire);
    const channel: RequestChannel = {
      name,
      reply: ({ identities, header }, type, content, metadata = {}) =>
        outbox.send({ identities, type, content, parent: header, metadata }),
    };
    for await (const frames of socket) {
      let message: Message;
      try {
        message = this.#wire.decode(frames);
      } catch (error) {
        log(`Dropped a message on ${name}`, error);
        continue;
      }
      receive(channel, message);
    }
  }
}
