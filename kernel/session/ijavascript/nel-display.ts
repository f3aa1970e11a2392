/**
 * What cells of plain JavaScript see under the name `$$`: the interface of nel, in which ijavascript runs its cells, so that
 * notebooks written for that kernel run here unchanged. `kernel/compiler/library/nel-globals.ts` declares it.
 */
import { types } from "node:util";
import type { CellOrigin, MimeBundle } from "../../shared/session-messages.js";
import { reportError } from "../errors/errors.js";
import { publish } from "../hosts/display-host.js";
import { type Bundler, checkedBundle } from "../output/mime.js";
import { attributedSerial, print, sendOutput } from "../output/output.js";
import { currentCell } from "../ownership/cell-context.js";
import { beforeCellEnds, endCellWith, isCellOpen, keepCellOpen, type Shown } from "../running/cell-end.js";
import { defaultMimer, nelBundler } from "./nel-values.js";

type Input = (text: string, options: { readonly password: boolean }) => Promise<string>;
type Send<Content> = (content: Content, keepAlive?: boolean) => void;

/** What the methods that show one kind of content are called, with its MIME type. */
const KINDS = {
  text: "text/plain",
  html: "text/html",
  svg: "image/svg+xml",
  png: "image/png",
  jpeg: "image/jpeg",
  json: "application/json",
} as const;

/** What one kind of content is, checked. */
function contentOf(kind: keyof typeof KINDS, content: unknown): MimeBundle {
  if (content === undefined)
    throw new TypeError(`Cannot display by $$.${kind}(): it needs something, got undefined`);
  const isText = kind !== "json" && typeof content !== "object";
  return checkedBundle({ [KINDS[kind]]: isText ? String(content) : content }, `it by $$.${kind}()`);
}

/** Who has been told that nothing more of the cell can be shown as its result. */
const told = new WeakSet<CellOrigin>();

type Data = MimeBundle | undefined | Promise<MimeBundle | undefined>;

/** Sends what is a cell's result: with `keepAlive` one of several, else the one that ends it. */
function sendResult(name: string, data: () => Data, keepAlive: unknown): void {
  const isHeard = keepAlive ? sendOne(data()) : endCellWith(() => outcomeOf(data()));
  if (!isHeard) complainOf(name);
}

const outcomeOf = async (data: Data): Promise<Shown> => ({ data: await data });

function sendOne(data: Data): boolean {
  return beforeCellEnds(async (serial) => {
    try {
      const shown = await data;
      if (shown === undefined) return;
      sendOutput({ type: "result", serial, data: shown, metadata: {} });
    } catch (error) {
      sendError(error);
    }
  });
}

function complainOf(name: string): void {
  const origin = currentCell()?.origin;
  if (origin !== undefined && told.has(origin)) return;
  if (origin !== undefined) told.add(origin);
  const rule = "a cell ends with its first result or its last statement";
  const remedy = "call $$.async() to have it go on, or show more with $$.display()";
  print(attributedSerial(), "stderr", `Cannot show a result by ${name}: ${rule}; ${remedy}\n`);
}

function sendError(error: unknown, keepAlive?: unknown): void {
  const report = reportError(error);
  if (keepAlive) {
    keepCellOpen(true);
    print(attributedSerial(), "stderr", `${report.traceback.join("\n")}\n`);
  } else if (!endCellWith(async () => ({ error: report }))) {
    print(attributedSerial(), "stderr", `${report.traceback.join("\n")}\n`);
  }
}

/** A method that also takes a promise of its content, for which the cell stays open. */
function awaiting<Content>(send: Send<Content>): Send<Content | Promise<Content>> {
  return (content, keepAlive) => {
    if (!types.isPromise(content)) {
      send(content as Content, keepAlive);
      return;
    }
    keepCellOpen(true);
    content
      .then((settled) => send(settled as Content, keepAlive))
      .catch((error: unknown) => sendError(error));
  };
}

/** Methods for each kind of content, which pass on what they have made of it. */
function contents(send: (name: string, data: () => MimeBundle, keepAlive: unknown) => void) {
  const methods = Object.keys(KINDS) as (keyof typeof KINDS)[];
  return Object.fromEntries([
    ...methods.map((kind) => [
      kind,
      (content: unknown, keepAlive?: unknown) =>
        send(`$$.${kind}()`, () => contentOf(kind, content), keepAlive),
    ]),
    [
      "mime",
      (bundle: unknown, keepAlive?: unknown) =>
        send("$$.mime()", () => checkedBundle(bundle, "it by $$.mime()"), keepAlive),
    ],
  ]) as Record<keyof typeof KINDS | "mime", Send<unknown>>;
}

/** The displays of each cell that have a name: what comes second replaces what came first. */
const named = new WeakMap<CellOrigin, Map<string, { update: boolean }>>();

function displayState(id: string): { update: boolean } {
  const origin = currentCell()?.origin;
  const displays = (origin && named.get(origin)) ?? new Map<string, { update: boolean }>();
  const state = displays.get(id) ?? { update: false };
  if (origin !== undefined) named.set(origin, displays.set(id, state));
  return state;
}

/** Makes a display: with a name, it shows one thing at a time. */
function makeDisplay(id?: unknown): object {
  if (id === undefined) return { ...contents((_name, data) => publish({ data: data() })), close(): void {} };
  const displayId = String(id);
  const state = displayState(displayId);
  return {
    ...contents((_name, data) => {
      publish({ data: data(), displayId, update: state.update });
      state.update = true;
    }),
    close(): void {
      state.update = false;
    },
  };
}

/**
 * Gives cells `$$` and its companions.
 *
 * @param globals - the global object of the cells
 * @param ask - asks the person at the front end
 * @param complain - is told what has failed of how a value is shown
 * @returns how the values of cells are shown
 */
export function installNelDisplay(globals: object, ask: Input, complain: (error: unknown) => void): Bundler {
  const config = { awaitExecution: false };
  const bundleOfValue = nelBundler(globals);
  const results = contents(sendResult);
  const open = (value: unknown = true): boolean => {
    keepCellOpen(Boolean(value));
    return Boolean(value);
  };
  const done = (value?: unknown): void =>
    sendResult("$$.done()", () => bundleOfValue(value, complain), false);
  const display = {
    async: open,
    done,
    sendResult: awaiting((value: unknown, keepAlive) =>
      sendResult("$$.sendResult()", () => bundleOfValue(value, complain), keepAlive),
    ),
    sendError: awaiting(sendError),
    ...Object.fromEntries(Object.entries(results).map(([name, send]) => [name, awaiting(send)])),
    display: makeDisplay,
    clear({ wait = false }: { readonly wait?: boolean } = {}): void {
      sendOutput({ type: "clear", serial: attributedSerial(), wait: Boolean(wait) });
    },
    input(options: { readonly prompt?: unknown; readonly password?: unknown } = {}, callback?: unknown) {
      keepCellOpen(true);
      const { prompt = "", password } = options;
      const answer = ask(String(prompt), { password: password === true });
      if (typeof callback !== "function") return answer;
      answer.then(
        (text) => callback(null, text),
        (error) => callback(error),
      );
      return answer;
    },
  };
  Object.defineProperty(display, "config", { value: config });
  const define = (name: string, descriptor: PropertyDescriptor): void => {
    Object.defineProperty(globals, name, { configurable: true, ...descriptor });
  };
  define("$$", { value: display, writable: true });
  define("$$mimer$$", { value: defaultMimer, writable: true });
  define("$$defaultMimer$$", { value: defaultMimer });
  define("$$done$$", { value: done, writable: true });
  define("$$async$$", { get: isCellOpen, set: open });
  for (const kind of ["mime", "html", "svg", "png", "jpeg"] as const) {
    define(`$$${kind}$$`, { set: awaiting(results[kind]) });
  }
  return (value, report) => {
    if (!config.awaitExecution || !types.isPromise(value)) return bundleOfValue(value, report);
    return value.then((settled) => bundleOfValue(settled, report));
  };
}
