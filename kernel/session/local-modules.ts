import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import Module from "node:module";
import { isAbsolute } from "node:path";
import type { LocalModule } from "./protocol.js";
import { forgetSource, rememberSource } from "./stack-traces.js";

/** What Node's module loader keeps of a module but its types do not show. */
interface LoadedModule extends NodeJS.Module {
  _compile(code: string, filename: string): void;
}

type Extensions = Record<string, (module: LoadedModule, filename: string) => void>;

/** The latest compiled text of each TypeScript module, by file. */
const compiled = new Map<string, string>();
/** What a module's text was when it was loaded. */
const loadedText = new WeakMap<NodeJS.Module, string>();

/** Makes `require` load TypeScript files, from what the compiler sent along with the cells. */
export function installTypeScriptModules(): void {
  const { _extensions: extensions } = Module as unknown as { _extensions: Extensions };
  extensions[".ts"] = (module, filename) => {
    const javascript = compiled.get(filename);
    if (javascript === undefined) {
      throw new Error(
        `Cannot load ${filename}: a TypeScript module must be imported with a literal name, so that it is compiled ` +
          "together with the cell",
      );
    }
    module._compile(javascript, filename);
  };
}

export function provideModules(modules: readonly LocalModule[]): void {
  for (const { file, javascript, sourceMap } of modules) {
    compiled.set(file, javascript);
    rememberSource(file, sourceMap);
  }
}

const textOf = (file: string): string | undefined => {
  if (compiled.has(file)) return compiled.get(file);
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Deleted since: requiring it again says so.
    return undefined;
  }
};

const isLocal = (file: string): boolean => isAbsolute(file) && !file.includes("/node_modules/");

/** Forgets a module whose text has changed since it was loaded, and with it those that import it. */
export function forgetChanged(file: string, cache: NodeJS.Dict<NodeJS.Module>): void {
  const seen = new Map<NodeJS.Module, boolean>();
  const isStale = (module: NodeJS.Module): boolean => {
    const known = seen.get(module);
    if (known !== undefined) return known;
    seen.set(module, false);
    if (!isLocal(module.filename)) return false;
    let stale = loadedText.has(module) && loadedText.get(module) !== textOf(module.filename);
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

/** A number that changes with the file. */
export function versionOf(file: string): number {
  return statSync(file).mtimeMs;
}

/** Node tells where an ES module does not parse only as it ends because of it: so another one is asked to look. */
export function tellPlace(error: SyntaxError, file: string): void {
  const { stack = "" } = error;
  if (stack.includes(file)) return;
  const { stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8" });
  const [place = ""] = stderr.split(/^SyntaxError:/m);
  if (place !== stderr) error.stack = `${place}${stack}`;
}
