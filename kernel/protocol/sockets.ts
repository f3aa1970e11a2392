import { randomUUID } from "node:crypto";
import { Router, type XPublisher } from "zeromq";
import { log } from "../shared/log.js";
import type { Channel, Connection } from "./connection.js";
import type { Outlet } from "./publisher.js";
import { Subscribers } from "./subscribers.js";
import type { Json, Message, OutgoingMessage, Wire } from "./wire.js";

/** How much may wait to be sent on a channel before those who make it are to pause, in bytes. */
const BACKLOG = 8 * 1024 * 1024;

/** Sends messages one after the other: ZeroMQ refuses a send while another is under way. */
class Outbox {
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(
    private readonly socket: Pick<Router, "send">,
    private readonly wire: Wire,
  ) {}

  send(message: OutgoingMessage): Promise<void> {
    const frames = this.wire.encode(message);
    const size = frames.reduce((sum, frame) => sum + frame.length, 0);
    this.#waiting += size;
    this.#last = this.#last
      .then(() => this.socket.send(frames))
      .catch((error: unknown) => log(`Cannot send ${message.type}`, error))
      .then(() => {
        this.#waiting -= size;
      });
    return this.#last;
  }

  /** Resolves when there is room again; undefined while there is. */
  relief(): Promise<void> | undefined {
    return this.#waiting > BACKLOG ? this.#last : undefined;
  }
}

/** The largest part of a message that is taken, in bytes: no string of V8's is longer. */
const LARGEST_PART = 512 * 1024 * 1024;
/** The largest heartbeat that is sent back, in bytes. */
const LARGEST_HEARTBEAT = 1024 * 1024;
const REQUESTS = { linger: 1000, maxMessageSize: LARGEST_PART } as const;

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

/** Kernel Gateway fails at messages without a parent, and says by this variable that it has started the kernel. */
const isInKernelGateway = process.env.KERNEL_GATEWAY === "1";

/** First byte of what an XPUB socket receives when somebody subscribes. */
const SUBSCRIBE = 1;

/** The five sockets of a kernel. */
export class Sockets implements Outlet {
  readonly #connection: Connection;
  readonly #wire: Wire;
  readonly #shell = new Router(REQUESTS);
  readonly #control = new Router(REQUESTS);
  readonly #stdin = new Router(REQUESTS);
  readonly #subscribers = new Subscribers();
  readonly #heartbeat = new Router({ linger: 0, maxMessageSize: LARGEST_HEARTBEAT });
  readonly #publications: Outbox;
  readonly #outboxes: Readonly<Record<RequestChannel["name"], Outbox>>;

  constructor(connection: Connection, wire: Wire) {
    this.#connection = connection;
    this.#wire = wire;
    this.#publications = new Outbox(this.#subscribers, wire);
    this.#outboxes = {
      shell: new Outbox(this.#shell, wire),
      control: new Outbox(this.#control, wire),
      stdin: new Outbox(this.#stdin, wire),
    };
  }

  /** Opens all sockets; `receive` gets every message that is whole and rightly signed. */
  async open(receive: (channel: RequestChannel, message: Message) => void): Promise<void> {
    const channels = [
      ["shell", this.#shell],
      ["control", this.#control],
      ["stdin", this.#stdin],
    ] as const;
    await this.#bind([["iopub", this.#subscribers.socket], ["hb", this.#heartbeat], ...channels]);
    void this.#echo();
    void this.#welcome();
    for (const [name, socket] of channels) void this.#read(name, socket, receive);
  }

  async #bind(sockets: readonly (readonly [Channel, Router | XPublisher])[]): Promise<void> {
    const { ports, address } = this.#connection;
    const failures = await Promise.all(
      sockets.map(([channel, socket]) =>
        socket.bind(address(channel)).then(
          () => [],
          ({ code, message }: NodeJS.ErrnoException) =>
            code === "EADDRINUSE"
              ? [`${channel}_port must be free, got ${ports[channel]} (${address(channel)} is in use)`]
              : [`${address(channel)} must be an address of this machine (${message})`],
        ),
      ),
    );
    const [failure] = failures.flat();
    if (failure === undefined) return;
    this.close();
    throw new Error(`Cannot open the kernel's sockets: ${failure}`);
  }

  /** Publishes a message to every front end. */
  publish(message: Omit<OutgoingMessage, "identities">): Promise<void> {
    return this.#publications.send({ ...message, identities: [message.type] });
  }

  /** Resolves when those who publish may go on; undefined while all subscribers keep up. */
  relief(): Promise<void> | undefined {
    return this.#publications.relief();
  }

  /** Asks the sender of a request for input; returns the `msg_id`, which the answer names as its parent. */
  ask({ identities, header }: Message, content: Json): string {
    const id = randomUUID();
    void this.#outboxes.stdin.send({ identities, id, type: "input_request", content, parent: header });
    return id;
  }

  close(): void {
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#subscribers.socket, this.#heartbeat])
      socket.close();
  }

  /** Tells each new subscriber that it hears what is published from here on, where it may be told. */
  async #welcome(): Promise<void> {
    for await (const [request] of this.#subscribers.socket) {
      if (request?.[0] !== SUBSCRIBE || isInKernelGateway) continue;
      const subscription = request.subarray(1).toString("utf8");
      const message = { type: "iopub_welcome", content: { subscription }, parent: undefined };
      void this.#publications.send({ ...message, identities: [subscription] });
    }
  }

  async #echo(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }

  async #read(
    name: RequestChannel["name"],
    socket: Router,
    receive: (channel: RequestChannel, message: Message) => void,
  ): Promise<void> {
    const outbox = this.#outboxes[name];
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
