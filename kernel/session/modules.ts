import { existsSync, readFileSync } from "node:fs";
import Module, { createRequire, isBuiltin } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as vm from "node:vm";
import { forgetChanged, rememberLoaded, versionOf } from "./local-modules.js";

/** The kernel's own package, whose dependencies every cell can import. */
const KERNEL_PACKAGE = resolve(__dirname, "../../..");

/** What cells get under the name of tslab's package, installed or not. */
const TSLAB = join(__dirname, "tslab.js");

type Attributes = Readonly<Record<string, string>>;
type Namespace = Readonly<Record<string, unknown>>;

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

/** `import` and `require` as cells see them: the notebook's folder first, then the kernel's own packages. */
export class CellModules {
  readonly #folder: string;
  readonly #importers = new Map<string, (specifier: string) => Promise<Namespace>>();
  readonly #notebookRequire: NodeJS.Require;
  readonly #kernelRequire: NodeJS.Require;

  /** @param folder - the notebook's folder, an absolute path */
  constructor(folder: string) {
    this.#folder = folder;
    this.#notebookRequire = createRequire(join(folder, "cell.js"));
    this.#kernelRequire = createRequire(join(KERNEL_PACKAGE, "cell.js"));
  }

  /** `import.meta` of a cell. */
  get meta(): { url: string; filename: string; dirname: string } {
    const filename = join(this.#folder, "cell.ts");
    return { url: pathToFileURL(filename).href, filename, dirname: this.#folder };
  }

  /** `require` of a cell. */
  get require(): NodeJS.Require {
    const choose = (specifier: string): NodeJS.Require =>
      this.#baseOf(specifier) === this.#folder ? this.#notebookRequire : this.#kernelRequire;
    const require = (specifier: string): unknown => choose(specifier)(specifier);
    const resolveFrom = (specifier: string, options?: { paths?: string[] }): string =>
      choose(specifier).resolve(specifier, options);
    return Object.assign(require, this.#notebookRequire, {
      resolve: Object.assign(resolveFrom, { paths: this.#notebookRequire.resolve.paths }),
    });
  }

  /** The namespace of a module, as TypeScript types it for an `import` declaration. */
  async import(specifier: string, attributes?: Attributes): Promise<Namespace> {
    if (specifier === "tslab") return this.#importFile(TSLAB);
    const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
    if (path.endsWith(".json") && (isPath(path) || attributes?.type === "json"))
      return this.#importJson(path);
    if (isPath(path)) return this.#importFile(this.#resolveFile(path));
    const base = this.#baseOf(path);
    const namespace = await this.#importerOf(base)(path);
    return isBuiltin(path) ? namespace : withCommonJsNames(namespace, this.#exportsOf(base, path));
  }

  #baseOf(specifier: string): string {
    const local = isPath(specifier) || isBuiltin(specifier) || specifier.startsWith("#");
    return local || hasPackage(this.#folder, packageName(specifier)) ? this.#folder : KERNEL_PACKAGE;
  }

  /** Node's own `import()`, resolving from a folder that holds no real module. */
  #importerOf(folder: string): (specifier: string) => Promise<Namespace> {
    const known = this.#importers.get(folder);
    if (known !== undefined) return known;
    const importer = createImporter(join(folder, "cell.js"));
    this.#importers.set(folder, importer);
    return importer;
  }

  #resolveFile(path: string): string {
    return this.#notebookRequire.resolve(isAbsolute(path) ? path : resolve(this.#folder, path));
  }

  /** A local module, read again when it or a module that it imports has changed. */
  async #importFile(file: string): Promise<Namespace> {
    const { cache } = this.#notebookRequire;
    forgetChanged(file, cache);
    try {
      const exports: unknown = this.#notebookRequire(file);
      rememberLoaded(cache[file]);
      return withCommonJsNames({ default: exports }, { value: exports });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_REQUIRE_ESM") throw error;
      return await this.#importerOf(this.#folder)(`${pathToFileURL(file).href}?version=${versionOf(file)}`);
    }
  }

  #importJson(path: string): Namespace {
    const file = isPath(path)
      ? this.#resolveFile(path)
      : createRequire(join(this.#baseOf(path), "cell.js")).resolve(path);
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return withCommonJsNames({ default: value }, { value });
  }

  /** What a CommonJS module that `import()` has just loaded exports; nothing for an ES module. */
  #exportsOf(base: string, specifier: string): { value: unknown } | undefined {
    const require = base === this.#folder ? this.#notebookRequire : this.#kernelRequire;
    try {
      const module = require.cache[require.resolve(specifier)];
      return module === undefined ? undefined : { value: module.exports };
    } catch {
      // Not resolvable by require: an ES module.
      return undefined;
    }
  }
}

/** Has `require`, in cells and in modules, find this kernel's `tslab`. */
export function provideTslab(): void {
  const loader = Module as unknown as { _resolveFilename(request: string, ...rest: unknown[]): string };
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = (request, ...rest) =>
    request === "tslab" ? TSLAB : Reflect.apply(resolveFilename, Module, [request, ...rest]);
}

function createImporter(filename: string): (specifier: string) => Promise<Namespace> {
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const script = new vm.Script("(specifier) => import(specifier)", { filename, importModuleDynamically });
  return script.runInThisContext() as (specifier: string) => Promise<Namespace>;
}

/** Node warns that {@link createImporter} is experimental, about which the user can do nothing. */
export function silenceImporterWarning(): void {
  const listeners = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.message.startsWith("vm.USE_MAIN_CONTEXT_DEFAULT_LOADER")) return;
    for (const listener of listeners) listener(warning);
  });
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
