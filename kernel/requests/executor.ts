import { messageOf } from "../../src/platform/message-of.js";
import type { CompilerClient } from "../compiler/client/compiler-client.js";
import type { CompiledCell } from "../debugger/scripts.js";
import type { History } from "../history/index.js";
import type { InputRequests } from "../protocol/input-requests.js";
import type { IopubPublisher } from "../protocol/publisher.js";
import type { Header, Json } from "../protocol/wire.js";
import { type SessionListener, SessionRunner } from "../session/client/session-runner.js";
import type { CompileResult } from "../shared/compiler-messages.js";
import { type HelpQuestion, helpQuestion } from "../shared/help-question.js";
import { INTERRUPT_REPORT } from "../shared/interrupt-report.js";
import type { Notebook } from "../shared/language.js";
import { replayCommand } from "../shared/replay-command.js";
import type {
  CellOrigin,
  CommEvent,
  ErrorReport,
  ExpressionResult,
  InputResult,
  JsonObject,
  ModuleResult,
  Program,
} from "../shared/session-messages.js";
import { CellOutputs } from "./cell-outputs.js";
import { helpPage } from "./code-requests.js";
import { CommRelay } from "./comm-relay.js";
import { compilerError, reportDiagnostics } from "./diagnostic-report.js";
import { withForeignRemedies } from "./foreign-names.js";
import { InterruptPatience } from "./interrupt-patience.js";
import { liveValue, makeReadyForHelp } from "./live-value.js";
import { MagicCells, type Run } from "./magic-cells.js";
import { withMagicRemedies } from "./magics.js";
import { MissingValues } from "./missing-values.js";
import { showAgain } from "./show-again.js";
import { type Noted, StaleNames } from "./stale-names.js";
import { StrictnessNotes } from "./strictness-notes.js";

/** What an `execute_request` asks for. */
export interface ExecuteRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly storeHistory: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
  /** The notebook's own id of the cell, when the front end sends one. */
  readonly cellId: string | undefined;
}

/** How many cells can be debugged: a kernel that answers requests runs the same ones for ever. */
const MOST_CELLS = 2000;

/** What a debugger hears of the cells and of the session. */
export interface DebugListener {
  /** A cell is about to run: once what is returned has settled, if anything is. */
  compiled(cell: CompiledCell): Promise<void> | undefined;
  inspected(event: string, params: JsonObject): void;
  /** The session is another one. */
  renewed(): void;
}

/** Runs cells, one at a time: compiles them, has them run in the session and publishes what comes out. */
export class Executor implements SessionListener {
  readonly comms: CommRelay;
  /** What the latest cells of this session were compiled to, by serial. */
  readonly cells = new Map<number, CompiledCell>();
  debug: DebugListener | undefined;
  readonly #compiler: CompilerClient;
  readonly #iopub: IopubPublisher;
  readonly #input: InputRequests;
  readonly #outputs: CellOutputs;
  readonly #session: SessionRunner;
  readonly #notebook: Notebook;
  readonly #missing = new MissingValues();
  readonly #stale: StaleNames;
  /** What the person is to be told with the next cell that may have output. */
  readonly #notices: string[] = [];
  readonly #notes = new StrictnessNotes();
  readonly #magics: MagicCells;
  // Front ends show only what belongs to a cell: the latest one speaks for a comm handler.
  readonly #patience = new InterruptPatience((text) =>
    this.#iopub.stream("stderr", text, this.#running ?? this.#outputs.parentOf(this.#serial)),
  );
  #serial = 0;
  /** The request of the cell that is running, and that cell as it was sent. */
  #running: Header | undefined;
  #sent = "";
  /** Ends the requests that follow that cell. */
  readonly #whenDone: (() => void)[] = [];
  /** That the session ended between two cells: not every front end shows what comes to a cell that is done. */
  #loss: string | undefined;
  /** Aborted when the cell that is running is interrupted. */
  #interruption = new AbortController();

  constructor(
    compiler: CompilerClient,
    iopub: IopubPublisher,
    history: History,
    input: InputRequests,
    notebook: Notebook,
  ) {
    this.#compiler = compiler;
    this.#iopub = iopub;
    this.#input = input;
    this.#notebook = notebook;
    this.#outputs = new CellOutputs(iopub, history);
    this.#stale = new StaleNames((one, other) => compiler.call("isSame", one, other));
    this.comms = new CommRelay(iopub, (request) => this.#session.sendComm(request));
    this.#session = new SessionRunner(notebook, this.#outputs, this);
    this.#magics = new MagicCells(notebook.folder, {
      outputs: this.#outputs,
      names: () => compiler.call("names"),
      renew: () => this.#session.renew(),
      check: (cell, code) => this.#check(cell, code),
      prepare: (cell, code, refused) => this.#prepare(cell, code, refused),
      run: (cell, code, around) => this.#run(cell, code, around),
      explain: (report) => this.#explain(report),
    });
    compiler.whenStarted((pid) => this.#session.accompany(pid));
  }

  get executionCount(): number {
    return this.#outputs.executionCount;
  }

  started(pid: number): void {
    this.#compiler.accompany(pid);
  }

  inspected(event: string, params: JsonObject): void {
    this.debug?.inspected(event, params);
  }

  /** Asks V8's inspector in the session. */
  readonly command = (method: string, params?: JsonObject): Promise<JsonObject> =>
    this.#session.command(method, params);

  /** What a variable of the notebook is now, in one line; undefined if the session cannot say it at once. */
  valueNow(variable: string): Promise<string | undefined> {
    return liveValue(this.command, variable, this.#notebook.language);
  }

  /** Asks the session for a value before anybody does. */
  makeReadyForHelp(): Promise<void> {
    return makeReadyForHelp(this.command);
  }

  /** Makes a declaration known to the cells to come. @returns its JavaScript, which somebody else runs */
  async declare(code: string): Promise<string> {
    const serial = ++this.#serial;
    const compiled = await this.#compiler.compile(serial, code, new AbortController().signal);
    if (!compiled.ok) throw new Error(compiled.diagnostics[0]?.message ?? "it cannot be compiled");
    await this.#compiler.commit(serial, code);
    return compiled.program.javascript;
  }

  relief(): Promise<void> | undefined {
    return this.#iopub.relief();
  }

  input(prompt: string, password: boolean): Promise<InputResult> {
    return this.#input.ask(prompt, password);
  }

  /** Compiles a module that a cell has named while it runs. */
  async module(file: string): Promise<ModuleResult> {
    try {
      const compiled = await this.#compiler.call("compileModule", file);
      if (compiled.ok) return { status: "ok", module: compiled.module };
      return { status: "error", ...reportDiagnostics(compiled.diagnostics, file) };
    } catch (failure) {
      return { status: "error", ...compilerError(failure, file) };
    }
  }

  comm(event: CommEvent): void {
    this.comms.publish(event, this.#outputs.parentOf(event.serial));
  }

  commHandled(id: number): void {
    this.comms.handled(id);
    this.#patience.end();
  }

  lost(serial: number, { evalue }: ErrorReport, withinCell: boolean): void {
    const parent = this.#outputs.parentOf(serial);
    this.#patience.end();
    this.comms.lost(parent);
    // The compiler must not know variables that no longer exist.
    this.#compiler.reset();
    this.#missing.forget();
    this.#stale.forget();
    this.cells.clear();
    this.debug?.renewed();
    if (withinCell) return;
    this.#loss = `SessionEnded: ${evalue}\n`;
    this.#iopub.stream("stderr", this.#loss, parent);
  }

  /** Runs a request's code; `parent` is its header. Only what the kernel shows again may come while another runs. */
  async execute(request: ExecuteRequest, parent: Header): Promise<Json> {
    const replay = replayCommand(request.code);
    if (replay !== undefined) {
      const { executionCount } = this;
      const whenDone = (): Promise<void> => new Promise((resolve) => this.#whenDone.push(resolve));
      return showAgain(
        replay,
        { request, parent, executionCount, running: this.#running, whenDone },
        this.#iopub,
      );
    }
    const serial = ++this.#serial;
    this.#outputs.add(serial, { parent, silent: request.silent });
    if (request.storeHistory) this.#outputs.store(serial, request.code);
    const cell = { serial, executionCount: this.executionCount, id: request.cellId };
    const content = { code: request.code, execution_count: cell.executionCount };
    this.#outputs.publish(serial, "execute_input", content);
    if (this.#loss !== undefined && !request.silent) {
      this.#iopub.stream("stderr", this.#loss, parent);
      this.#loss = undefined;
    }
    this.#running = parent;
    this.#sent = request.code;
    this.#interruption = new AbortController();
    try {
      return await this.#execute(cell, request);
    } finally {
      this.#running = undefined;
      for (const end of this.#whenDone.splice(0)) end();
      this.#patience.end();
      await this.#outputs.saved();
    }
  }

  async #execute(cell: CellOrigin, request: ExecuteRequest): Promise<Json> {
    const question = helpQuestion(request.code);
    const payload = question === undefined ? [] : await this.#help(question, cell);
    const error = question === undefined ? await this.#magics.run(cell, request.code) : undefined;
    if (error !== undefined) {
      this.#outputs.publish(cell.serial, "error", { ...error });
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
      expressions[name] = await this.#evaluate(code, cell);
    }
    return { status: "ok", execution_count: cell.executionCount, user_expressions: expressions, payload };
  }

  async #help(question: HelpQuestion, { serial }: CellOrigin): Promise<Json[]> {
    const page = await helpPage(this.#compiler, question, (variable) => this.valueNow(variable));
    if (page !== undefined) return [page];
    this.#outputs.stream(serial, "stdout", `Nothing is called ${question.name}\n`);
    return [];
  }

  /**
   * Stops the cell or comm handler that is running: if need be, the second time, together with the session. Where none is,
   * it stops what a widget has set going.
   */
  interrupt(): void {
    const isBusy = this.#running !== undefined || this.comms.busy;
    if (isBusy && this.#patience.isOver) {
      this.#session.end("a second interrupt ended it, as the first had no effect");
      return;
    }
    if (isBusy) this.#interruption.abort();
    this.#session.interrupt();
    if (isBusy) this.#patience.begin();
  }

  close(): void {
    this.#patience.end();
    this.#session.close();
  }

  /** What is wrong with the code of a cell; nothing runs. */
  async #check(cell: CellOrigin, code: string): Promise<ErrorReport | undefined> {
    const label = labelOf(cell);
    const compiled = await this.#compile(cell.serial, code, label);
    if ("evalue" in compiled) return compiled;
    return compiled.ok ? undefined : this.#explain(reportDiagnostics(compiled.diagnostics, label));
  }

  /**
   * Compiles code of the kernel's own, which then runs as a part of a cell.
   *
   * @param refused - what becomes of the error if it cannot be compiled
   */
  async #prepare(
    { serial: cell, executionCount, id }: CellOrigin,
    code: string,
    refused = (report: ErrorReport): ErrorReport => report,
  ): Promise<Run> {
    const serial = ++this.#serial;
    this.#outputs.addPart(serial, cell);
    const compiled = await this.#compile(serial, code, MAGIC);
    if ("evalue" in compiled) return async () => compiled;
    if (!compiled.ok) return async () => refused(reportDiagnostics(compiled.diagnostics, MAGIC));
    return () => this.#session.execute({ serial, executionCount, id }, compiled.program);
  }

  /** @param around - is given what runs the compiled cell */
  async #run(
    cell: CellOrigin,
    code: string,
    around: (run: Run) => ReturnType<Run> = (run) => run(),
  ): Promise<ErrorReport | undefined> {
    const label = labelOf(cell);
    this.#session.foresee(code);
    const compiled = await this.#compile(cell.serial, code, label, this.#stale.earlierText(cell.id));
    let noted: Noted | undefined;
    if (!this.#outputs.isSilent(cell.serial)) {
      if (!("evalue" in compiled)) noted = this.#stale.note(cell, this.#sent, code, compiled);
      const notices = [...(noted?.lines ?? []), ...this.#notices.splice(0)].map((notice) => `${notice}\n`);
      this.#outputs.stream(cell.serial, "stderr", notices.join(""));
    }
    if ("evalue" in compiled) return compiled;
    // First of all: the compiler does its part while the cell runs.
    const running = compiled.ok ? around(() => this.#start(cell, label, code, compiled.program)) : undefined;
    // Already now: what it declares is kept after a throw, too, and can be completed while it runs.
    if (compiled.declared !== undefined) void this.#commit(cell.serial, code, label);
    this.#missing.note(compiled, label);
    const told = noted?.look?.((line) => this.#outputs.stream(cell.serial, "stderr", `${line}\n`));
    if (!compiled.ok) {
      const { diagnostics } = compiled;
      return this.#explain(withMagicRemedies(reportDiagnostics(diagnostics, label), diagnostics));
    }
    const error = await running;
    await told;
    const note = this.#notes.noteFor(code, compiled.shown, label);
    if (note !== undefined) {
      this.#outputs.publish(cell.serial, "display_data", { data: note, metadata: {}, transient: {} });
    }
    return error && this.#explain(error);
  }

  #start(cell: CellOrigin, label: string, code: string, program: Program): ReturnType<Run> {
    const { source, sourceMap, headerLines } = program;
    const compiled = { serial: cell.serial, label, code, program: { source, sourceMap, headerLines } };
    this.cells.set(cell.serial, compiled);
    const [oldest] = this.cells.keys();
    if (oldest !== undefined && this.cells.size > MOST_CELLS) this.cells.delete(oldest);
    const prepared = this.debug?.compiled(compiled);
    if (prepared === undefined) return this.#session.execute(cell, program);
    return prepared.then(() => this.#session.execute(cell, program));
  }

  /** @param earlier - the text that the cell had before, if it ran before */
  async #compile(
    serial: number,
    code: string,
    label: string,
    earlier?: string,
  ): Promise<CompileResult | ErrorReport> {
    const { signal } = this.#interruption;
    try {
      const compiled = await this.#compiler.compile(serial, code, signal, earlier);
      this.#notices.push(...compiled.notices);
      return signal.aborted ? INTERRUPT_REPORT : compiled;
    } catch (failure) {
      return signal.aborted ? INTERRUPT_REPORT : compilerError(failure, label);
    }
  }

  /** Makes what a cell declares known to the later ones. */
  async #commit(serial: number, code: string, label: string): Promise<void> {
    try {
      await this.#compiler.commit(serial, code);
    } catch (failure) {
      this.#notices.push(`Later cells do not know what ${label} declares: ${messageOf(failure)}`);
    }
  }

  async #evaluate(code: string, { serial: cell, executionCount, id }: CellOrigin): Promise<ExpressionResult> {
    const serial = ++this.#serial;
    this.#outputs.addPart(serial, cell);
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

const labelOf = ({ executionCount }: CellOrigin): string => `Cell In[${executionCount}]`;

/** What code of the kernel's own is called where it cannot be compiled. */
const MAGIC = "magic";
