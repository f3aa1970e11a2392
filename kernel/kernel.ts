import { setTimeout as delay } from "node:timers/promises";
import type { CompilerClient } from "./compiler/client/compiler-client.js";
import type { Debugger } from "./debugger/debugger.js";
import { type History, openHistory } from "./history/index.js";
import type { Connection } from "./protocol/connection.js";
import { InputRequests } from "./protocol/input-requests.js";
import { kernelInfo } from "./protocol/kernel-info.js";
import { IopubPublisher } from "./protocol/publisher.js";
import { type RequestChannel, Sockets } from "./protocol/sockets.js";
import { type Header, type Json, type Message, Wire } from "./protocol/wire.js";
import {
  completeReply,
  inspectReply,
  isCompleteReply,
  objectField,
  textField,
} from "./requests/code-requests.js";
import { isComm } from "./requests/comm-relay.js";
import { type ExecuteRequest, Executor } from "./requests/executor.js";
import type { Language, Notebook } from "./shared/language.js";
import { log } from "./shared/log.js";
import { replayCommand } from "./shared/replay-command.js";

/** How long the kernel has rested when it makes ready for help, in ms. */
const REST = 300;
/** How long the last messages before the kernel's end may wait for those who are to get them, in ms. */
const LAST_WORDS = 500;

type Handler = (content: Json, message: Message) => Json | Promise<Json>;

interface QueuedCell {
  readonly channel: RequestChannel;
  readonly message: Message;
}

/** A Jupyter kernel: receives requests, has cells run one after the other, and answers everything else at once. */
export class Kernel {
  readonly #sockets: Sockets;
  readonly #iopub: IopubPublisher;
  readonly #input: InputRequests;
  readonly #compiler: CompilerClient;
  readonly #language: Language;
  readonly #history: History;
  readonly #executor: Executor;
  readonly #queue: QueuedCell[] = [];
  readonly #handlers: ReadonlyMap<string, Handler>;
  readonly #exit: () => void;
  #stir: () => void = () => {};
  /** The header of the cell that is running. */
  #running: Header | undefined;
  #working = false;
  #isReadyForHelp = false;
  #debugger: Promise<Debugger> | undefined;
  /** The header of the latest request of a debugger. */
  #debugging: Header | undefined;
  #closing = false;

  /**
   * @param compiler - the notebook's compiler
   * @param exit - ends the process after a shutdown request
   */
  constructor(connection: Connection, compiler: CompilerClient, notebook: Notebook, exit: () => void) {
    this.#exit = exit;
    this.#sockets = new Sockets(connection, new Wire(connection.key));
    this.#iopub = new IopubPublisher(this.#sockets);
    this.#input = new InputRequests((request, content) => {
      // What was printed before the question is to be read before it.
      this.#iopub.flush();
      return this.#sockets.ask(request, content);
    });
    this.#compiler = compiler;
    this.#language = notebook.language;
    this.#history = openHistory(process.env);
    this.#executor = new Executor(this.#compiler, this.#iopub, this.#history, this.#input, notebook);
    this.#handlers = new Map<string, Handler>(
      Object.entries({
        kernel_info_request: () => kernelInfo(notebook.language),
        complete_request: (content) => completeReply(this.#compiler, content),
        inspect_request: (content) =>
          inspectReply(this.#compiler, content, (variable) => this.#executor.valueNow(variable)),
        is_complete_request: (content) => isCompleteReply(this.#compiler, content),
        history_request: (content) => this.#history.reply(content),
        comm_info_request: (content) => this.#executor.comms.info(content),
        debug_request: (content, { header }) => this.#debug(content, header),
        interrupt_request: () => {
          this.interrupt();
          return { status: "ok" };
        },
        shutdown_request: (content) => ({ status: "ok", restart: content.restart === true }),
      }),
    );
  }

  async start(): Promise<void> {
    // Before anybody can listen: whoever subscribes is to hear `iopub_welcome` first.
    await this.#iopub.status("starting", undefined);
    await this.#sockets.open((channel, message) => this.#receive(channel, message));
    // Nobody is to wait for what this loads.
    const { collectWhenIdle } = await import("./shared/idle-collection.js");
    this.#stir = collectWhenIdle();
  }

  /** Stops the running cell. */
  interrupt(): void {
    this.#executor.interrupt();
  }

  /** Ends the session; the process may then exit. */
  close(): void {
    this.#closing = true;
    this.#executor.close();
    this.#compiler.close();
    this.#history.close();
  }

  #receive(channel: RequestChannel, message: Message): void {
    const type = message.header.msg_type;
    if (type === "execute_request" && channel.name === "shell") {
      const { code } = message.content;
      if (typeof code === "string" && replayCommand(code) !== undefined) {
        void this.#answer(channel, message, (content) =>
          this.#executor.execute(executeRequest(content, message.metadata), message.header),
        );
        return;
      }
      this.#queue.push({ channel, message });
      void this.#work();
      return;
    }
    if (channel.name === "stdin") {
      if (type === "input_reply") this.#input.receive(message);
      else log("Dropped a message on stdin", `unknown type ${type}`);
      return;
    }
    if (isComm(type) && channel.name === "shell") {
      void this.#deliver(message);
      return;
    }
    const handler = this.#handlers.get(type);
    if (handler === undefined) log(`Dropped a message on ${channel.name}`, `unknown type ${type}`);
    else void this.#answer(channel, message, handler);
  }

  /** Answers a request of the Debug Adapter Protocol. The debugger is loaded with the first. */
  async #debug(content: Json, header: Header): Promise<Json> {
    this.#debugging = header;
    this.#debugger ??= this.#startDebugger();
    return (await this.#debugger).answer(content);
  }

  async #startDebugger(): Promise<Debugger> {
    const { Debugger } = await import("./debugger/debugger.js");
    const executor = this.#executor;
    const debug = new Debugger({
      compiler: this.#compiler,
      language: this.#language,
      cells: executor.cells,
      command: (method, params) => executor.command(method, params),
      publish: (event) => void this.#iopub.publish("debug_event", event, this.#debugging),
      declare: (code) => executor.declare(code),
    });
    executor.debug = debug;
    return debug;
  }

  /** Runs the queued cells, oldest first. */
  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const { channel, message } = next;
      let aborted: QueuedCell[] = [];
      this.#running = message.header;
      await this.#answer(channel, message, async (content) => {
        const request = executeRequest(content, message.metadata);
        const reply = await this.#input.during(message, () =>
          this.#executor.execute(request, message.header),
        );
        // Taken before the reply goes out: what a front end sends once it knows of the failure is to run.
        if (reply.status === "error" && content.stop_on_error !== false) aborted = this.#queue.splice(0);
        return reply;
      });
      for (const cell of aborted) await this.#abort(cell);
    }
    this.#working = false;
    if (!this.#isReadyForHelp) this.#makeReadyForHelp();
  }

  /** Asks for a value before anybody does, since the first takes longer than help waits. */
  #makeReadyForHelp(): void {
    this.#isReadyForHelp = true;
    const ask = (): void => {
      if (this.#working || this.#closing) this.#isReadyForHelp = false;
      else void this.#executor.makeReadyForHelp();
    };
    setTimeout(ask, REST).unref();
  }

  async #abort({ channel, message }: QueuedCell): Promise<void> {
    const { executionCount } = this.#executor;
    await this.#answer(channel, message, () => ({ status: "aborted", execution_count: executionCount }));
  }

  /** Hands a comm message to the session at once: a cell that awaits it is running. */
  async #deliver(message: Message): Promise<void> {
    const { header } = message;
    void this.#iopub.status("busy", header);
    try {
      await this.#executor.comms.deliver(message);
    } catch (error) {
      log(`Cannot handle ${header.msg_type}`, error);
    }
    void this.#idle(header);
  }

  /** Answers a request, between `busy` and `idle`. */
  async #answer(channel: RequestChannel, message: Message, handler: Handler): Promise<void> {
    const { header, content } = message;
    // Front ends that show how long a cell took count from here, and not from when it was queued.
    const metadata = header.msg_type === "execute_request" ? { started: new Date().toISOString() } : {};
    void this.#iopub.status("busy", header);
    let reply: Json;
    try {
      reply = await handler(content, message);
    } catch (error) {
      reply = this.#failure(header, error);
    }
    const type = header.msg_type.replace(/_request$/, "_reply");
    let sent: Promise<void>;
    try {
      sent = channel.reply(message, type, reply, metadata);
    } catch (error) {
      // No message can hold it.
      reply = this.#failure(header, error);
      sent = channel.reply(message, type, reply, metadata);
    }
    // Every front end is to know that the kernel ends, not only the one that asked for it.
    if (header.msg_type === "shutdown_request") void this.#iopub.publish("shutdown_reply", reply, header);
    const published = this.#idle(header);
    if (header.msg_type === "shutdown_request" && !this.#closing) {
      this.close();
      // Not for a front end that does not read.
      await Promise.race([Promise.all([sent, published]), delay(LAST_WORDS, undefined, { ref: false })]);
      this.#sockets.close();
      this.#exit();
    }
  }

  /** The reply to a request that cannot be answered. */
  #failure({ msg_type }: Header, error: unknown): Json {
    log(`Cannot answer ${msg_type}`, error);
    const failure = failureOf(error);
    return msg_type === "execute_request"
      ? { ...failure, execution_count: this.#executor.executionCount }
      : failure;
  }

  /** Says that a request is done. Front ends show the latest status, so a cell that still runs is announced again. */
  #idle(header: Header): Promise<void> {
    this.#stir();
    if (this.#running === header) this.#running = undefined;
    const published = this.#iopub.status("idle", header);
    if (this.#running !== undefined) void this.#iopub.status("busy", this.#running);
    return published;
  }
}

function executeRequest(content: Json, metadata: Json): ExecuteRequest {
  const silent = content.silent === true;
  const expressions = objectField(content, "user_expressions");
  const cellId = metadata.cellId;
  return {
    code: textField(content, "code"),
    silent,
    storeHistory: !silent && content.store_history !== false,
    userExpressions: Object.fromEntries(
      Object.keys(expressions).map((name) => [name, textField(expressions, name)]),
    ),
    cellId: typeof cellId === "string" ? cellId : undefined,
  };
}

function failureOf(error: unknown): Json {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return { status: "error", ename: name, evalue: message, traceback: [`${name}: ${message}`] };
}
