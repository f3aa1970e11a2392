// Run as a process of its own: loads the modules of rnnlab, and with them TensorFlow.js, and writes what V8 has compiled of
// them into the folder that it is given.
import { isAscii } from "node:buffer";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Script } from "node:vm";
import { BUILT } from "../kernel/shared/built-parts.js";
import {
  CODE_FILE,
  HEAD,
  INDEX_FILE,
  type LibraryAhead,
  type ModuleFunction,
  moduleScript,
  type PackedModule,
  type PackIndex,
  TAIL,
} from "../kernel/shared/module-pack.js";

interface Compiled {
  readonly script: Script;
  readonly text: Buffer;
  readonly requests: Record<string, string>;
}

/** Node's loader, with what its types do not show. */
const loader = Module as unknown as {
  readonly _extensions: Record<string, (module: NodeJS.Module, file: string) => void>;
  _resolveFilename(request: string, parent: NodeJS.Module | undefined, ...rest: unknown[]): string;
};
const compiled = new Map<string, Compiled>();
const MARK = Buffer.from("\u{FEFF}");
/** A call of `import()`, which does not work in a script whose code comes from a cache: V8 forgets who called it. */
const DYNAMIC_IMPORT = /(?<!\.)\bimport\s*\(/;

function load(module: NodeJS.Module, file: string): boolean {
  const bytes = readFileSync(file);
  // Node leaves out what scripts must not begin with.
  if (bytes.indexOf(MARK) === 0 || bytes.indexOf("#!") === 0) return false;
  if (DYNAMIC_IMPORT.test(bytes.toString("utf8"))) return false;
  const text = Buffer.concat([Buffer.from(HEAD), bytes, Buffer.from(TAIL)]);
  const script = moduleScript(text.toString("utf8"), file);
  compiled.set(file, { script, text, requests: {} });
  const run = script.runInThisContext() as ModuleFunction;
  run.call(module.exports, module.exports, createRequireOf(module), module, file, dirname(file));
  return true;
}

function createRequireOf(module: NodeJS.Module): NodeJS.Require {
  return Object.assign((request: string): unknown => module.require(request), createRequire(module.filename));
}

function watchLoader(): void {
  const { _extensions: extensions, _resolveFilename: resolve } = loader;
  const loadByNode = extensions[".js"];
  if (loadByNode === undefined)
    throw new Error("Cannot pack modules: Node's loader has no handler of scripts");
  extensions[".js"] = (module, file) => {
    if (!load(module, file)) loadByNode(module, file);
  };
  loader._resolveFilename = (request, parent, ...rest) => {
    const file = Reflect.apply(resolve, loader, [request, parent, ...rest]) as string;
    const requests = compiled.get(parent?.filename ?? "")?.requests;
    if (requests !== undefined && request.startsWith(".")) requests[request] = file;
    return file;
  };
}

/** All that notebooks import of rnnlab. */
function loadModules(): void {
  const folder = join(BUILT, "src");
  for (const name of readdirSync(folder)) {
    const file = join(folder, name, "index.js");
    if (existsSync(file)) require(file);
  }
  require(join(folder, "index.js"));
}

/** @param ahead - what opens TensorFlow's library, if it was built */
function write(folder: string, ahead: LibraryAhead | undefined): void {
  const descriptor = openSync(join(folder, CODE_FILE), "w");
  const modules: Record<string, PackedModule> = {};
  let at = 0;
  for (const [file, { script, text, requests }] of compiled) {
    const code = script.createCachedData();
    writeSync(descriptor, Buffer.concat([code, text]));
    modules[file] = { at, code: code.length, text: text.length, ascii: isAscii(text), requests };
    at += code.length + text.length;
  }
  closeSync(descriptor);
  const index: PackIndex = { modules, ...(ahead === undefined ? {} : { ahead }) };
  writeFileSync(join(folder, INDEX_FILE), JSON.stringify(index));
}

const [, , target, ...built] = process.argv;
if (target === undefined) throw new Error("Cannot pack modules: the folder is missing");
watchLoader();
loadModules();
const [addon, library] = built;
write(target, addon === undefined || library === undefined ? undefined : { addon, library });
