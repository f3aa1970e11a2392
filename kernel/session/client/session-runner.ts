import type { Notebook } from "../../shared/language.js";
import type {
  CellOrigin,
  CommEvent,
  CommRequest,
  ErrorReport,
  ExpressionResult,
  FromInspector,
  FromSession,
  InputResult,
  JsonObject,
  ModuleResult,
  Program,
  Question,
  StreamName,
} from "../../shared/session-messages.js";
import { leadingTensorImports } from "../../shared/tensor-imports.js";
import { SessionProcess } from "./session-process.js";

/** Where the output of cells goes; `serial` says which cell it belongs to. */
export interface CellOutput {
  stream(serial: number, name: StreamName, text: string): void;
  display(message: Extract<FromSession, { type: "display" }>): void;
  clear(serial: number, wait: boolean): void;
  result(message: Extract<FromSession, { type: "result" }>): void;
  replay(message: Extract<FromSession, { type: "replay" }>): void;
}

/** What else is heard of the session. */
export interface SessionListener {
  /** A process has been started. */
  started(pid: number): void;
  /** The inspector of the session's main thread tells of something. */
  inspected(event: string, params: JsonObject): void;
  /** Resolves when more output can be taken; undefined while it can. The session's code waits meanwhile. */
  relief(): Promise<void> | undefined;
  /** The session's code asks the person at the front end. */
  input(prompt: string, password: boolean): Promise<InputResult>;
  /** The session's code loads a module that is not compiled as it is now. */
  module(file: string): Promise<ModuleResult>;
  comm(message: CommEvent): void;
  commHandled(id: number): void;
  /** The session has ended, between cells or within one; a fresh one, without any of its state, takes its place. */
  lost(serial: number, report: ErrorReport, withinCell: boolean): void;
}

interface Task {
  readonly serial: number;
  readonly done: (error: ErrorReport | undefined) => void;
  readonly result: (result: ExpressionResult) => void;
}

interface Command {
  readonly resolve: (result: JsonObject) => void;
  readonly reject: (failure: Error) => void;
}

/** Runs compiled cells in a session process, and replaces that process when it dies. */
export class SessionRunner {
  readonly #notebook: Notebook;
  readonly #output: CellOutput;
  readonly #listener: SessionListener;
  #process: SessionProcess | undefined;
  /** Whether the process has got as far as running cells. */
  #ready = false;
  #task: Task | undefined;
  #latestSerial = 0;
  #companion: number | undefined;
  /** Is told when a process that was to be replaced has been. */
  #renewed: (() => void) | undefined;
  #closed = false;
  /** What waits for an answer of the inspector. */
  readonly #commands = new Map<number, Command>();
  #lastCommand = 0;
  /** Why the inspector of this process cannot be heard, if it cannot. */
  #deaf: string | undefined;

  constructor(notebook: Notebook, output: CellOutput, listener: SessionListener) {
    this.#notebook = notebook;
    this.#output = output;
    this.#listener = listener;
    this.#process = this.#start();
  }

  /** Makes the session load what takes long to load while the cell that begins with its imports is compiled. */
  foresee(cell: string): void {
    const specifiers = leadingTensorImports(cell);
    if (specifiers.length > 0) this.#running().send({ type: "foreseen", specifiers });
  }

  /** Runs a cell; resolves when it and all its output are done, with what it threw. */
  execute(cell: CellOrigin, program: Program): Promise<ErrorReport | undefined> {
    this.#latestSerial = cell.serial;
    return new Promise((resolve) => {
      const fail = (result: ExpressionResult): void =>
        resolve(result.status === "error" ? result : undefined);
      this.#task = { serial: cell.serial, done: resolve, result: fail };
      this.#running().send({ type: "execute", cell, program });
    });
  }

  /** Evaluates an expression for its value. */
  evaluate(cell: CellOrigin, program: Program): Promise<ExpressionResult> {
    return new Promise((resolve) => {
      const fail = (error: ErrorReport | undefined): void => {
        if (error !== undefined) resolve({ status: "error", ...error });
      };
      this.#task = { serial: cell.serial, done: fail, result: resolve };
      this.#running().send({ type: "expression", cell, program });
    });
  }

  /** Sends the session a comm message; `commHandled` tells when it has. */
  sendComm(request: CommRequest): void {
    this.#running().send(request);
  }

  /** Stops the code of the cell or comm handler that is running. */
  interrupt(): void {
    this.#process?.send({ type: "interrupt" });
  }

  /** Asks the inspector of the session's main thread; it answers also while that thread is busy or stopped. */
  command(method: string, params: JsonObject = {}): Promise<JsonObject> {
    const id = ++this.#lastCommand;
    if (this.#deaf !== undefined) return Promise.reject(new Error(this.#deaf));
    return new Promise((resolve, reject) => {
      this.#commands.set(id, { resolve, reject });
      this.#running().send({ type: "inspector", id, method, params });
    });
  }

  #refuseCommands(why: string): void {
    for (const { reject } of this.#commands.values()) reject(new Error(why));
    this.#commands.clear();
  }

  #inspected(message: FromInspector): void {
    if ("event" in message) {
      this.#listener.inspected(message.event, message.params);
      return;
    }
    const command = this.#commands.get(message.id);
    this.#commands.delete(message.id);
    if ("result" in message) command?.resolve(message.result);
    else command?.reject(new Error(message.failure));
  }

  /** Asks the session to end a process when the kernel is gone. */
  accompany(pid: number): void {
    this.#companion = pid;
    this.#process?.send({ type: "companion", pid });
  }

  /** Ends the process, so that a fresh one takes its place; `why` is what the person is told. */
  end(why: string): void {
    this.#process?.kill(why);
  }

  /** Ends the process, and has a fresh one in its place. */
  renew(): Promise<void> {
    return new Promise((resolve) => {
      this.#renewed = resolve;
      this.#running().kill();
    });
  }

  /** Ends the session for good. */
  close(): void {
    this.#closed = true;
    this.#process?.kill();
  }

  #running(): SessionProcess {
    this.#process ??= this.#start();
    return this.#process;
  }

  #start(): SessionProcess {
    this.#ready = false;
    const session = new SessionProcess(this.#notebook, {
      relief: () => this.#listener.relief(),
      message: (message) => this.#receive(message),
      output: (name, text) => this.#output.stream(this.#latestSerial, name, text),
      inspector: (message) => this.#inspected(message),
      inspectorLost: (why) => {
        this.#deaf = `a cell has written where V8's inspector answers (${why}): restart the kernel to debug`;
        this.#refuseCommands(this.#deaf);
      },
      exit: (why) => this.#replace(why),
    });
    if (session.pid !== undefined) this.#listener.started(session.pid);
    if (this.#companion !== undefined) session.send({ type: "companion", pid: this.#companion });
    return session;
  }

  #receive(message: FromSession): void {
    switch (message.type) {
      case "ready":
        this.#ready = true;
        return;
      case "childEnded":
        return;
      case "stream":
        this.#output.stream(message.serial, message.name, message.text);
        return;
      case "display":
        this.#output.display(message);
        return;
      case "clear":
        this.#output.clear(message.serial, message.wait);
        return;
      case "result":
        this.#output.result(message);
        return;
      case "replay":
        this.#output.replay(message);
        return;
      case "input":
      case "module":
        void this.#answer(message, this.#process);
        return;
      case "done":
        this.#finish(message.serial)?.done(message.error);
        return;
      case "expression":
        this.#finish(message.serial)?.result(message.result);
        return;
      case "comm":
        this.#listener.comm(message);
        return;
      case "commHandled":
        this.#listener.commHandled(message.id);
        return;
      default:
        message satisfies never;
    }
  }

  async #answer(question: Question, asker: SessionProcess | undefined): Promise<void> {
    const result = await (question.type === "input"
      ? this.#listener.input(question.prompt, question.password)
      : this.#listener.module(question.file));
    asker?.send({ type: "answer", id: question.id, result });
  }

  #finish(serial: number): Task | undefined {
    const task = this.#task;
    if (task?.serial !== serial) return undefined;
    this.#task = undefined;
    return task;
  }

  #replace(why: string): void {
    if (this.#closed) return;
    const task = this.#task;
    this.#task = undefined;
    this.#refuseCommands(`the session ended (${why})`);
    this.#deaf = undefined;
    const next = this.#ready ? "a fresh session is ready" : "the next cell starts another";
    const evalue = `the session ended (${why}); its variables are gone, ${next}`;
    // One that died while starting would die again: the next cell tries once more.
    this.#process = this.#ready ? this.#start() : undefined;
    const report = { ename: "SessionEnded", evalue, traceback: [`SessionEnded: ${evalue}`] };
    const renewed = this.#renewed;
    this.#renewed = undefined;
    const isExpected = task !== undefined || renewed !== undefined;
    this.#listener.lost(task?.serial ?? this.#latestSerial, report, isExpected);
    task?.done(report);
    renewed?.();
  }
}
