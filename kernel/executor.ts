import { helpPage } from "./code-requests.js";
import { Comms } from "./comms.js";
import type { CompilerClient } from "./compiler/client.js";
import type { CompileResult } from "./compiler/messages.js";
import { reportDiagnostics } from "./compiler/report.js";
import { withForeignRemedies } from "./foreign-names.js";
import { type HelpQuestion, helpQuestion } from "./help.js";
import type { History } from "./history/index.js";
import type { InputRequests } from "./input-requests.js";
import type { Notebook } from "./language.js";
import { MissingValues } from "./missing-values.js";
import type { IopubPublisher } from "./publisher.js";
import type { CellOrigin, ErrorReport, ExpressionResult, ModuleResult } from "./session/protocol.js";
import { SessionRunner } from "./session-runner.js";
import { StrictnessNotes } from "./strictness-notes.js";
import type { Header, Json } from "./wire.js";

/** What an `execute_request` asks for. */
export interface ExecuteRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly storeHistory: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
  /** The notebook's own id of the cell, when the front end sends one. */
  readonly cellId: string | undefined;
}

const INTERRUPTED: ErrorReport = {
  ename: "KeyboardInterrupt",
  evalue: "the cell was interrupted",
  traceback: ["KeyboardInterrupt: the cell was interrupted"],
};

/** How long an interrupt may take to end what runs before the person is told that this code cannot be stopped, in ms. */
const PATIENCE = 3000;
const STUCK = `The interrupt has had no effect for ${PATIENCE / 1000} s: the code is within a call that cannot be stopped.
It ends when that call returns. To end the session instead, and lose its variables, interrupt once more.
`;

/** Runs cells, one at a time: compiles them, has them run in the session and publishes what comes out. */
export class Executor {
  readonly comms: Comms;
  readonly #compiler: CompilerClient;
  readonly #iopub: IopubPublisher;
  readonly #history: History;
  readonly #session: SessionRunner;
  /** The request that each cell came from: its output, however late, names it as its parent. */
  readonly #parents = new Map<number, Header>();
  readonly #silent = new Set<number>();
  readonly #missing = new MissingValues();
  /** What the person is to be told with the next cell that may have output. */
  readonly #notices: string[] = [];
  readonly #notes = new StrictnessNotes();
  /** The latest cell that is in the history. */
  #stored = 0;
  #serial = 0;
  #executionCount = 0;
  /** The request of the cell that is running. */
  #running: Header | undefined;
  /** That the session ended between two cells: not every front end shows what comes to a cell that is done. */
  #loss: string | undefined;
  /** Aborted when the cell that is running is interrupted. */
  #interruption = new AbortController();
  /** Runs from the first interrupt to the end of what it is meant for. */
  #patience: NodeJS.Timeout | undefined;
  /** Whether the person has been told what one more interrupt does. */
  #told = false;

  constructor(
    compiler: CompilerClient,
    iopub: IopubPublisher,
    history: History,
    input: InputRequests,
    notebook: Notebook,
  ) {
    this.#compiler = compiler;
    this.#iopub = iopub;
    this.#history = history;
    this.comms = new Comms(iopub, (request) => this.#session.sendComm(request));
    const parent = (serial: number): Header | undefined => this.#parents.get(serial);
    const publish = (serial: number, type: string, content: Json): void => {
      if (!this.#silent.has(serial)) void iopub.publish(type, content, parent(serial));
    };
    this.#session = new SessionRunner(notebook, {
      started: (pid) => compiler.accompany(pid),
      relief: () => iopub.relief(),
      stream: (serial, name, text) => {
        if (!this.#silent.has(serial)) iopub.stream(name, text, parent(serial));
      },
      display: ({ serial, data, metadata, displayId, update }) => {
        const transient = displayId === undefined ? {} : { display_id: displayId };
        publish(serial, update ? "update_display_data" : "display_data", { data, metadata, transient });
      },
      clear: (serial, wait) => publish(serial, "clear_output", { wait }),
      result: ({ serial, data, metadata }) => {
        publish(serial, "execute_result", { execution_count: this.#executionCount, data, metadata });
        const text = data["text/plain"];
        if (serial === this.#stored && typeof text === "string") history.output(this.#executionCount, text);
      },
      comm: (event) => this.comms.publish(event, parent(event.serial)),
      commHandled: (id) => {
        this.comms.handled(id);
        this.#calmDown();
      },
      input: (prompt, password) => input.ask(prompt, password),
      module: (file) => this.#compileModule(file),
      lost: (serial, { evalue }, withinCell) => {
        this.#calmDown();
        this.comms.lost(parent(serial));
        // The compiler must not know variables that no longer exist.
        compiler.reset();
        this.#missing.forget();
        if (withinCell) return;
        this.#loss = `SessionEnded: ${evalue}\n`;
        iopub.stream("stderr", this.#loss, parent(serial));
      },
    });
    compiler.whenStarted((pid) => this.#session.accompany(pid));
  }

  get executionCount(): number {
    return this.#executionCount;
  }

  /** Runs a request's code; `parent` is its header. */
  async execute(request: ExecuteRequest, parent: Header): Promise<Json> {
    const serial = ++this.#serial;
    this.#parents.set(serial, parent);
    if (request.silent) this.#silent.add(serial);
    if (request.storeHistory) {
      this.#executionCount++;
      this.#stored = serial;
      this.#history.input(this.#executionCount, request.code);
    }
    const cell = { serial, executionCount: this.#executionCount, id: request.cellId };
    if (!request.silent) {
      const content = { code: request.code, execution_count: cell.executionCount };
      void this.#iopub.publish("execute_input", content, parent);
    }
    if (this.#loss !== undefined && !request.silent) {
      this.#iopub.stream("stderr", this.#loss, parent);
      this.#loss = undefined;
    }
    this.#running = parent;
    this.#interruption = new AbortController();
    try {
      return await this.#execute(cell, request, parent);
    } finally {
      this.#running = undefined;
      this.#calmDown();
    }
  }

  async #execute(cell: CellOrigin, request: ExecuteRequest, parent: Header): Promise<Json> {
    const question = helpQuestion(request.code);
    const payload = question === undefined ? [] : await this.#help(question, request, parent);
    const error = question === undefined ? await this.#run(cell, request.code) : undefined;
    if (error !== undefined) {
      if (!request.silent) void this.#iopub.publish("error", { ...error }, parent);
      return {
        status: "error",
        execution_count: cell.executionCount,
        ...error,
        user_expressions: {},
        payload: [],
      };
    }
    const expressions: Record<string, ExpressionResult> = {};
    for (const [name, code] of Object.entries(request.userExpressions)) {
      expressions[name] = await this.#evaluate(code, parent, cell);
    }
    return { status: "ok", execution_count: cell.executionCount, user_expressions: expressions, payload };
  }

  async #help(question: HelpQuestion, { silent }: ExecuteRequest, parent: Header): Promise<Json[]> {
    const page = await helpPage(this.#compiler, question);
    if (page !== undefined) return [page];
    if (!silent) this.#iopub.stream("stdout", `Nothing is called ${question.name}\n`, parent);
    return [];
  }

  /** Stops the cell or comm handler that is running, if one is: if need be, the second time, together with the session. */
  interrupt(): void {
    if (this.#running === undefined && !this.comms.busy) return;
    if (this.#told) {
      this.#session.end("a second interrupt ended it, as the first had no effect");
      return;
    }
    this.#interruption.abort();
    this.#session.interrupt();
    this.#patience ??= setTimeout(() => this.#tell(), PATIENCE);
  }

  #tell(): void {
    this.#told = true;
    // Front ends show only what belongs to a cell: the latest one speaks for a comm handler.
    this.#iopub.stream("stderr", STUCK, this.#running ?? this.#parents.get(this.#serial));
  }

  /** What an interrupt was meant for has ended, or it is at least clear that the session can be interrupted. */
  #calmDown(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#told = false;
  }

  close(): void {
    this.#session.close();
  }

  async #run(cell: CellOrigin, code: string): Promise<ErrorReport | undefined> {
    const label = `Cell In[${cell.executionCount}]`;
    const compiled = await this.#compile(cell.serial, code, label);
    if (!this.#silent.has(cell.serial)) {
      const notices = this.#notices.splice(0).map((notice) => `${notice}\n`);
      if (notices.length > 0) this.#iopub.stream("stderr", notices.join(""), this.#parents.get(cell.serial));
    }
    if ("evalue" in compiled) return compiled;
    // Already now: what it declares is kept after a throw, too, and can be completed while it runs.
    if (compiled.surface !== undefined) {
      this.#compiler.commit(compiled.surface);
      this.#missing.note(compiled.surface, label);
    }
    if (!compiled.ok) return this.#explain(reportDiagnostics(compiled.diagnostics, label));
    const error = await this.#session.execute(cell, compiled.program);
    const note = this.#notes.noteFor(code, compiled.shown, label);
    if (note !== undefined && !this.#silent.has(cell.serial)) {
      const content = { data: note, metadata: {}, transient: {} };
      void this.#iopub.publish("display_data", content, this.#parents.get(cell.serial));
    }
    return error && this.#explain(error);
  }

  async #compile(serial: number, code: string, label: string): Promise<CompileResult | ErrorReport> {
    const { signal } = this.#interruption;
    try {
      const compiled = await this.#compiler.compile(serial, code, signal);
      this.#notices.push(...compiled.notices);
      return signal.aborted ? INTERRUPTED : compiled;
    } catch (failure) {
      return signal.aborted ? INTERRUPTED : compilerError(failure, label);
    }
  }

  /** Compiles a module that a cell has named while it runs. */
  async #compileModule(file: string): Promise<ModuleResult> {
    try {
      const compiled = await this.#compiler.call("compileModule", file);
      if (compiled.ok) return { status: "ok", module: compiled.module };
      return { status: "error", ...reportDiagnostics(compiled.diagnostics, file) };
    } catch (failure) {
      return { status: "error", ...compilerError(failure, file) };
    }
  }

  async #evaluate(
    code: string,
    parent: Header,
    { serial: cell, executionCount, id }: CellOrigin,
  ): Promise<ExpressionResult> {
    const serial = ++this.#serial;
    this.#parents.set(serial, parent);
    if (this.#silent.has(cell)) this.#silent.add(serial);
    const label = "user expression";
    const compiled = await this.#compile(serial, code, label);
    if ("evalue" in compiled) return { status: "error", ...compiled };
    if (!compiled.ok)
      return { status: "error", ...this.#explain(reportDiagnostics(compiled.diagnostics, label)) };
    const result = await this.#session.evaluate({ serial, executionCount, id }, compiled.program);
    return result.status === "error" ? this.#explain(result) : result;
  }

  /** An error with what the kernel knows of its reason. */
  #explain<Report extends ErrorReport>(report: Report): Report {
    return withForeignRemedies(this.#missing.explain(report));
  }
}

/** TypeScript itself gave up, on code that is nested too deeply for instance. */
function compilerError(failure: unknown, label: string): ErrorReport {
  const evalue = failure instanceof Error ? failure.message : String(failure);
  return { ename: "CompilerError", evalue, traceback: [label, `CompilerError: ${evalue}`] };
}
