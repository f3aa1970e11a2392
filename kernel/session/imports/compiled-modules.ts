import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, sep } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { packageRoot } from "../../../src/platform/package-root.js";
import type { LocalModule, ModuleResult } from "../../shared/session-messages.js";
import { mapComment } from "../errors/map-comment.js";
import { forgetSource, rememberSource } from "../errors/stack-traces.js";
import { untilLoaded } from "../interrupts/atomic.js";
import { cells } from "../realm/cell-realm.js";
import { importAnew, isFailed, noteRequired } from "./failed-modules.js";
import { forgetFailedPackage, rememberPackage } from "./package-changes.js";
import { announceLoaded } from "./package-loads.js";
import { packageModule } from "./package-resolution.js";
import { loadPacked } from "./packed-modules.js";

/** What Node's module loader keeps of a module but its types do not show. */
interface LoadedModule extends NodeJS.Module {
  _compile(code: string, filename: string): unknown;
}

type Load = (module: LoadedModule, filename: string) => void;

const loader = cells.modules.Module as unknown as {
  new (id: string): LoadedModule;
  _extensions: Record<string, Load | undefined>;
  readonly _cache: NodeJS.Dict<NodeJS.Module>;
  _nodeModulePaths(folder: string): string[];
};

type Compile = (file: string) => ModuleResult;

/** The code of the kernel's own package. */
const KERNEL_CODE = join(packageRoot, "dist") + sep;
/** Node cannot `require` these as they are. */
const ALWAYS_COMPILED = /\.(?:[cm]?tsx?|mjs)$/;
/** Other ES modules have one of these words; most CommonJS modules have none, and need not be asked about. */
const ES_SYNTAX = /\b(?:import|export)\b/;

/** The latest compiled text of each module that cells import, by file. */
const compiled = new Map<string, LocalModule>();
/** What a module's text was when it was loaded. */
const loadedText = new WeakMap<NodeJS.Module, string>();
/** The ES modules of packages that `require` cannot load by itself, by file. */
const esModules = new Map<string, object>();
/** Why a `require` failed: it met a module that can only be awaited. */
const awaitedBy = new WeakMap<object, string>();

/**
 * Makes `require` load what the compiler sent along with the cells.
 *
 * @param compile - asks the compiler for what it has not sent, or what was edited since: a module that a cell imports
 *   under a computed name, or long after it was compiled itself
 */
export function installLocalModules(compile: Compile): void {
  const extensions = loader._extensions;
  const javascript = extensions[".js"];
  // Node has no handler of its own for ES modules: where it can require them, that of scripts loads them.
  const byJavascript = new Set(process.features.require_module ? [".jsx", ".mjs"] : [".jsx"]);
  for (const extension of [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".jsx"]) {
    const load = extensions[extension] ?? (byJavascript.has(extension) ? javascript : undefined);
    extensions[extension] = (module, filename) => {
      const source = compiledNow(filename, compile);
      if (source === undefined) loadForeign(module, filename, load);
      else loadCompiled(module, source);
    };
  }
}

/** A module of the user's own as it is now, compiled; undefined for one that Node can load by itself. */
function compiledNow(file: string, compile: Compile): LocalModule | undefined {
  if (!isLocal(file)) return undefined;
  const text = readText(file);
  const known = compiled.get(file);
  if (known?.source === text) return known;
  if (!ALWAYS_COMPILED.test(file) && !ES_SYNTAX.test(text)) return undefined;
  const result = compile(file);
  if (result.status === "error") throw notCompiled(result);
  if (result.module === undefined) compiled.delete(file);
  else provideModules([result.module]);
  return result.module;
}

/** The compiler's report as an error: what it says of the place stands above the message, as in Node's own. */
function notCompiled({
  ename,
  evalue,
  traceback,
}: Extract<ModuleResult, { readonly status: "error" }>): Error {
  const error = ename === "SyntaxError" ? new SyntaxError(evalue) : new Error(evalue);
  error.stack = [...traceback.slice(0, -1), error.stack].join("\n");
  return error;
}

function mustBeAwaited(filename: string, cause?: unknown): Error {
  const rule = isFailed(filename) ? "an ES module that has failed" : "it";
  const error =
    cause instanceof Error
      ? cause
      : new Error(`Cannot require ${filename}: ${rule} must be loaded by import`);
  awaitedBy.set(error, filename);
  return error;
}

function loadCompiled(module: LoadedModule, { file, javascript, awaits }: LocalModule): void {
  if (awaits) throw mustBeAwaited(file);
  module._compile(javascript + mapComment(file), file);
}

function loadForeign(module: LoadedModule, filename: string, load: Load | undefined): void {
  const known = esModules.get(filename);
  if (known !== undefined) {
    module.exports = known;
    return;
  }
  if (load === undefined || (isFailed(filename) && isEsModule(filename))) throw mustBeAwaited(filename);
  const importer = module.parent?.filename;
  try {
    untilLoaded(() => {
      if (!loadPacked(module, filename)) load(module, filename);
    });
    rememberPackage(filename, importer);
    announceLoaded(filename, module.exports);
  } catch (error) {
    forgetFailedPackage(filename, importer, loader._cache);
    if (mustBeImported(error)) throw awaitedBy.has(error as object) ? error : mustBeAwaited(filename, error);
    if (!awaitedBy.has(error as object) && isEsModule(filename)) noteRequired(filename);
    throw error;
  }
}

const isEsModule = (file: string): boolean => packageModule(file)?.format === "module";

/** An ES module of a package, once it is there; a linked one is the user's own. */
export function importedModule(file: string, require: (file: string) => unknown): unknown {
  const known = esModules.get(file);
  if (known !== undefined) return known;
  if (isLocal(file)) return require(file);
  throw mustBeAwaited(file);
}

function mustBeImported(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return code === "ERR_REQUIRE_ESM" || code === "ERR_REQUIRE_ASYNC_MODULE";
}

export function provideModules(modules: readonly LocalModule[]): void {
  for (const module of modules) {
    compiled.set(module.file, module);
    rememberSource(module.file, module.source, module.sourceMap);
  }
}

type ImportModule = (url: string) => Promise<object>;

/**
 * What a local module exports; it and what it imports may await.
 *
 * @param importModule - Node's own `import()`
 */
export async function loadLocal(
  file: string,
  require: NodeJS.Require,
  importModule: ImportModule,
): Promise<unknown> {
  forgetChanged(file, require.cache);
  await insist(() => void require(file), require, importModule);
  rememberLoaded(require.cache[file]);
  return require(file);
}

/** The ES module that a `require` has met and that only `import()` can load, if that is why it failed. */
export const awaitedModule = (error: unknown): string | undefined => awaitedBy.get(error as object);

/** Tries to load a module until nothing is in the way that must be awaited: what was loaded so far stays loaded. */
export async function insist(
  attempt: () => unknown,
  require: NodeJS.Require,
  importModule: ImportModule,
): Promise<void> {
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      const awaited = awaitedModule(error);
      if (awaited === undefined) throw error;
      await (compiled.has(awaited)
        ? evaluate(awaited, require, importModule)
        : importForeign(awaited, importModule));
    }
  }
}

/** Runs a module that awaits. It is in the cache meanwhile, where modules that it imports in a circle find it. */
function evaluate(file: string, require: NodeJS.Require, importModule: ImportModule): Promise<void> {
  const module = new loader(file);
  module.filename = file;
  module.paths = loader._nodeModulePaths(dirname(file));
  const attempt = async (): Promise<void> => {
    require.cache[file] = module;
    try {
      await module._compile((compiled.get(file)?.javascript ?? "") + mapComment(file), file);
      module.loaded = true;
    } finally {
      if (!module.loaded) delete require.cache[file];
    }
  };
  return insist(attempt, require, importModule);
}

async function importForeign(file: string, importModule: ImportModule): Promise<void> {
  const namespace = await importAnew(pathToFileURL(file).href, importModule);
  rememberPackage(file);
  // So marked, TypeScript's emit takes it for what an `import` gives.
  esModules.set(file, Object.freeze({ ...namespace, __esModule: true }));
}

/** A file's text as the compiler reads it, too: without the mark that some editors put first. */
const readText = (file: string): string => readFileSync(file, "utf8").replace(/^\uFEFF/, "");

const textOf = (file: string): string | undefined => {
  try {
    return readText(file);
  } catch {
    // Deleted since: requiring it again says so.
    return undefined;
  }
};

/** Whether a file is not part of a package. */
export const isLocal = (file: string): boolean =>
  isAbsolute(file) && !/[\\/]node_modules[\\/]/.test(file) && !file.startsWith(KERNEL_CODE);

/** Forgets a module whose text has changed since it was loaded, and with it those that import it. */
export function forgetChanged(file: string, cache: NodeJS.Dict<NodeJS.Module>): void {
  const seen = new Map<NodeJS.Module, boolean>();
  const isStale = (module: NodeJS.Module): boolean => {
    const known = seen.get(module);
    if (known !== undefined) return known;
    seen.set(module, false);
    if (!isLocal(module.filename)) return false;
    // One that an interrupt has stopped while it was loaded is only half there.
    let stale =
      !module.loaded || (loadedText.has(module) && loadedText.get(module) !== textOf(module.filename));
    for (const child of module.children) stale = isStale(child) || stale;
    seen.set(module, stale);
    return stale;
  };
  const root = cache[file];
  if (root === undefined) return;
  isStale(root);
  for (const [{ filename }, stale] of seen) {
    if (!stale) continue;
    delete cache[filename];
    if (!compiled.has(filename)) forgetSource(filename);
  }
}

/** Forgets what was terminated while it was loaded: nothing is loading now. */
export function forgetHalfLoaded(cache: NodeJS.Dict<NodeJS.Module>): void {
  for (const [file, module] of Object.entries(cache)) if (module?.loaded === false) delete cache[file];
}

/** Remembers the texts that a module and what it imports were loaded from. */
export function rememberLoaded(module: NodeJS.Module | undefined): void {
  if (module === undefined || loadedText.has(module) || !isLocal(module.filename)) return;
  const text = compiled.get(module.filename)?.source ?? textOf(module.filename);
  if (text !== undefined) loadedText.set(module, text);
  for (const child of module.children) rememberLoaded(child);
}
