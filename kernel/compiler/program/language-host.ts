import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { packageRoot } from "../../../src/platform/package-root.js";
import { withoutNpm } from "../../shared/npm-specifier.js";
import { isPublicPackage, packageName } from "../../shared/public-packages.js";
import { isInPackages } from "../library/kernel-packages.js";
import { PackageFiles, snapshotOf } from "../library/package-files.js";
import { COMMON_NODE_TYPES, seldomModule } from "../library/seldom-modules.js";
import { FIXED_OPTIONS } from "../project/options.js";
import { CellFiles, type VirtualFile, virtualFile } from "./cell-files.js";
import { mappedModule } from "./mapped-modules.js";

/** The types of what the session provides under the name of tslab's package, installed or not. */
const TSLAB = join(packageRoot, "dist/kernel/session/hosts/tslab.d.ts");

/** How packages import each other and what their `package.json` say: the same for every notebook. */
const packageResolutions = ts.createModuleResolutionCache(packageRoot, (name) => name, FIXED_OPTIONS);

/** What the language service sees: the cells in memory, everything else on disk. */
export class LanguageHost implements ts.LanguageServiceHost {
  /** A file of nothing but imports. */
  readonly roots: string;
  readonly #globals: string;
  readonly #globalsText: string;
  #folder: string;
  #options: ts.CompilerOptions;
  readonly cells: CellFiles;
  /** The roots, the globals and the types of Node.js, by their names. */
  readonly #files = new Map<string, VirtualFile>();
  readonly #packageFiles = new PackageFiles();
  /** Whether the next program has to find everything anew. */
  #renewed = false;
  /** The user's own modules that import what could not be found, in lower case as TypeScript's paths may be. */
  readonly #lacking = new Set<string>();
  #rootCells: readonly string[] = [];
  #version = 0;
  #projectVersion = 0;

  /**
   * @param folder - the notebook's folder, an absolute path
   * @param globals - what cells have besides what the types of TypeScript and Node.js know, as declarations
   */
  constructor(folder: string, options: ts.CompilerOptions, globals: string) {
    this.#folder = folder;
    this.#options = options;
    this.cells = new CellFiles(folder);
    this.#globalsText = globals;
    this.roots = join(folder, "__imports.ts");
    this.#globals = join(folder, "__globals.d.ts");
    this.#set(this.#globals, this.#globalsText);
    this.#set(COMMON_NODE_TYPES.name, COMMON_NODE_TYPES.text);
    this.setRoots([], []);
    this.cells.open("export {};", ".ts");
  }

  /** The file of the cell being worked on. */
  get current(): string {
    return this.cells.current;
  }

  /** Whether a module of the user's own imports what could not be found. */
  get lacksModules(): boolean {
    return this.#lacking.size > 0;
  }

  /** Makes these modules and cells, and all that they import, the next program. */
  setRoots(specifiers: Iterable<string>, cells: readonly string[]): void {
    const imports = [...specifiers].map((specifier) => `import ${JSON.stringify(specifier)};\n`);
    this.#set(this.roots, [...imports, "export {};\n"].join(""));
    this.cells.forgetChecked();
    this.#rootCells = cells;
    this.#projectVersion++;
  }

  /**
   * Goes on for the cells of another folder, from where the same must be found.
   *
   * @param options - which mean the same
   */
  moveTo(folder: string, options: ts.CompilerOptions): void {
    this.cells.moveTo(folder);
    this.#folder = folder;
    this.#options = options;
    this.cells.open("export {};", ".ts");
    this.#packageFiles.forgetStamps();
  }

  /** Whether cells have the same besides what the types of TypeScript and Node.js know. */
  hasGlobals(text: string): boolean {
    return this.#globalsText === text;
  }

  /** Takes note of what packages are like. */
  notePackages(): void {
    this.#packageFiles.noteStamps();
  }

  /** Whether a package has changed since its types were read, as the file tells that an import of it means. */
  hasChanged(file: string): boolean {
    return this.#packageFiles.hasChanged(file);
  }

  /** Makes the next program of the packages as they are now. */
  renewPackages(): void {
    this.#packageFiles.renew();
    packageResolutions.clear();
    this.#renewed = true;
    this.#projectVersion++;
  }

  /** A program has been made with all of that. */
  settle(): void {
    this.#renewed = false;
  }

  /** Declares for all cells what several cells have declared of modules without types. */
  setAmbient(declarations: Iterable<string>): void {
    const text = [this.#globalsText, ...declarations].join("");
    if (text === this.#files.get(this.#globals)?.text) return;
    this.#set(this.#globals, text);
    this.#projectVersion++;
  }

  /** Whether the types of a module that a cell names are known without declarations of the cells' own. */
  hasTypes(specifier: string): boolean {
    const extension = this.resolve(specifier, this.current)?.extension;
    return extension !== undefined && !/^\.[cm]?jsx?$/.test(extension);
  }

  /** Changes options for all that follows. */
  override(options: ts.CompilerOptions): void {
    this.setOptions({ ...this.#options, ...options });
  }

  setOptions(options: ts.CompilerOptions): void {
    this.#options = options;
    this.#renewed = true;
    this.#projectVersion++;
  }

  /** Whether there is anything to run under a name that has no types. */
  hasCode(written: string): boolean {
    const specifier = withoutNpm(written);
    const isThere = (folder: string): boolean => {
      try {
        return createRequire(join(folder, "cell.js")).resolve(specifier) !== "";
      } catch {
        return false;
      }
    };
    if (this.resolve(specifier, this.current) !== undefined || isThere(this.#folder)) return true;
    return isPublicPackage(packageName(specifier)) && isThere(packageRoot);
  }

  isCell(name: string): boolean {
    return this.cells.has(name);
  }

  #virtual(name: string): VirtualFile | undefined {
    return this.cells.get(name) ?? this.#files.get(name);
  }

  /** Whether a file is the user's own, which may change at any time. */
  isOwn(name: string): boolean {
    return this.#virtual(name) === undefined && !isInPackages(name);
  }

  /** The file of the user's own, neither a cell's nor a package's, that an import means and that has code. */
  ownModule(specifier: string, containingFile: string): string | undefined {
    const name = this.resolve(specifier, containingFile)?.resolvedFileName;
    return name === undefined || !this.isOwn(name) || /\.d\.([^.]+\.)?[cm]?ts$/.test(name) ? undefined : name;
  }

  /** What an import in the user's own code has to be loaded by; undefined where it is what is written. */
  runtimeSpecifier(specifier: string, containingFile: string): string | undefined {
    const resolve = (each: string, options: ts.CompilerOptions): ts.ResolvedModuleFull | undefined =>
      ts.resolveModuleName(each, containingFile, options, this).resolvedModule;
    return this.ownModule(specifier, containingFile) ?? mappedModule(specifier, this.#options, resolve);
  }

  #set(name: string, text: string): void {
    this.#files.set(name, virtualFile(text, ++this.#version));
  }

  getCompilationSettings(): ts.CompilerOptions {
    return this.#options;
  }

  /** Nothing is looked at again before the roots are set, or the globals change. */
  getProjectVersion(): string {
    return String(this.#projectVersion);
  }

  useCaseSensitiveFileNames(): boolean {
    return ts.sys.useCaseSensitiveFileNames;
  }

  getCurrentDirectory(): string {
    return this.#folder;
  }

  getDefaultLibFileName(options: ts.CompilerOptions): string {
    return ts.getDefaultLibFilePath(options);
  }

  getScriptFileNames(): string[] {
    return [COMMON_NODE_TYPES.name, this.#globals, this.roots, ...this.#rootCells];
  }

  /** Without it every program would read the `package.json` above each of its files anew. */
  getModuleResolutionCache(): ts.ModuleResolutionCache {
    return packageResolutions;
  }

  getScriptVersion(name: string): string {
    const file = this.#virtual(name);
    if (file !== undefined) return file.version;
    // The user's own modules may change at any time, packages count as they were until a cell imports them.
    return isInPackages(name)
      ? this.#packageFiles.version(name)
      : String(ts.sys.getModifiedTime?.(name)?.getTime() ?? 0);
  }

  getScriptSnapshot(name: string): ts.IScriptSnapshot | undefined {
    const file = this.#virtual(name);
    if (file !== undefined) return file.snapshot;
    return isInPackages(name) ? this.#packageFiles.snapshot(name) : snapshotOf(name);
  }

  fileExists(name: string): boolean {
    return this.#virtual(name) !== undefined || ts.sys.fileExists(name);
  }

  readFile(name: string): string | undefined {
    return this.#virtual(name)?.text ?? ts.sys.readFile(name);
  }

  directoryExists(name: string): boolean {
    return ts.sys.directoryExists(name);
  }

  getDirectories(name: string): string[] {
    return ts.sys.getDirectories(name);
  }

  readDirectory(
    path: string,
    extensions?: readonly string[],
    exclude?: readonly string[],
    include?: readonly string[],
    depth?: number,
  ): string[] {
    return ts.sys.readDirectory(path, extensions, exclude, include, depth);
  }

  realpath(path: string): string {
    return ts.sys.realpath?.(path) ?? path;
  }

  resolveModuleNameLiterals(
    literals: readonly ts.StringLiteralLike[],
    containingFile: string,
  ): readonly ts.ResolvedModuleWithFailedLookupLocations[] {
    const resolved = literals.map(({ text }) => ({ resolvedModule: this.resolve(text, containingFile) }));
    if (resolved.every(({ resolvedModule }) => resolvedModule !== undefined))
      this.#lacking.delete(containingFile.toLowerCase());
    else if (this.isOwn(containingFile)) this.#lacking.add(containingFile.toLowerCase());
    return resolved;
  }

  /** Node's types are the kernel's, wherever they are asked for: a second copy beside the notebook would contradict them. */
  resolveTypeReferenceDirectiveReferences<Reference extends ts.FileReference | string>(
    references: readonly Reference[],
    containingFile: string,
    _redirected: ts.ResolvedProjectReference | undefined,
    options: ts.CompilerOptions,
  ): readonly ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations[] {
    return references.map((reference) => {
      const name = typeof reference === "string" ? reference : reference.fileName;
      if (name === "node") {
        return {
          resolvedTypeReferenceDirective: { primary: true, resolvedFileName: COMMON_NODE_TYPES.name },
        };
      }
      return ts.resolveTypeReferenceDirective(name, containingFile, options, this);
    }) as readonly ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations[];
  }

  /** What a module lacks may be there by now, although the module itself has not changed. TypeScript unbinds it. */
  readonly hasInvalidatedResolutions = (path: string): boolean =>
    this.#renewed || this.#lacking.has(path.toLowerCase());

  /** The file that an import means. */
  resolve(specifier: string, containingFile: string): ts.ResolvedModuleFull | undefined {
    if (specifier === "tslab") return { resolvedFileName: TSLAB, extension: ts.Extension.Dts };
    const cell = this.cells.find(specifier);
    if (cell !== undefined) return cell;
    const seldom = seldomModule(specifier, containingFile);
    if (seldom !== undefined) return { resolvedFileName: seldom, extension: ts.Extension.Dts };
    if (isInPackages(containingFile)) {
      return ts.resolveModuleName(specifier, containingFile, FIXED_OPTIONS, this, packageResolutions)
        .resolvedModule;
    }
    const path = specifier.startsWith("file:") ? pathOf(specifier) : withoutNpm(specifier);
    const from = containingFile === this.roots ? join(this.#folder, basename(this.roots)) : containingFile;
    // The user's own code: never cached, so that a package or a module that appears later is found. It finds what is
    // beside it first, then the kernel's own packages.
    const found = this.#lookUp(path, from);
    if (found !== undefined || !isPublicPackage(packageName(path))) return found;
    return this.#lookUp(path, join(packageRoot, "kernel", "cell.ts"));
  }

  #lookUp(specifier: string, from: string): ts.ResolvedModuleFull | undefined {
    return ts.resolveModuleName(specifier, from, this.#options, this).resolvedModule;
  }
}

/** The path in a URL; one that Node could not read either stays as it is, and is not found. */
function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
