import { randomUUID } from "node:crypto";
import { Dealer, Request, Subscriber } from "zeromq";
import { afterTime } from "./after-time.js";
import { type Connection, makeConnection, releasePorts, writeConnectionFile } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Execution } from "./execution.js";
import { KernelProcess, type ProcessOptions } from "./kernel-process.js";
import { Lifecycle } from "./lifecycle.js";
import { violations } from "./message-spec.js";
import { type Channel, type Dictionary, decode, encode, type Message, type Outgoing } from "./wire.js";

/** How long to wait for a message before a test fails: generous, machines differ. */
const patience = Number(process.env.RNNLAB_TEST_PATIENCE ?? 60_000);

/** A kernel that is about to open its ports is found at once, and none is waited for in the end. */
const QUICK = { linger: 0, reconnectInterval: 10 };

/** How long a new subscription may take before the kernel is asked again, in ms. */
const HANDSHAKE_RETRY = 100;

/** Fields of an execute_request that a test may set, with the protocol's defaults for the rest. */
export interface ExecuteOptions {
  readonly silent?: boolean;
  readonly store_history?: boolean;
  readonly user_expressions?: Record<string, string>;
  readonly allow_stdin?: boolean;
  readonly stop_on_error?: boolean;
  /** Metadata of the message, for instance `{ cellId }`. */
  readonly metadata?: Dictionary;
  readonly timeout?: number;
}

type StartOptions = ProcessOptions & { readonly connection?: Partial<Connection> };

type SocketName = "shell" | "control" | "stdin";

/** A message did not come in time. */
export class TimedOut extends Error {}

interface Waiter {
  readonly accepts: (message: Message) => boolean;
  readonly resolve: (message: Message) => void;
  readonly reject: (error: Error) => void;
  /** Ends the wait for it. */
  readonly stop: () => void;
}

/** A front end of our own: raw ZeroMQ sockets, every message checked, everything received kept. */
export class KernelClient {
  /** All messages in the order in which they came. */
  readonly received: Message[] = [];
  /** What was against the protocol; tests assert that it is empty. */
  readonly violations: string[] = [];
  readonly session = randomUUID();
  readonly lifecycle = new Lifecycle();
  readonly #conversation = new Conversation();
  readonly #sockets: Record<SocketName, Dealer>;
  readonly #sending: Record<SocketName, Promise<void>>;
  readonly #iopub = new Subscriber({ ...QUICK, receiveHighWaterMark: 0 });
  readonly #heartbeat = new Request(QUICK);
  readonly #waiters = new Set<Waiter>();
  #closed = false;
  #gaveUp = false;

  private constructor(
    readonly connection: Connection,
    readonly process: KernelProcess,
    readonly removeFile: () => void,
  ) {
    const routingId = randomUUID();
    const dealer = () => new Dealer({ routingId, ...QUICK, receiveHighWaterMark: 0, sendHighWaterMark: 0 });
    this.#sockets = { shell: dealer(), control: dealer(), stdin: dealer() };
    this.#sending = { shell: Promise.resolve(), control: Promise.resolve(), stdin: Promise.resolve() };
    const address = (port: number) => `${connection.transport}://${connection.ip}:${port}`;
    this.#iopub.connect(address(connection.iopub_port));
    this.#iopub.subscribe();
    this.#heartbeat.connect(address(connection.hb_port));
    for (const name of ["shell", "control", "stdin"] as const) {
      this.#sockets[name].connect(address(connection[`${name}_port`]));
      void this.#receive(name, this.#sockets[name]);
    }
    void this.#receive("iopub", this.#iopub);
    void process.exited.then(() => this.#failWaiters("the kernel's process ended"));
  }

  /** Starts a kernel and waits until it answers and its iopub messages arrive. */
  static async start(options: StartOptions = {}): Promise<KernelClient> {
    const client = await KernelClient.launch(options);
    try {
      await client.#handshake();
      // Handshakes may be tried again; only a test's own waiting counts.
      client.#gaveUp = false;
    } catch (error) {
      await client.dispose();
      throw error;
    }
    return client;
  }

  /** Starts a kernel and connects to it, without a word to it. */
  static async launch(options: StartOptions = {}): Promise<KernelClient> {
    const connection = await makeConnection(options.connection);
    const { file, remove } = writeConnectionFile(connection);
    return new KernelClient(connection, new KernelProcess(file, options), remove);
  }

  /** Sends a request or another message; returns its id. Sends on one channel keep their order. */
  async send(
    channel: SocketName,
    type: string,
    content: Dictionary,
    extra: Partial<Outgoing> = {},
  ): Promise<string> {
    const { header, frames } = encode(this.connection.key, {
      type,
      content,
      session: this.session,
      ...extra,
    });
    this.#conversation.sent(header);
    await this.sendRaw(channel, frames);
    return header.msg_id;
  }

  /** Sends frames as they are: for malformed messages. */
  async sendRaw(channel: SocketName, frames: (string | Buffer)[]): Promise<void> {
    const sent = this.#sending[channel].then(() => this.#sockets[channel].send(frames));
    this.#sending[channel] = sent;
    await sent;
  }

  /** Sends a request and waits for its reply on the same channel and its idle on iopub. */
  async request(
    channel: "shell" | "control",
    type: string,
    content: Dictionary = {},
    timeout = patience,
  ): Promise<Message> {
    const id = await this.send(channel, type, content);
    const reply = await this.replyTo(id, channel, timeout);
    await this.idleOf(id, timeout);
    return reply;
  }

  /** Sends an execute_request without waiting; returns its id for {@link finish}. */
  async submit(code: string, options: ExecuteOptions = {}): Promise<string> {
    const { metadata, timeout: _, ...fields } = options;
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
      ...fields,
    };
    return this.send("shell", "execute_request", content, metadata ? { metadata } : {});
  }

  /** Waits for the reply and the idle of a submitted cell. */
  async finish(id: string, timeout = patience): Promise<Execution> {
    const [reply] = await Promise.all([this.replyTo(id, "shell", timeout), this.idleOf(id, timeout)]);
    return new Execution(id, reply, this.outputsOf(id));
  }

  /** Runs a cell to its end: reply and all iopub messages until idle. */
  async execute(code: string, options: ExecuteOptions = {}): Promise<Execution> {
    return this.finish(await this.submit(code, options), options.timeout);
  }

  /** The iopub messages so far that have a request as their parent. */
  outputsOf(id: string): Message[] {
    return this.received.filter((message) => message.channel === "iopub" && message.parent.msg_id === id);
  }

  /** Waits for the reply to a request. */
  replyTo(id: string, channel: Channel = "shell", timeout = patience): Promise<Message> {
    return this.waitFor(
      (message) => message.channel === channel && message.parent.msg_id === id,
      `the reply to ${id} on ${channel}`,
      timeout,
    );
  }

  /** Whether the kernel cannot be used for another test: it ended, is busy, or did not answer in time. */
  get unusable(): boolean {
    return this.#gaveUp || this.process.exit !== undefined || this.lifecycle.open.length > 0;
  }

  /** Waits until a request is idle. */
  idleOf(id: string, timeout = patience): Promise<Message> {
    return this.waitFor(
      (message) =>
        message.channel === "iopub" &&
        message.parent.msg_id === id &&
        message.content.execution_state === "idle",
      `idle of ${id}`,
      timeout,
    );
  }

  /** Waits for an output of a cell whose stream text, all together, contains `text`. */
  async streamed(id: string, text: string): Promise<void> {
    let seen = "";
    const accepts = (message: Message) => {
      if (message.header.msg_type !== "stream" || message.parent.msg_id !== id) return false;
      seen += String(message.content.text);
      return seen.includes(text);
    };
    await this.waitFor(accepts, `${JSON.stringify(text)} in the streams of ${id}`);
  }

  /** Waits for a message, received already or still to come, that a predicate accepts. */
  waitFor(accepts: (message: Message) => boolean, what: string, timeout = patience): Promise<Message> {
    const found = this.received.find(accepts);
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const expire = () => {
        this.#waiters.delete(waiter);
        this.#gaveUp = true;
        reject(new TimedOut(`No ${what} within ${timeout} ms\n${this.describe()}`));
      };
      const fail = (error: Error) => reject(new Error(`No ${what}: ${error.message}`));
      const waiter: Waiter = { accepts, resolve, reject: fail, stop: afterTime(timeout, expire) };
      if (this.process.exit !== undefined) {
        waiter.stop();
        fail(new Error(`the kernel's process ended (${this.process.exit})\n${this.describe()}`));
      } else this.#waiters.add(waiter);
    });
  }

  /** Sends bytes on the heartbeat socket and waits for the echo. */
  async heartbeat(bytes: Buffer, timeout = patience): Promise<Buffer> {
    this.#heartbeat.receiveTimeout = timeout;
    await this.#heartbeat.send(bytes);
    const [echo = Buffer.alloc(0)] = await this.#heartbeat.receive();
    return echo;
  }

  /** Asks the kernel to end and waits for its reply and for the end of all its processes. */
  async shutdown(restart = false): Promise<Message> {
    this.process.tree();
    const id = await this.send("control", "shutdown_request", { restart });
    const reply = await this.replyTo(id, "control");
    await this.process.waitUntilGone();
    return reply;
  }

  /** Ends everything: processes by force, sockets, files. */
  async dispose(): Promise<void> {
    this.#closed = true;
    try {
      await this.process.kill();
    } finally {
      // A socket that stays open keeps the test's process from ending.
      this.#failWaiters("the client was closed");
      for (const socket of [...Object.values(this.#sockets), this.#iopub, this.#heartbeat]) socket.close();
      this.removeFile();
      releasePorts(this.connection);
    }
  }

  /** Everything received and what the kernel wrote, for failure messages. */
  describe(): string {
    const lines = this.received.slice(-25).map((message) => {
      const content = JSON.stringify(message.content).slice(0, 300);
      return `  ${message.channel} ${message.header.msg_type} ← ${message.parent.msg_type} ${message.parent.msg_id}: ${content}`;
    });
    return [
      `received ${this.received.length} messages, the last:`,
      ...lines,
      `kernel log:\n${this.process.log}`,
    ].join("\n");
  }

  async #receive(channel: Channel, socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) this.#take(channel, frames);
  }

  #take(channel: Channel, frames: Buffer[]): void {
    if (this.#closed) return;
    let message: Message;
    try {
      message = decode(this.connection.key, channel, frames);
    } catch (error) {
      this.violations.push(String(error));
      return;
    }
    this.received.push(message);
    this.violations.push(
      ...violations(message),
      ...this.lifecycle.next(message),
      ...this.#conversation.next(message),
    );
    for (const waiter of this.#waiters) {
      if (!waiter.accepts(message)) continue;
      this.#waiters.delete(waiter);
      waiter.stop();
      waiter.resolve(message);
    }
  }

  #failWaiters(reason: string): void {
    for (const waiter of this.#waiters) {
      waiter.stop();
      waiter.reject(new Error(`${reason} (${this.process.exit ?? "running"})\n${this.describe()}`));
    }
    this.#waiters.clear();
  }

  /** iopub subscriptions take a moment: ask for kernel_info until an answer came on both sockets. */
  async #handshake(): Promise<void> {
    for (let left = patience; ; left -= HANDSHAKE_RETRY) {
      const id = await this.send("shell", "kernel_info_request", {});
      await this.replyTo(id, "shell");
      try {
        await this.idleOf(id, HANDSHAKE_RETRY);
        break;
      } catch (error) {
        if (this.process.exit !== undefined || left <= 0) throw error;
      }
    }
    // What came before the subscription was complete may lack its first half.
    this.received.length = 0;
    this.violations.length = 0;
  }
}
