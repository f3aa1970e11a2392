import type { CompilerClient } from "../compiler/client/compiler-client.js";
import type { Json } from "../protocol/wire.js";
import type { CodePlace } from "../shared/compiler-messages.js";
import type { Language } from "../shared/language.js";
import { log } from "../shared/log.js";
import type { JsonObject } from "../shared/session-messages.js";
import { shadowing } from "../shared/shadowed-names.js";
import { Breakpoints, fileText } from "./breakpoints.js";
import type { Command, Paused, RemoteObject } from "./inspector.js";
import {
  type DebugRequest,
  listArgument,
  numberArgument,
  optionalNumber,
  pathArgument,
  Refusal,
  readRequest,
  THREAD,
  textArgument,
} from "./protocol.js";
import {
  type CompiledCell,
  HASH_SEED,
  PATH_PREFIX,
  PATH_SUFFIX,
  type Place,
  Scripts,
  skipped,
} from "./scripts.js";
import {
  type Frame,
  GLOBALS,
  isUnfinished,
  nameOf,
  type OpenScope,
  type Step,
  type Stopped,
  scopesOf,
} from "./stopped.js";
import { type Row, Values } from "./values.js";

/** What the debugger is given by the kernel. */
export interface DebuggerParts {
  readonly compiler: CompilerClient;
  /** Of the cells. */
  readonly language: Language;
  /** The cells that have been compiled, by serial. */
  readonly cells: ReadonlyMap<number, CompiledCell>;
  readonly command: Command;
  /** Publishes a `debug_event`. */
  readonly publish: (event: Json) => void;
  /** Compiles a declaration of the notebook's, makes it known to later cells and returns its JavaScript. */
  readonly declare: (code: string) => Promise<string>;
}

type Handler = (given: Json) => Promise<Json> | Json;

/** When what is thrown stops the code. */
const FILTERS = [
  { filter: "caught", label: "Caught errors", default: false },
  { filter: "uncaught", label: "Uncaught errors", default: false },
] as const;

const CAPABILITIES = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsSetVariable: true,
  supportsEvaluateForHovers: true,
  supportsModulesRequest: true,
  exceptionBreakpointFilters: FILTERS,
} as const;

const STOPPED_GROUP = "rnnlab-stopped";
const PANEL_GROUP = "rnnlab-panel";
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
/** How many frames V8 keeps of what has awaited the running code, while it may stop where something is thrown. */
const ASYNC_DEPTH = 32;

/** Answers the requests of the Debug Adapter Protocol by V8's inspector in the session. */
export class Debugger {
  readonly #compiler: CompilerClient;
  readonly #command: Command;
  readonly #parts: DebuggerParts;
  readonly #scripts: Scripts;
  readonly #breakpoints: Breakpoints;
  readonly #values: Values;
  readonly #panel: Values;
  readonly #scopes = new Map<number, OpenScope>();
  readonly #handlers: ReadonlyMap<string, Handler>;
  #started = false;
  #enabled = false;
  #withPackages = false;
  #filters: ReadonlySet<string> = new Set();
  #stopped: Stopped | undefined;
  #step: Step | undefined;
  /** How often the code has been stopped and gone on: what is found out about a stop may come too late. */
  #turns = 0;
  #sequence = 0;
  #lastId = 0;

  constructor(parts: DebuggerParts) {
    const { compiler, cells, command } = parts;
    this.#parts = parts;
    this.#compiler = compiler;
    this.#command = command;
    this.#scripts = new Scripts(compiler, cells);
    this.#breakpoints = new Breakpoints(compiler, this.#scripts, command);
    const newId = (): number => ++this.#lastId;
    this.#values = new Values(command, STOPPED_GROUP, newId);
    this.#panel = new Values(command, PANEL_GROUP, newId);
    this.#handlers = new Map<string, Handler>([...this.#always(), ...this.#attached()]);
  }

  /** Answers a `debug_request`. */
  async answer(content: Json): Promise<Json> {
    const request = readRequest(content);
    try {
      return this.#response(request, { success: true, body: await this.#handle(request) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return this.#response(request, { success: false, message, body: {} });
    }
  }

  /** A cell is about to run; undefined where nothing has to be done before. */
  compiled(cell: CompiledCell): Promise<void> | undefined {
    return this.#enabled ? this.#prepare(cell).catch(unfollowed) : undefined;
  }

  async #prepare(cell: CompiledCell): Promise<void> {
    // The interrupt of an earlier cell may have had V8 go past everything.
    await this.#command("Debugger.setSkipAllPauses", { skip: false });
    await this.#breakpoints.before(cell);
  }

  /** The inspector tells of something. */
  inspected(event: string, params: JsonObject): void {
    if (event === "Debugger.scriptParsed") {
      this.#scripts.add(String(params.scriptId), String(params.url));
      return;
    }
    this.#turns++;
    if (event === "Debugger.paused") void this.#pause(params as unknown as Paused).catch(unfollowed);
    else if (this.#stopped !== undefined) this.#goOn();
  }

  /** The session is another one. */
  renewed(): void {
    this.#turns++;
    this.#scripts.forget();
    if (this.#stopped !== undefined) this.#goOn();
    if (this.#enabled) void this.#renew().catch(unfollowed);
  }

  async #renew(): Promise<void> {
    this.#enabled = false;
    await this.#enable();
    await this.#breakpoints.renew();
  }

  #response({ seq, command }: DebugRequest, rest: Json): Json {
    return { seq: ++this.#sequence, type: "response", request_seq: seq, command, ...rest };
  }

  #event(event: string, body: Json): void {
    this.#parts.publish({ seq: ++this.#sequence, type: "event", event, body });
  }

  async #handle({ command, arguments: given }: DebugRequest): Promise<Json> {
    const handler = this.#handlers.get(command);
    if (handler === undefined) throw new Refusal(`${command} is no request that this debugger knows`);
    if (!this.#started && ATTACHED.has(command))
      throw new Refusal(`${command} must come after initialize: the debugger is not started`);
    return handler(given);
  }

  /** What is answered also while no debugger is attached. */
  #always(): [string, Handler][] {
    return [
      ["debugInfo", () => this.#info()],
      ["initialize", (given) => this.#initialize(given)],
      ["inspectVariables", () => this.#inspectVariables()],
      ["richInspectVariables", (given) => this.#richInspect(given)],
      [
        "variables",
        async (given) => ({ variables: await this.#variables(numberArgument(given, "variablesReference")) }),
      ],
      ["copyToGlobals", (given) => this.#copyToGlobals(given)],
      ["modules", (given) => this.#modules(given)],
      ["disconnect", () => this.#disconnect()],
    ];
  }

  #attached(): [string, Handler][] {
    return [
      ["attach", (given) => this.#attach(given)],
      ["dumpCell", (given) => ({ sourcePath: this.#scripts.dump(textArgument(given, "code")) })],
      ["setBreakpoints", (given) => this.#setBreakpoints(given)],
      ["setExceptionBreakpoints", (given) => this.#setFilters(given)],
      ["configurationDone", () => ({})],
      ["source", (given) => this.#source(pathArgument(given))],
      ["threads", () => ({ threads: [{ id: THREAD, name: "Notebook" }] })],
      ["stackTrace", (given) => this.#stackTrace(given)],
      ["scopes", (given) => this.#scopesOf(this.#frame(numberArgument(given, "frameId")))],
      ["evaluate", (given) => this.#evaluate(given)],
      ["setVariable", (given) => this.#setVariable(given)],
      ["continue", () => this.#continue("Debugger.resume")],
      ["next", () => this.#continue("Debugger.stepOver")],
      ["stepIn", () => this.#continue("Debugger.stepInto")],
      ["stepOut", () => this.#continue("Debugger.stepOut")],
      ["pause", () => this.#requestPause()],
    ];
  }

  #info(): Json {
    return {
      isStarted: this.#started,
      hashMethod: "Murmur2",
      hashSeed: HASH_SEED,
      tmpFilePrefix: PATH_PREFIX,
      tmpFileSuffix: PATH_SUFFIX,
      breakpoints: this.#breakpoints.list,
      stoppedThreads: this.#stopped === undefined ? [] : [THREAD],
      richRendering: true,
      exceptionPaths: ["Errors"],
      copyToGlobals: true,
    };
  }

  async #initialize({ clientID }: Json): Promise<Json> {
    this.#started = true;
    // Its tree of variables has values of Python's own types, and of all others the type alone.
    for (const values of [this.#values, this.#panel]) values.tellsValueByType = clientID === "jupyterlab";
    await this.#enable();
    return CAPABILITIES;
  }

  async #attach({ justMyCode }: Json): Promise<Json> {
    this.#withPackages = justMyCode === false;
    await this.#setSkipped();
    this.#event("initialized", {});
    return {};
  }

  async #enable(): Promise<void> {
    if (this.#enabled) return;
    this.#enabled = true;
    await this.#command("Debugger.enable");
    await this.#setSkipped();
    await this.#stopAtErrors();
  }

  async #setSkipped(): Promise<void> {
    await this.#command("Debugger.setBlackboxPatterns", { patterns: skipped(this.#withPackages) });
  }

  async #disconnect(): Promise<Json> {
    this.#breakpoints.clear();
    this.#filters = new Set();
    this.#step = undefined;
    this.#turns++;
    if (this.#enabled) await this.#command("Debugger.disable");
    if (this.#stopped !== undefined) this.#goOn();
    this.#scripts.forget();
    this.#enabled = false;
    this.#started = false;
    return {};
  }

  async #setBreakpoints(given: Json): Promise<Json> {
    const breakpoints = await this.#breakpoints.set(pathArgument(given), listArgument(given, "breakpoints"));
    return { breakpoints };
  }

  async #setFilters({ filters = [] }: Json): Promise<Json> {
    this.#filters = new Set(Array.isArray(filters) ? filters.map(String) : []);
    await this.#stopAtErrors();
    return { breakpoints: [] };
  }

  /** V8 takes what a cell throws for caught, since the session waits for it: which errors are is found out here. */
  async #stopAtErrors(): Promise<void> {
    const any = this.#filters.size > 0;
    await this.#command("Debugger.setPauseOnExceptions", { state: any ? "all" : "none" });
    await this.#command("Debugger.setAsyncCallStackDepth", { maxDepth: any ? ASYNC_DEPTH : 0 });
  }

  async #source(path: string): Promise<Json> {
    const script = this.#scripts.all.find((each) => each.path === path);
    const written = script && (await this.#scripts.written(script));
    const isFile = script !== undefined && script.cell === undefined;
    const content =
      written?.source ??
      this.#scripts.cellAt(path) ??
      this.#breakpoints.textAt(path) ??
      (isFile ? fileText(path) : undefined);
    if (content === undefined) throw new Refusal(`source must be of code that is loaded, got ${path}`);
    return { content, mimeType: "text/typescript" };
  }

  #modules(given: Json): Json {
    const all = this.#scripts.all
      .filter(({ kind }) => kind !== "cell")
      .map(({ id, label, path }) => ({ id: Number(id), name: label, path }));
    const start = optionalNumber(given, "startModule") ?? 0;
    const count = optionalNumber(given, "moduleCount") || all.length;
    return { modules: all.slice(start, start + count), totalModules: all.length };
  }

  /** The inspector has stopped the code. It goes on where nobody has asked for that. */
  async #pause(paused: Paused): Promise<void> {
    const turn = this.#turns;
    const frames: Frame[] = [];
    let isHidden = false;
    for (const [index, frame] of paused.callFrames.entries()) {
      const place = await this.#scripts.placeOf(frame.location);
      if (place !== undefined) frames.push({ id: ++this.#lastId, frame, place });
      else if (index === 0) isHidden = true;
    }
    const isError = paused.reason === "exception" || paused.reason === "promiseRejection";
    const callers = isError ? await this.#scripts.asyncPlaces(paused.asyncStackTrace) : [];
    const stopped: Stopped = { paused, frames, callers };
    const isWanted = !isError || (frames.length > 0 && (await this.#isWanted(stopped)));
    if (turn !== this.#turns) return;
    const step = this.#step;
    this.#step = undefined;
    if (isError) {
      if (isWanted) this.#stop(stopped, "exception");
      else await this.#command("Debugger.resume");
      return;
    }
    if (frames.length === 0) {
      await this.#command("Debugger.resume");
      return;
    }
    const isAtBreakpoint = (paused.hitBreakpoints ?? []).length > 0;
    if (step !== undefined && !isAtBreakpoint && (isHidden || isUnfinished(step, frames))) {
      this.#step = { ...step, turns: step.turns + 1 };
      await this.#command(isHidden ? "Debugger.stepOut" : step.command);
      return;
    }
    if (isHidden && !isAtBreakpoint) {
      await this.#command("Debugger.stepOut");
      return;
    }
    this.#stop(stopped, isAtBreakpoint ? "breakpoint" : step === undefined ? "pause" : "step");
  }

  #stop(stopped: Stopped, reason: string): void {
    this.#stopped = stopped;
    const { data } = stopped.paused;
    const text = reason === "exception" ? { text: data?.description?.split("\n")[0] ?? "" } : {};
    this.#event("stopped", { reason, threadId: THREAD, allThreadsStopped: true, ...text });
  }

  async #isWanted({ paused, frames, callers }: Stopped): Promise<boolean> {
    const [caught, uncaught] = FILTERS.map(({ filter }) => this.#filters.has(filter));
    if (caught && uncaught) return true;
    const isCaught = paused.data?.uncaught !== true && (await this.#isCaught(frames, callers));
    return isCaught ? caught === true : uncaught === true;
  }

  async #isCaught(frames: readonly Frame[], callers: readonly Place[]): Promise<boolean> {
    for (const { script, line, column } of [...frames.map(({ place }) => place), ...callers]) {
      const written = await this.#scripts.written(script);
      const source = written?.source ?? fileText(script.path);
      if (source === undefined) continue;
      const file = script.cell === undefined ? script.path : undefined;
      if (await this.#compiler.call("isCaughtAt", { source, file, line, column })) return true;
    }
    return false;
  }

  /** The code goes on: its frames and values are no longer there. */
  #goOn(): void {
    this.#stopped = undefined;
    this.#scopes.clear();
    this.#event("continued", { threadId: THREAD, allThreadsContinued: true });
    void this.#values.forget().catch(() => {
      // The session has ended, and its values with it.
    });
  }

  #at(): Stopped {
    if (this.#stopped === undefined) throw new Refusal("Nothing is stopped");
    return this.#stopped;
  }

  #frame(id: number): Frame {
    const frame = this.#at().frames.find((each) => each.id === id);
    if (frame === undefined) throw new Refusal(`frameId must be one of the call stack, got ${id}`);
    return frame;
  }

  #frameOrTop(given: Json, name: string): Frame | undefined {
    const id = optionalNumber(given, name);
    if (this.#stopped === undefined) return undefined;
    return id === undefined || id === 0 ? this.#stopped.frames[0] : this.#frame(id);
  }

  async #continue(command: Step["command"] | "Debugger.resume"): Promise<Json> {
    const { frames } = this.#at();
    const place = frames[0]?.place;
    this.#step =
      command === "Debugger.resume" || place === undefined
        ? undefined
        : { command, path: place.script.path, line: place.line, depth: frames.length, turns: 0 };
    try {
      await this.#command(command);
    } catch (failure) {
      // The code went on, and has ended the session before that could be said.
      if (this.#stopped !== undefined) throw failure;
    }
    return { allThreadsContinued: true };
  }

  async #requestPause(): Promise<Json> {
    await this.#command("Debugger.pause");
    return {};
  }

  #stackTrace(given: Json): Json {
    const { frames } = this.#at();
    const start = optionalNumber(given, "startFrame") ?? 0;
    const levels = optionalNumber(given, "levels") || frames.length;
    const stackFrames = frames.slice(start, start + levels).map((each) => {
      const { script, line, column } = each.place;
      const subtle = script.kind === "library" ? { presentationHint: "subtle" } : {};
      const source = { name: script.label, path: script.path, sourceReference: 0 };
      return { id: each.id, name: nameOf(each), line, column, source, ...subtle };
    });
    return { stackFrames, totalFrames: frames.length };
  }

  #scopesOf(frame: Frame): Json {
    const scopes = scopesOf(frame).map((scope) => {
      const variablesReference = ++this.#lastId;
      this.#scopes.set(variablesReference, scope);
      return { name: scope.title, variablesReference, expensive: scope.title === GLOBALS };
    });
    return { scopes };
  }

  async #variables(reference: number): Promise<Json[]> {
    const scope = this.#scopes.get(reference);
    if (scope !== undefined) return this.#scopeVariables(scope);
    return (this.#panel.isOpen(reference) ? this.#panel : this.#values).children(reference);
  }

  async #scopeVariables({ frame, title, objects }: OpenScope): Promise<Json[]> {
    if (title === GLOBALS) return this.#notebookVariables(this.#values);
    const written = await this.#scripts.written(frame.place.script);
    const variables = new Map<string, Json>();
    for (const object of objects) {
      const all = JSON.parse(String((await this.#values.call("names", object)).value)) as string[];
      // What TypeScript has made up stands nowhere in the text.
      const isOwn = (name: string): boolean => written === undefined || mentions(written.source, name);
      const names = all.filter((name) => isOwn(name) && !variables.has(name));
      const rows = await this.#values.rows(await this.#values.call("scope", object, JSON.stringify(names)));
      for (const [index, row] of rows.entries())
        variables.set(names[index] ?? row.name, this.#values.variable(row));
    }
    return [...variables.values()];
  }

  /** The names of the notebook that have a value in the session. */
  async #notebookVariables(values: Values): Promise<Json[]> {
    const known = await this.#compiler.call("names");
    const { names } = (await this.#command("Runtime.globalLexicalScopeNames")) as {
      names?: readonly string[];
    };
    const lexical = new Set(names);
    const found = known.flatMap(({ name, signature }) => {
      const read =
        [shadowing(name), name].find((each) => lexical.has(each)) ?? this.#globalOf(name, signature);
      return read === undefined ? [] : [{ name, signature, read }];
    });
    const reads = found.map(({ read }) => `() => ${read}`);
    const list = JSON.stringify(JSON.stringify(found.map(({ name }) => name)));
    const expression = `__rnnlab__.inspection.variables(${[list, ...reads].join(", ")})`;
    const rows = await values.rows(await values.evaluate(expression));
    return rows.map((row, index) => values.variable(row, staticType(found[index]?.signature ?? "")));
  }

  /** In plain JavaScript `var` and functions are the global object's. */
  #globalOf(name: string, signature: string): string | undefined {
    const isType = /^(?:type|interface) /.test(signature);
    return this.#parts.language === "javascript" && !isType ? name : undefined;
  }

  async #inspectVariables(): Promise<Json> {
    await this.#panel.forget();
    return { variables: await this.#notebookVariables(this.#panel) };
  }

  async #richInspect(given: Json): Promise<Json> {
    const name = textArgument(given, "variableName");
    if (!IDENTIFIER.test(name)) return { data: {}, metadata: {} };
    const frame = this.#frameOrTop(given, "frameId");
    const values = frame === undefined ? this.#panel : this.#values;
    const json = String((await values.call("rich", await this.#valueOf(name, frame, values))).value);
    return { data: JSON.parse(json) as Json, metadata: {} };
  }

  /** The value of an expression, in a frame or in the notebook. */
  async #valueOf(expression: string, frame: Frame | undefined, values: Values): Promise<RemoteObject> {
    const { javascript } = await this.#compile(expression, frame);
    return frame === undefined
      ? values.evaluate(javascript)
      : values.evaluateIn(frame.frame.callFrameId, javascript);
  }

  async #compile(
    expression: string,
    frame: Frame | undefined,
  ): Promise<{ readonly javascript: string; readonly type: string | undefined }> {
    const place = await this.#placeOf(frame);
    // In a library there is nothing but JavaScript.
    if (place === undefined) return { javascript: expression, type: undefined };
    const compiled = await this.#compiler.call("expressionAt", place, expression);
    if (!compiled.ok) throw new Refusal(compiled.problem);
    return compiled;
  }

  async #placeOf(frame: Frame | undefined): Promise<CodePlace | undefined> {
    if (frame === undefined) return { source: "", file: undefined, line: 1, column: 1 };
    const { script, line, column } = frame.place;
    const written = await this.#scripts.written(script);
    return written && { source: written.source, file: written.file, line, column };
  }

  async #evaluate(given: Json): Promise<Json> {
    const frame = this.#frameOrTop(given, "frameId");
    const values = frame === undefined ? this.#panel : this.#values;
    const { javascript, type } = await this.#compile(textArgument(given, "expression"), frame);
    const value =
      frame === undefined
        ? await values.evaluate(javascript)
        : await values.evaluateIn(frame.frame.callFrameId, javascript);
    return shown(values, await values.describe(value), type);
  }

  async #setVariable(given: Json): Promise<Json> {
    const reference = numberArgument(given, "variablesReference");
    const [name, expression] = [textArgument(given, "name"), textArgument(given, "value")];
    const scope = this.#scopes.get(reference);
    const values = scope === undefined && this.#panel.isOpen(reference) ? this.#panel : this.#values;
    if (scope !== undefined && !IDENTIFIER.test(name))
      throw new Refusal(`name must be a variable, got ${name}`);
    const frame = scope?.frame ?? this.#stopped?.frames[0];
    const text = scope === undefined ? expression : `${name} = (${expression}\n)`;
    const value = await this.#valueOf(text, frame, values);
    if (scope === undefined) await values.assign(reference, name, value);
    return shown(values, await values.describe(value), undefined);
  }

  async #copyToGlobals(given: Json): Promise<Json> {
    const [source, target] = [textArgument(given, "srcVariableName"), textArgument(given, "dstVariableName")];
    for (const name of [source, target])
      if (!IDENTIFIER.test(name))
        throw new Refusal(`srcVariableName and dstVariableName must be names, got ${name}`);
    const frame = this.#frame(numberArgument(given, "srcFrameId"));
    const { javascript, type } = await this.#compile(source, frame);
    const value = await this.#values.evaluateIn(frame.frame.callFrameId, javascript);
    const described = await this.#values.describe(value);
    await this.#values.call("keep", value);
    const kept = 'Reflect.get(globalThis, "__rnnlab__").inspection.kept';
    const typed = this.#parts.language === "javascript" || type === undefined ? kept : `${kept} as ${type}`;
    const declaration = await this.#parts.declare(`let ${target} = ${typed};`);
    // V8 answers once what was awaited has gone on, which is not before the code does.
    void this.#command("Runtime.evaluate", { expression: declaration, replMode: true, silent: true }).catch(
      () => {
        // The session has ended.
      },
    );
    return shown(this.#values, described, type);
  }
}

/** What is refused before the debugger is started. */
const ATTACHED: ReadonlySet<string> = new Set([
  "attach",
  "dumpCell",
  "setBreakpoints",
  "setExceptionBreakpoints",
  "configurationDone",
  "source",
  "threads",
  "stackTrace",
  "scopes",
  "evaluate",
  "setVariable",
  "continue",
  "next",
  "stepIn",
  "stepOut",
  "pause",
]);

/**
 * The code has gone on meanwhile, or the session has ended: then V8 refuses what the debugger meant to do with code that is
 * stopped. Nobody waits for that.
 */
const unfollowed = (failure: unknown): void => log("The debugger cannot follow the code", failure);

const shown = (values: Values, row: Row, type: string | undefined): Json => {
  const { value, name: _name, evaluateName: _evaluateName, ...rest } = values.variable(row, type);
  return { result: value, value, ...rest };
};

const mentions = (source: string, name: string): boolean =>
  new RegExp(`(?<![\\p{ID_Continue}$])${name.replaceAll("$", "\\$")}(?![\\p{ID_Continue}$])`, "u").test(
    source,
  );

/** The type in what TypeScript says of a name. */
function staticType(signature: string): string | undefined {
  const type = /^(?:const|let|var) [^:]+: (.*)$/s.exec(signature)?.[1];
  return (type ?? (signature === "" ? undefined : signature))?.replace(/\s+/g, " ");
}
