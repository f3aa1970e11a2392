import type { CompilerClient } from "../compiler/client/compiler-client.js";
import type { Json } from "../protocol/wire.js";
import type { Language } from "../shared/language.js";
import { log } from "../shared/log.js";
import type { JsonObject } from "../shared/session-messages.js";
import { Breakpoints, fileText } from "./breakpoints.js";
import type { Command, Paused } from "./inspector.js";
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
import { type CompiledCell, HASH_SEED, PATH_PREFIX, PATH_SUFFIX, Scripts, skipped } from "./scripts.js";
import { FILTERS, Stops } from "./stops.js";
import { Variables } from "./variables.js";

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

const CAPABILITIES = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsSetVariable: true,
  supportsEvaluateForHovers: true,
  supportsModulesRequest: true,
  exceptionBreakpointFilters: FILTERS,
} as const;

/** Answers the requests of the Debug Adapter Protocol by V8's inspector in the session. */
export class Debugger {
  readonly #command: Command;
  readonly #parts: DebuggerParts;
  readonly #scripts: Scripts;
  readonly #breakpoints: Breakpoints;
  readonly #stops: Stops;
  readonly #variables: Variables;
  readonly #always: ReadonlyMap<string, Handler>;
  readonly #attached: ReadonlyMap<string, Handler>;
  #started = false;
  #enabled = false;
  #withPackages = false;
  #sequence = 0;

  constructor(parts: DebuggerParts) {
    const { compiler, language, cells, command, declare } = parts;
    this.#parts = parts;
    this.#command = command;
    const scripts = new Scripts(compiler, cells);
    this.#scripts = scripts;
    this.#breakpoints = new Breakpoints(compiler, scripts, command);
    let lastId = 0;
    const newId = (): number => ++lastId;
    const tell = (event: string, body: Json): void => this.#event(event, body);
    const goneOn = (): void => this.#variables.goneOn();
    const stops = new Stops({ compiler, command, scripts, newId, tell, goneOn });
    this.#stops = stops;
    this.#variables = new Variables({ compiler, language, command, scripts, stops, newId, declare });
    this.#always = new Map(this.#alwaysAnswered());
    this.#attached = new Map(this.#answeredWhenStarted());
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
    if (event === "Debugger.paused") void this.#stops.paused(params as unknown as Paused).catch(unfollowed);
    else this.#stops.resumed();
  }

  /** The session is another one. */
  renewed(): void {
    this.#scripts.forget();
    this.#stops.resumed();
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
    const needsStart = this.#attached.get(command);
    const handler = this.#always.get(command) ?? needsStart;
    if (handler === undefined) throw new Refusal(`${command} is no request that this debugger knows`);
    if (!this.#started && needsStart !== undefined)
      throw new Refusal(`${command} must come after initialize: the debugger is not started`);
    return handler(given);
  }

  /** What is answered also while no debugger is attached. */
  #alwaysAnswered(): [string, Handler][] {
    return [
      ["debugInfo", () => this.#info()],
      ["initialize", (given) => this.#initialize(given)],
      ["inspectVariables", () => this.#variables.inspectVariables()],
      ["richInspectVariables", (given) => this.#variables.richInspect(given)],
      ["variables", (given) => this.#variables.variables(numberArgument(given, "variablesReference"))],
      ["copyToGlobals", (given) => this.#variables.copyToGlobals(given)],
      ["modules", (given) => this.#modules(given)],
      ["disconnect", () => this.#disconnect()],
    ];
  }

  /** What is refused before the debugger is started. */
  #answeredWhenStarted(): [string, Handler][] {
    return [
      ["attach", (given) => this.#attach(given)],
      ["dumpCell", (given) => ({ sourcePath: this.#scripts.dump(textArgument(given, "code")) })],
      ["setBreakpoints", (given) => this.#setBreakpoints(given)],
      ["setExceptionBreakpoints", (given) => this.#stops.setFilters(given)],
      ["configurationDone", () => ({})],
      ["source", (given) => this.#source(pathArgument(given))],
      ["threads", () => ({ threads: [{ id: THREAD, name: "Notebook" }] })],
      ["stackTrace", (given) => this.#stops.stackTrace(given)],
      ["scopes", (given) => this.#variables.scopesOf(this.#stops.frame(numberArgument(given, "frameId")))],
      ["evaluate", (given) => this.#variables.evaluate(given)],
      ["setVariable", (given) => this.#variables.setVariable(given)],
      ["continue", () => this.#stops.goOn("Debugger.resume")],
      ["next", () => this.#stops.goOn("Debugger.stepOver")],
      ["stepIn", () => this.#stops.goOn("Debugger.stepInto")],
      ["stepOut", () => this.#stops.goOn("Debugger.stepOut")],
      ["pause", () => this.#stops.requestPause()],
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
      stoppedThreads: this.#stops.isStopped ? [THREAD] : [],
      richRendering: true,
      exceptionPaths: ["Errors"],
      copyToGlobals: true,
    };
  }

  async #initialize({ clientID }: Json): Promise<Json> {
    this.#started = true;
    // Its tree of variables has values of Python's own types, and of all others the type alone.
    this.#variables.tellsValueByType = clientID === "jupyterlab";
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
    await this.#stops.stopAtErrors();
  }

  async #setSkipped(): Promise<void> {
    await this.#command("Debugger.setBlackboxPatterns", { patterns: skipped(this.#withPackages) });
  }

  async #disconnect(): Promise<Json> {
    this.#breakpoints.clear();
    this.#stops.forget();
    if (this.#enabled) await this.#command("Debugger.disable");
    this.#stops.resumed();
    this.#scripts.forget();
    this.#enabled = false;
    this.#started = false;
    return {};
  }

  async #setBreakpoints(given: Json): Promise<Json> {
    const breakpoints = await this.#breakpoints.set(pathArgument(given), listArgument(given, "breakpoints"));
    return { breakpoints };
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
}

/**
 * The code has gone on meanwhile, or the session has ended: then V8 refuses what the debugger meant to do with code that is
 * stopped. Nobody waits for that.
 */
const unfollowed = (failure: unknown): void => log("The debugger cannot follow the code", failure);
