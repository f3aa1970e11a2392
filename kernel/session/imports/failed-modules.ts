import { statSync } from "node:fs";
import Module from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { currentUrl, type Failures } from "../errors/module-urls.js";
import { type Attributes, type Context, mended, type Resolved, type Sight, watched } from "./module-watch.js";

/*
 * Node keeps a module that failed, and its error, for as long as the process lives. A next try is a module of another
 * URL, for it and for every module of its graph that failed; those that are well stay the one instance that they are.
 */

type Load<Namespace> = (url: string, options?: ImportCallOptions) => Promise<Namespace>;

interface SyncHooks {
  resolve(
    specifier: string,
    context: Context,
    next: (specifier: string, context: Context) => Resolved,
  ): Resolved;
}
/** Since Node 22.15. Older ones run hooks in a thread of their own. */
const { registerHooks } = Module as { readonly registerHooks?: (hooks: SyncHooks) => void };

const failures: Failures = new Map();
/** What each module imports, as far as it was seen since one failed, with the attributes that it is imported with. */
const imported = new Map<string, Map<string, Attributes>>();
/** When each import has failed last. */
const failedAt = new Map<string, number>();
/** How coarse a file system's clock is, in ms. */
const CLOCK_TICK = 10;
/** Where the thread of hooks tells what it sees, if there is one. */
let thread: MessagePort | undefined;

function note([importer, url, attributes]: Sight): void {
  const children = imported.get(importer) ?? new Map<string, Attributes>();
  imported.set(importer, children.set(url, attributes));
}

/** Nothing is watched as long as all goes well. */
function watch(): void {
  if (failures.size > 0) return;
  if (registerHooks !== undefined) {
    registerHooks({
      resolve: (specifier, context, next) =>
        watched(resolveNow(specifier, context, next), context, failures, note),
    });
    return;
  }
  const { port1, port2 } = new MessageChannel();
  thread = port1;
  const hooks = pathToFileURL(join(__dirname, "watch-thread.js")).href;
  Module.register(hooks, { data: port2, transferList: [port2] });
}

const resolveNow: SyncHooks["resolve"] = (specifier, context, next) => {
  try {
    return next(specifier, context);
  } catch (error) {
    const url = mended(specifier, context);
    if (url === undefined) throw error;
    return next(url, context);
  }
};

function noteFailure(url: string): void {
  const count = (failures.get(url) ?? 0) + 1;
  failures.set(url, count);
  thread?.postMessage([url, count]);
}

/** Notes that an ES module failed which something has required: only an import can load it anew. */
export function noteRequired(file: string): void {
  watch();
  noteFailure(pathToFileURL(file).href);
}

/** Whether a module has failed. */
export const isFailed = (file: string): boolean =>
  failures.size > 0 && failures.has(pathToFileURL(file).href);

/** Hears of what the thread has seen so far: it told that before Node went on. */
function hearThread(): void {
  if (thread === undefined) return;
  for (let told = receiveMessageOnPort(thread); told !== undefined; told = receiveMessageOnPort(thread)) {
    const { 0: importer, 1: url, 2: attributes } = told.message as Sight;
    note([importer, url, attributes]);
  }
}

async function loadCurrent<Namespace>(
  url: string,
  load: Load<Namespace>,
  attributes?: Attributes,
): Promise<Namespace> {
  try {
    return await load(currentUrl(url, failures), attributes && { with: attributes });
  } finally {
    hearThread();
  }
}

/** Imports a module; one that has failed, or that imports one that has, is loaded anew. */
export async function importAnew<Namespace>(
  url: string,
  load: Load<Namespace>,
  attributes?: Attributes,
): Promise<Namespace> {
  for (;;) {
    try {
      return await loadCurrent(url, load, attributes);
    } catch (error) {
      watch();
      if (!(await noteFailures(url, load))) throw error;
    }
  }
}

/**
 * Notes which modules of a graph are to be loaded anew: those that have failed, and those whose files have changed since
 * the graph last failed, for one may lack what another imports from it.
 *
 * @returns whether one that the graph imports was not known to: it is worth another try at once
 */
async function noteFailures(root: string, load: Load<unknown>): Promise<boolean> {
  const before = failedAt.get(root) ?? Number.POSITIVE_INFINITY;
  failedAt.set(root, Date.now());
  let news = false;
  const seen = new Map<string, Attributes>([[root, {}]]);
  // The map grows while it is gone through.
  for (const [url, attributes] of seen) {
    for (const [child, how] of imported.get(url) ?? []) if (!seen.has(child)) seen.set(child, how);
    if (url !== root) {
      const isChanged = hasChanged(url, before);
      if (!isChanged && !(await hasFailed(url, load, attributes))) continue;
      news ||= isChanged || !failures.has(url);
    }
    noteFailure(url);
  }
  return news;
}

/** Installing a package keeps the time at which its files were written, but not that of their change. */
function hasChanged(url: string, since: number): boolean {
  if (!url.startsWith("file:")) return false;
  const { ctimeMs = 0 } = statSync(fileURLToPath(url), { throwIfNoEntry: false }) ?? {};
  return ctimeMs > since - CLOCK_TICK;
}

/** Asks Node for a module that it knows: nothing of it runs again. */
async function hasFailed(url: string, load: Load<unknown>, attributes: Attributes): Promise<boolean> {
  try {
    await loadCurrent(url, load, attributes);
    return false;
  } catch {
    // The same error as before, which the importer is told of.
    return true;
  }
}
