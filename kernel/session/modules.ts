import { existsSync, readFileSync } from "node:fs";
import Module, { createRequire, isBuiltin } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as vm from "node:vm";
import { forgetChanged, isLocal, loadLocal, rememberLoaded } from "./local-modules.js";
import { IMPORTER_FILE } from "./stack-traces.js";

/** The kernel's own package, whose dependencies every cell can import. */
const KERNEL_PACKAGE = resolve(__dirname, "../../..");

/** What cells get under the name of tslab's package, installed or not. */
const TSLAB = join(__dirname, "tslab.js");

type Attributes = Readonly<Record<string, string>>;
type Namespace = Readonly<Record<string, unknown>>;
type Importer = (specifier: string, options?: ImportCallOptions) => Promise<Namespace>;

/** The code of Node's error for JSON that is imported like a script; up to Node 20 it spoke of assertions. */
const LACKS_TYPE = /^ERR_IMPORT_(?:ATTRIBUTE_MISSING|ASSERTION_TYPE_MISSING)$/;

/** `lodash/fp` → `lodash`, `@scope/name/x` → `@scope/name`. */
export function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Whether Node would find the package in a `node_modules` folder of `folder` or one above it. */
function hasPackage(folder: string, name: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules", name))) return true;
    if (dirname(at) === at) return false;
  }
}

const isPath = (specifier: string): boolean => /^\.{1,2}(\/|$)/.test(specifier) || isAbsolute(specifier);

const kernelRequire = createRequire(join(KERNEL_PACKAGE, "cell.js"));

interface Resolver {
  _resolveFilename(request: string, parent: NodeJS.Module | undefined, ...rest: unknown[]): string;
}

/**
 * Has `require`, in cells and in modules, find this kernel's `tslab`, and in the user's own modules the kernel's packages
 * where their folder has none of the name.
 */
export function installResolution(): void {
  const resolver = Module as unknown as Resolver;
  const { _resolveFilename: resolveFilename } = resolver;
  resolver._resolveFilename = (request, parent, ...rest) => {
    if (request === "tslab") return TSLAB;
    const from = parent?.filename;
    return from && isLocal(from) && !from.startsWith(KERNEL_PACKAGE) && !isFoundFrom(dirname(from), request)
      ? kernelRequire.resolve(request)
      : Reflect.apply(resolveFilename, Module, [request, parent, ...rest]);
  };
}

function isFoundFrom(folder: string, specifier: string): boolean {
  const local = isPath(specifier) || isBuiltin(specifier) || specifier.startsWith("#");
  return local || hasPackage(folder, packageName(specifier));
}

/** `import` and `require` as a cell or a local module sees them: its own folder first, then the kernel's packages. */
export class CellModules {
  readonly #folder: string;
  readonly #filename: string;
  readonly #importers = new Map<string, Importer>();
  readonly #require: NodeJS.Require;

  /** @param filename - of the importing code, an absolute path */
  constructor(filename: string) {
    this.#folder = dirname(filename);
    this.#filename = filename;
    this.#require = createRequire(filename);
  }

  /** `import.meta` of the importing code. */
  get meta(): ImportMeta {
    return {
      url: pathToFileURL(this.#filename).href,
      filename: this.#filename,
      dirname: this.#folder,
      resolve: (specifier: string) => {
        const found = this.#require.resolve(specifier);
        return isBuiltin(found) ? `node:${found.replace(/^node:/, "")}` : pathToFileURL(found).href;
      },
    };
  }

  /** `require` of a cell: it reads what was edited again, as `import` does. */
  get require(): NodeJS.Require {
    const require = (specifier: string): unknown => {
      if (!isPath(specifier)) return this.#require(specifier);
      const file = this.#require.resolve(specifier);
      forgetChanged(file, this.#require.cache);
      const exports: unknown = this.#require(file);
      rememberLoaded(this.#require.cache[file]);
      return exports;
    };
    return Object.assign(require, this.#require);
  }

  /** The namespace of a module, as TypeScript types it for an `import` declaration. */
  async import(specifier: string, attributes?: Attributes): Promise<Namespace> {
    if (specifier === "tslab") return this.#importFile(TSLAB);
    const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
    if (!isPath(path)) return this.#importPackage(path, attributes);
    const file = this.#resolveFile(path);
    return file.endsWith(".json") ? importJson(file) : this.#importFile(file);
  }

  async #importPackage(specifier: string, attributes?: Attributes): Promise<Namespace> {
    const load = this.#importerOf(this.#baseOf(specifier));
    try {
      const namespace = await load(specifier, attributes && { with: attributes });
      if (isBuiltin(specifier)) return namespace;
      const isJson = attributes?.type === "json";
      return withCommonJsNames(namespace, isJson ? { value: namespace.default } : this.#exportsOf(specifier));
    } catch (error) {
      // Without an attribute TypeScript takes JSON for what it is, Node does not.
      const lacksType = LACKS_TYPE.test((error as NodeJS.ErrnoException).code ?? "");
      if (attributes !== undefined || !lacksType) throw error;
      return this.#importPackage(specifier, { type: "json" });
    }
  }

  #baseOf(specifier: string): string {
    return isFoundFrom(this.#folder, specifier) ? this.#folder : KERNEL_PACKAGE;
  }

  /** Node's own `import()`, resolving from a folder that holds no real module. */
  #importerOf(folder: string): Importer {
    const known = this.#importers.get(folder);
    if (known !== undefined) return known;
    const importer = createImporter(join(folder, IMPORTER_FILE));
    this.#importers.set(folder, importer);
    return importer;
  }

  #resolveFile(path: string): string {
    return this.#require.resolve(isAbsolute(path) ? path : resolve(this.#folder, path));
  }

  /** A local module, read again when it or a module that it imports has changed. */
  async #importFile(file: string): Promise<Namespace> {
    const exports = await loadLocal(file, this.#require, this.#importerOf(this.#folder));
    return withCommonJsNames({ default: exports }, { value: exports });
  }

  /** What a CommonJS module that `import()` has just loaded exports; nothing for an ES module. */
  #exportsOf(specifier: string): { value: unknown } | undefined {
    try {
      const module = this.#require.cache[this.#require.resolve(specifier)];
      return module === undefined ? undefined : { value: module.exports };
    } catch {
      // Not resolvable by require: an ES module.
      return undefined;
    }
  }
}

function importJson(file: string): Namespace {
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  return withCommonJsNames({ default: value }, { value });
}

function createImporter(filename: string): Importer {
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const code = "(specifier, options) => import(specifier, options)";
  return new vm.Script(code, { filename, importModuleDynamically }).runInThisContext() as Importer;
}

/**
 * Adds the names that Node's scan of a CommonJS module's text does not find, and the default that TypeScript's
 * `esModuleInterop` gives it.
 */
function withCommonJsNames(
  namespace: Namespace,
  exports: { readonly value: unknown } | undefined,
): Namespace {
  if (exports === undefined) return namespace;
  const { value } = exports;
  const names = (typeof value === "object" && value !== null) || typeof value === "function" ? value : {};
  if (namespace.default !== value) return namespace;
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  Object.defineProperties(copy, Object.getOwnPropertyDescriptors(names));
  if (!Reflect.get(names, "__esModule")) {
    Object.defineProperty(copy, "default", { value, enumerable: true, configurable: true });
  }
  return copy;
}
