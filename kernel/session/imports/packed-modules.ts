/**
 * Modules of rnnlab and TensorFlow.js that set-up has compiled: V8 need not parse their text, and Node need not look for
 * what they require. They are Node's modules like all others. One whose file has changed since is loaded by Node alone.
 */
import { Buffer } from "node:buffer";
import { existsSync, openSync, readFileSync, readSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import process from "node:process";
import { runInThisContext } from "node:vm";
import { cacheDirectories } from "../../../src/platform/cache-directory.js";
import { BUILT, entriesOf } from "../../shared/built-parts.js";
import {
  CODE_FILE,
  HEAD,
  INDEX_FILE,
  type LibraryAhead,
  type ModuleFunction,
  moduleScript,
  PACK,
  type PackedModule,
  type PackIndex,
  TAIL,
} from "../../shared/module-pack.js";
import { cells } from "../realm/cell-realm.js";

interface Pack {
  readonly modules: ReadonlyMap<string, PackedModule>;
  readonly ahead: LibraryAhead | undefined;
  /** The descriptor of the file with code and texts. */
  readonly descriptor: number;
}

/** Enough for the largest modules of today. */
const LEAST_BUFFER = 2 ** 21;
/** The modules that are in packs. */
const MODULES = join(BUILT, "src") + sep;
/** And those of packages, if one of these was loaded. */
const TENSORS = /[\\/]node_modules[\\/]@tensorflow[\\/]/;

/** With these begins what loads TensorFlow. */
const TENSOR_MODULES = new Set(["index.js", "tensorflow.js"].map((name) => MODULES + name));
const TFJS_NODE = /[\\/]@tensorflow[\\/]tfjs-node[\\/]dist[\\/]index\.js$/;

/** Undefined until it is needed, null where there is none that can be used. */
let pack: Pack | null | undefined;

function findPack(): Pack | null {
  const [folder] = entriesOf(PACK, cacheDirectories());
  if (folder === undefined) return null;
  const { modules, ahead } = JSON.parse(readFileSync(join(folder, INDEX_FILE), "utf8")) as PackIndex;
  return {
    modules: new Map(Object.entries(modules)),
    ahead,
    descriptor: openSync(join(folder, CODE_FILE), "r"),
  };
}

function packed(file: string): PackedModule | undefined {
  if (pack === undefined && (file.startsWith(MODULES) || TENSORS.test(file))) {
    try {
      pack = findPack();
    } catch {
      // It is damaged, or set-up replaces it just now: Node loads all the same.
      pack = null;
    }
  }
  return pack?.modules.get(file);
}

/** Opens TensorFlow's library in a thread while this one loads JavaScript, the first time that one of the modules loads. */
function openLibraryAhead(file: string): void {
  if (isOpenedAhead || !(TENSOR_MODULES.has(file) || TFJS_NODE.test(file))) return;
  isOpenedAhead = true;
  const ahead = pack?.ahead;
  if (ahead === undefined) return;
  const loader = { exports: {} as { open(library: string): void } };
  try {
    process.dlopen(loader, ahead.addon);
    loader.exports.open(ahead.library);
  } catch {
    // It is opened by tfjs-node, as without a pack.
  }
}

let isOpenedAhead = false;

/** What the relative requests mean of the modules that have come from the pack. */
const requestsOf = new Map<string, PackedModule["requests"]>();

/** Functions of the cells' realm, as Node makes one for each module. */
const makeRequire = runInThisContext(
  `(module, loader, main) => {
    function require(request) {
      return module.require(request);
    }
    require.resolve = function resolve(request, options) {
      return loader._resolveFilename(request, module, false, options);
    };
    require.resolve.paths = function paths(request) {
      return loader._resolveLookupPaths(request, module);
    };
    require.main = main;
    require.extensions = loader._extensions;
    require.cache = loader._cache;
    return require;
  }`,
  { filename: __filename },
) as (module: NodeJS.Module, loader: unknown, main: unknown) => unknown;

/** What is read, one module after the other: V8 keeps nothing of it. It goes with the first garbage that is collected. */
function bufferOf(length: number): Buffer {
  const known = buffer?.deref();
  if (known !== undefined && known.length >= length) return known.subarray(0, length);
  const made = Buffer.allocUnsafeSlow(Math.max(length, LEAST_BUFFER));
  buffer = new WeakRef(made);
  return made.subarray(0, length);
}

let buffer: WeakRef<Buffer> | undefined;

/**
 * Loads a module from the pack.
 *
 * @returns false for one that is not there, or not as its file is now
 */
export function loadPacked(module: NodeJS.Module, file: string): boolean {
  const known = packed(file);
  if (known === undefined) return false;
  openLibraryAhead(file);
  const { at, code, text, ascii } = known;
  const bytes = bufferOf(code + text);
  readSync((pack as Pack).descriptor, bytes, 0, bytes.length, at);
  if (!bytes.subarray(code + HEAD.length, -TAIL.length).equals(readFileSync(file))) return false;
  const script = moduleScript(bytes.toString(ascii ? "latin1" : "utf8", code), file, bytes.subarray(0, code));
  if (script.cachedDataRejected) {
    // V8 refuses all, as its flags are others.
    pack = null;
    return false;
  }
  requestsOf.set(file, known.requests);
  const run = script.runInThisContext() as ModuleFunction;
  const require = makeRequire(module, cells.modules.Module, process.mainModule);
  Reflect.apply(run, module.exports, [module.exports, require, module, file, dirname(file)]);
  return true;
}

/**
 * What a relative request means.
 *
 * @param from - the file that has the request
 * @returns undefined where Node must look for it
 */
export function packedTarget(request: string, from: string | null | undefined): string | undefined {
  if (!from || !request.startsWith(".")) return undefined;
  const requests = requestsOf.get(from);
  const target = requests !== undefined && Object.hasOwn(requests, request) ? requests[request] : undefined;
  return target !== undefined && existsSync(target) ? target : undefined;
}
