import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import Module from "node:module";
import { dirname, isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { LocalModule } from "./protocol.js";
import { forgetSource, rememberSource } from "./stack-traces.js";

/** What Node's module loader keeps of a module but its types do not show. */
interface LoadedModule extends NodeJS.Module {
  _compile(code: string, filename: string): unknown;
}

type Load = (module: LoadedModule, filename: string) => void;

const loader = Module as unknown as {
  new (id: string): LoadedModule;
  _extensions: Record<string, Load | undefined>;
  _nodeModulePaths(folder: string): string[];
};

/** The latest compiled text of each module that cells import, by file. */
const compiled = new Map<string, LocalModule>();
/** What a module's text was when it was loaded. */
const loadedText = new WeakMap<NodeJS.Module, string>();
/** The ES modules of packages that `require` cannot load by itself, by file. */
const esModules = new Map<string, object>();
/** Why a `require` failed: it met a module that can only be awaited. */
const awaitedBy = new WeakMap<object, string>();

/** Makes `require` load what the compiler sent along with the cells. */
export function installLocalModules(): void {
  const extensions = loader._extensions;
  const javascript = extensions[".js"];
  for (const extension of [".ts", ".tsx", ".mts", ".cts"]) {
    extensions[extension] = (module, filename) => {
      if (!loadCompiled(module, filename)) throw notCompiled(filename);
    };
  }
  for (const extension of [".js", ".mjs", ".jsx"]) {
    const load = extensions[extension] ?? (extension === ".mjs" ? undefined : javascript);
    extensions[extension] = (module, filename) => {
      if (!loadCompiled(module, filename)) loadForeign(module, filename, load);
    };
  }
}

function notCompiled(filename: string): Error {
  return new Error(
    `Cannot load ${filename}: a TypeScript module must be imported with a literal name, so that it is compiled ` +
      "together with the cell",
  );
}

function mustBeAwaited(filename: string, cause?: unknown): Error {
  const error =
    cause instanceof Error ? cause : new Error(`Cannot require ${filename}: it must be loaded by import`);
  awaitedBy.set(error, filename);
  return error;
}

function loadCompiled(module: LoadedModule, filename: string): boolean {
  const source = compiled.get(filename);
  if (source === undefined) return false;
  if (source.awaits) throw mustBeAwaited(filename);
  module._compile(source.javascript, filename);
  return true;
}

function loadForeign(module: LoadedModule, filename: string, load: Load | undefined): void {
  const known = esModules.get(filename);
  if (known !== undefined) {
    module.exports = known;
    return;
  }
  if (load === undefined) throw mustBeAwaited(filename);
  try {
    load(module, filename);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const asynchronous = code === "ERR_REQUIRE_ESM" || code === "ERR_REQUIRE_ASYNC_MODULE";
    throw asynchronous && !awaitedBy.has(error as object) ? mustBeAwaited(filename, error) : error;
  }
}

export function provideModules(modules: readonly LocalModule[]): void {
  for (const module of modules) {
    compiled.set(module.file, module);
    rememberSource(module.file, module.sourceMap);
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

/** Tries to load a module until nothing is in the way that must be awaited: what was loaded so far stays loaded. */
async function insist(
  attempt: () => unknown,
  require: NodeJS.Require,
  importModule: ImportModule,
): Promise<void> {
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      const awaited = awaitedBy.get(error as object);
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
      await module._compile(compiled.get(file)?.javascript ?? "", file);
      module.loaded = true;
    } finally {
      if (!module.loaded) delete require.cache[file];
    }
  };
  return insist(attempt, require, importModule);
}

async function importForeign(file: string, importModule: ImportModule): Promise<void> {
  const namespace = await importModule(pathToFileURL(file).href);
  // So marked, TypeScript's emit takes it for what an `import` gives.
  esModules.set(file, Object.freeze({ ...namespace, __esModule: true }));
}

const textOf = (file: string): string | undefined => {
  const source = compiled.get(file);
  if (source !== undefined) return source.javascript;
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Deleted since: requiring it again says so.
    return undefined;
  }
};

/** Whether a file is not part of a package. */
export const isLocal = (file: string): boolean => isAbsolute(file) && !file.includes("/node_modules/");

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

/** Remembers the texts that a module and what it imports were loaded from. */
export function rememberLoaded(module: NodeJS.Module | undefined): void {
  if (module === undefined || loadedText.has(module) || !isLocal(module.filename)) return;
  const text = textOf(module.filename);
  if (text !== undefined) loadedText.set(module, text);
  for (const child of module.children) rememberLoaded(child);
}

/** Node tells where an ES module does not parse only as it ends because of it: so another one is asked to look. */
export function tellPlace(error: SyntaxError, file: string): void {
  const { stack = "" } = error;
  if (stack.includes(file)) return;
  const { stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8" });
  const [place = ""] = stderr.split(/^SyntaxError:/m);
  if (place !== stderr) error.stack = `${place}${stack}`;
}
