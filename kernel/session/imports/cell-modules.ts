import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { types } from "node:util";
import * as vm from "node:vm";
import { packageRoot } from "../../../src/platform/package-root.js";
import { installHint, packageName } from "../../shared/public-packages.js";
import { IMPORTER_FILE } from "../errors/stack-traces.js";
import { untilLoaded } from "../interrupts/atomic.js";
import { whenSettled } from "../interrupts/reactions.js";
import { currentCell, runInCell, sparingly } from "../ownership/cell-context.js";
import { cells } from "../realm/cell-realm.js";
import { inPlaceOf } from "../realm/stand-in.js";
import {
  awaitedModule,
  forgetChanged,
  importedModule,
  insist,
  isLocal,
  loadLocal,
  rememberLoaded,
} from "./compiled-modules.js";
import { importAnew } from "./failed-modules.js";
import { isFoundFrom, TSLAB } from "./kernel-packages.js";
import { nodeSpecifier } from "./npm-packages.js";
import { refuseChanged, rememberPackage } from "./package-changes.js";
import {
  isBare,
  isPath,
  type PackageModule,
  packageFolder,
  packageModule,
  resolvePackage,
} from "./package-resolution.js";

type Attributes = Readonly<Record<string, string>>;
type Namespace = Readonly<Record<string, unknown>>;
type Importer = (specifier: string, options?: ImportCallOptions) => Promise<Namespace>;

/** The code of Node's error for JSON that is imported like a script; up to Node 20 it spoke of assertions. */
const LACKS_TYPE = /^ERR_IMPORT_(?:ATTRIBUTE_MISSING|ASSERTION_TYPE_MISSING)$/;

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
    return Object.assign(Object.create(null) as object, {
      url: pathToFileURL(this.#filename).href,
      filename: this.#filename,
      dirname: this.#folder,
      resolve: (specifier: string) => {
        const found = this.#require.resolve(specifier);
        return isBuiltin(found) ? `node:${found.replace(/^node:/, "")}` : pathToFileURL(found).href;
      },
    });
  }

  /** `require` of a cell: it reads what was edited again, as `import` does. */
  get require(): NodeJS.Require {
    const require = (written: string): unknown => {
      const specifier = nodeSpecifier(written, this.#folder);
      const file = this.#orMissing(specifier, () => this.#require.resolve(specifier));
      if (!isLocal(file)) {
        refuseChanged(written, file);
        return this.#orMissing(specifier, () => untilLoaded(() => this.#require(file)));
      }
      forgetChanged(file, this.#require.cache);
      const exports: unknown = this.#require(file);
      rememberLoaded(this.#require.cache[file]);
      return exports;
    };
    return inPlaceOf(this.#require, require as NodeJS.Require);
  }

  /**
   * What a local module's `import` declarations call: a package with a module of its own for those gives it, as it does
   * to cells, and so there is one instance of it.
   *
   * @param require - of the local module
   */
  importing(require: (specifier: string) => unknown): (specifier: string) => unknown {
    return (written) => {
      const specifier = nodeSpecifier(written, this.#folder);
      const found = this.#packageModule(specifier);
      if (found === undefined) return require(specifier);
      return found.format === "commonjs" ? require(found.file) : importedModule(found.file, require);
    };
  }

  /** Loads packages for the cell that is to come. */
  foresee(specifiers: readonly string[]): void {
    try {
      for (const written of specifiers) {
        const specifier = nodeSpecifier(written, this.#folder);
        const found = this.#packageModule(specifier);
        const file =
          found?.file ?? createRequire(join(this.#baseOf(specifier), IMPORTER_FILE)).resolve(specifier);
        if (found?.format !== "module" && !isLocal(file)) untilLoaded(() => this.#require(file));
      }
    } catch {
      // The cell meets it again, and says so.
    }
  }

  /** The namespace of a module, as TypeScript types it for an `import` declaration. */
  import(written: string, attributes?: Attributes): Promise<Namespace> {
    return cells.promise(this.#import(written, attributes));
  }

  async #import(written: string, attributes?: Attributes): Promise<Namespace> {
    const specifier = nodeSpecifier(written, this.#folder);
    if (specifier === "tslab") return this.#importFile(TSLAB);
    const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
    if (!isPath(path)) return this.#importPackage(path, attributes);
    const file = this.#resolveFile(path);
    if (file.endsWith(".json")) return importJson(file);
    const found = this.#packageModule(file);
    return found === undefined ? this.#importFile(file) : this.#importModule(found);
  }

  /**
   * The same for a declaration that names what it imports.
   *
   * @throws {SyntaxError} when the module does not export one of the names, as Node does
   */
  importNames(specifier: string, names: readonly string[], attributes?: Attributes): Promise<Namespace> {
    return cells.promise(this.#importNames(specifier, names, attributes));
  }

  async #importNames(
    specifier: string,
    names: readonly string[],
    attributes?: Attributes,
  ): Promise<Namespace> {
    const namespace = await this.#import(specifier, attributes);
    const missing = names.find((name) => !(name in namespace));
    if (missing === undefined) return namespace;
    throw new SyntaxError(
      `The requested module '${specifier}' does not provide an export named '${missing}'`,
    );
  }

  async #importPackage(specifier: string, attributes?: Attributes): Promise<Namespace> {
    return await this.#orMissing(specifier, () => this.#importFound(specifier, attributes));
  }

  /** Node's error about a package that is not there, in words that help. */
  #orMissing<Result>(specifier: string, load: () => Result): Result {
    const explain = (error: unknown): never => {
      const { code, message } = Object(error) as { code?: unknown; message?: unknown };
      const isMissing = code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND";
      const name = packageName(specifier);
      if (
        !isMissing ||
        !String(message).includes(`'${name}`) ||
        packageFolder(this.#folder, name) !== undefined
      )
        throw error;
      const hint = installHint(name, this.#folder);
      throw Object.assign(new Error(`Cannot find package '${name}'; ${hint}`), { code });
    };
    try {
      const result = load();
      return result instanceof Promise ? (result.catch(explain) as Result) : result;
    } catch (error) {
      return explain(error);
    }
  }

  async #importFound(specifier: string, attributes?: Attributes): Promise<Namespace> {
    const found = attributes === undefined ? this.#packageModule(specifier) : undefined;
    return found === undefined ? this.#importByNode(specifier, attributes) : this.#importModule(found);
  }

  /** The module of a package that a name or a path means, where that is not for Node alone to tell. */
  #packageModule(specifier: string): PackageModule | undefined {
    if (isAbsolute(specifier)) {
      if (isLocal(specifier)) return undefined;
      refuseChanged(specifier, specifier);
      return packageModule(specifier);
    }
    // The package of that name is not what is meant, even where it is installed.
    if (!isBare(specifier) || specifier === "tslab") return undefined;
    const found = resolvePackage(specifier, this.#baseOf(specifier));
    if (found !== undefined) refuseChanged(specifier, found.file);
    return found;
  }

  async #importModule({ file, format }: PackageModule): Promise<Namespace> {
    // One that is linked is the user's own.
    if (isLocal(file)) return this.#importFile(file);
    const namespace = await (format === "commonjs"
      ? this.#requirePackage(file)
      : this.#importByNode(pathToFileURL(file).href));
    rememberPackage(file);
    return namespace;
  }

  /** A CommonJS module gets a fresh try each time it has failed, which `import()` does not give it. */
  async #requirePackage(file: string): Promise<Namespace> {
    let exports: unknown;
    const load = (): void => {
      exports = untilLoaded(() => this.#require(file));
    };
    try {
      load();
    } catch (error) {
      const awaited = awaitedModule(error);
      if (awaited === undefined) throw error;
      if (awaited === file) return this.#importByNode(pathToFileURL(file).href);
      await whenLoadedFor(() => insist(load, this.#require, this.#importerOf(this.#folder)));
    }
    return types.isModuleNamespaceObject(exports)
      ? (exports as Namespace)
      : withCommonJsNames({ default: exports }, { value: exports });
  }

  async #importByNode(specifier: string, attributes?: Attributes): Promise<Namespace> {
    const load = this.#importerOf(this.#baseOf(specifier));
    try {
      const namespace = await whenLoadedFor(() =>
        /^(?:data|file):/.test(specifier)
          ? importAnew(specifier, load, attributes)
          : load(specifier, attributes && { with: attributes }),
      );
      if (isBuiltin(specifier)) return namespace;
      const isJson = attributes?.type === "json";
      return withCommonJsNames(namespace, isJson ? { value: namespace.default } : this.#exportsOf(specifier));
    } catch (error) {
      // Without an attribute TypeScript takes JSON for what it is, Node does not.
      const lacksType = LACKS_TYPE.test((error as NodeJS.ErrnoException).code ?? "");
      if (attributes !== undefined || !lacksType) throw error;
      return this.#importByNode(specifier, { type: "json" });
    }
  }

  #baseOf(specifier: string): string {
    return isFoundFrom(this.#folder, specifier) ? this.#folder : packageRoot;
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

/**
 * Loads a package to its end whatever becomes of the cell. Several cells may wait for the same one: an interrupted cell
 * must not go on, for V8 would then drop what the others have to do.
 */
function whenLoadedFor<Result>(load: () => Promise<Result>): Promise<Result> {
  const cell = currentCell();
  const loading = sparingly(() => untilLoaded(load));
  return new Promise((resolve, reject) => {
    const unlessInterrupted =
      <Value>(settle: (value: Value) => void) =>
      (value: Value): void => {
        if (!cell?.interrupted) settle(value);
      };
    runInCell(undefined, () => whenSettled(loading, unlessInterrupted(resolve), unlessInterrupted(reject)));
  });
}

function importJson(file: string): Namespace {
  const value: unknown = cells.parseJson(readFileSync(file, "utf8"));
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
  const names = Object(value) as object;
  if (namespace.default !== value) return namespace;
  const descriptors = Object.getOwnPropertyDescriptors(names) as PropertyDescriptorMap;
  // As Node does where a module that was an ES module once has no default.
  if (!Reflect.get(names, "__esModule") || !("default" in names))
    descriptors.default = { value, enumerable: true, configurable: true };
  return Object.create(null, descriptors) as Namespace;
}
