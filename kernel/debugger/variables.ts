import type { CompilerClient } from "../compiler/client/compiler-client.js";
import type { Json } from "../protocol/wire.js";
import type { CodePlace } from "../shared/compiler-messages.js";
import type { Language } from "../shared/language.js";
import { shadowing } from "../shared/shadowed-names.js";
import type { Command, RemoteObject } from "./inspector.js";
import { numberArgument, Refusal, textArgument } from "./protocol.js";
import type { Scripts } from "./scripts.js";
import { type Frame, GLOBALS, type OpenScope, scopesOf } from "./stopped.js";
import type { Stops } from "./stops.js";
import { type Row, Values } from "./values.js";

const STOPPED_GROUP = "rnnlab-stopped";
const PANEL_GROUP = "rnnlab-panel";
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** What {@link Variables} is given by the debugger. */
export interface VariablesParts {
  readonly compiler: CompilerClient;
  /** Of the cells. */
  readonly language: Language;
  readonly command: Command;
  readonly scripts: Scripts;
  readonly stops: Stops;
  /** Numbers what can be opened. */
  readonly newId: () => number;
  /** Compiles a declaration of the notebook's, makes it known to later cells and returns its JavaScript. */
  readonly declare: (code: string) => Promise<string>;
}

/** The variables of the notebook and of stopped code, and expressions that see them. */
export class Variables {
  readonly #parts: VariablesParts;
  readonly #compiler: CompilerClient;
  readonly #command: Command;
  readonly #scripts: Scripts;
  readonly #stops: Stops;
  readonly #values: Values;
  readonly #panel: Values;
  readonly #scopes = new Map<number, OpenScope>();

  constructor(parts: VariablesParts) {
    this.#parts = parts;
    this.#compiler = parts.compiler;
    this.#command = parts.command;
    this.#scripts = parts.scripts;
    this.#stops = parts.stops;
    this.#values = new Values(parts.command, STOPPED_GROUP, parts.newId);
    this.#panel = new Values(parts.command, PANEL_GROUP, parts.newId);
  }

  /** Whether the front end shows of most values nothing but their type. */
  set tellsValueByType(only: boolean) {
    for (const values of [this.#values, this.#panel]) values.tellsValueByType = only;
  }

  /** The code goes on: the variables of its frames are no longer there. */
  goneOn(): void {
    this.#scopes.clear();
    void this.#values.forget().catch(() => {
      // The session has ended, and its values with it.
    });
  }

  /** The scopes of a frame. */
  scopesOf(frame: Frame): Json {
    const scopes = scopesOf(frame).map((scope) => {
      const variablesReference = this.#parts.newId();
      this.#scopes.set(variablesReference, scope);
      return { name: scope.title, variablesReference, expensive: scope.title === GLOBALS };
    });
    return { scopes };
  }

  /** The variables of a scope, or the parts of a value. */
  async variables(reference: number): Promise<Json> {
    const scope = this.#scopes.get(reference);
    const values = this.#panel.isOpen(reference) ? this.#panel : this.#values;
    const variables = scope === undefined ? values.children(reference) : this.#scopeVariables(scope);
    return { variables: await variables };
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

  /** The variables of the notebook, also while nothing is stopped. */
  async inspectVariables(): Promise<Json> {
    await this.#panel.forget();
    return { variables: await this.#notebookVariables(this.#panel) };
  }

  /** How the kernel shows the value of a name. */
  async richInspect(given: Json): Promise<Json> {
    const name = textArgument(given, "variableName");
    if (!IDENTIFIER.test(name)) return { data: {}, metadata: {} };
    const frame = this.#stops.frameOrTop(given, "frameId");
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

  /** Evaluates an expression in a frame, or in the notebook. */
  async evaluate(given: Json): Promise<Json> {
    const frame = this.#stops.frameOrTop(given, "frameId");
    const values = frame === undefined ? this.#panel : this.#values;
    const { javascript, type } = await this.#compile(textArgument(given, "expression"), frame);
    const value =
      frame === undefined
        ? await values.evaluate(javascript)
        : await values.evaluateIn(frame.frame.callFrameId, javascript);
    return shown(values, await values.describe(value), type);
  }

  /** Gives a variable, or a part of a value, another value. */
  async setVariable(given: Json): Promise<Json> {
    const reference = numberArgument(given, "variablesReference");
    const [name, expression] = [textArgument(given, "name"), textArgument(given, "value")];
    const scope = this.#scopes.get(reference);
    const values = scope === undefined && this.#panel.isOpen(reference) ? this.#panel : this.#values;
    if (scope !== undefined && !IDENTIFIER.test(name))
      throw new Refusal(`name must be a variable, got ${name}`);
    const frame = scope?.frame ?? this.#stops.top;
    const text = scope === undefined ? expression : `${name} = (${expression}\n)`;
    const value = await this.#valueOf(text, frame, values);
    if (scope === undefined) await values.assign(reference, name, value);
    return shown(values, await values.describe(value), undefined);
  }

  /** Makes a variable of the notebook of a local one. */
  async copyToGlobals(given: Json): Promise<Json> {
    const [source, target] = [textArgument(given, "srcVariableName"), textArgument(given, "dstVariableName")];
    for (const name of [source, target])
      if (!IDENTIFIER.test(name))
        throw new Refusal(`srcVariableName and dstVariableName must be names, got ${name}`);
    const frame = this.#stops.frame(numberArgument(given, "srcFrameId"));
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
