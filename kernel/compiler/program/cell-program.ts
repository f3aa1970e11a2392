import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import ts from "typescript";
import type { CellExtension, CellSurface } from "../../shared/compiler-messages.js";
import { packageName } from "../../shared/public-packages.js";
import { isInPackages } from "../library/kernel-packages.js";
import { forEachPart } from "../syntax/identifiers.js";
import { implicitImport } from "../syntax/jsx.js";
import { isBuiltinCall, isImportCall, isRequireCall } from "../syntax/module-syntax.js";
import { noteNoFailedIterations } from "./failed-iterations.js";
import { diagnosticsWith } from "./findings.js";
import { affectsOnly } from "./global-effects.js";
import type { LanguageHost } from "./language-host.js";

/** After this number of cells the program is made anew, since the checker never forgets what it has noted about those before. */
const CELLS_A_PROGRAM = 200;

/** What TypeScript 6 keeps out of its declarations, and this package fixes the version of. */
interface InnerProgram extends ts.Program {
  /** The array itself, not a copy. */
  getSourceFiles(): ts.SourceFile[];
  getFilesByNameMap(): Map<string, ts.SourceFile>;
  readonly resolvedModules: Map<string, ModuleResolutions>;
}
interface InnerFile extends ts.SourceFile {
  path: string;
  resolvedPath: string;
  originalFileName: string;
  imports: readonly ts.StringLiteralLike[];
  moduleAugmentations: readonly ts.Node[];
  ambientModuleNames: readonly string[];
}
interface ModuleResolutions {
  get(specifier: string, mode: ts.ResolutionMode): ts.ResolvedModuleWithFailedLookupLocations | undefined;
  set(
    specifier: string,
    mode: ts.ResolutionMode,
    resolution: ts.ResolvedModuleWithFailedLookupLocations,
  ): ModuleResolutions;
}
const inner = ts as unknown as {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  createModeAwareCache(): ModuleResolutions;
  createGetCanonicalFileName(isCaseSensitive: boolean): (name: string) => string;
  toPath(name: string, folder: string, canonical: (name: string) => string): string;
};
const canonical = inner.createGetCanonicalFileName(ts.sys.useCaseSensitiveFileNames);

noteNoFailedIterations();

/**
 * The program of a language service, to which cells are added as they come.
 *
 * TypeScript makes a new program and a new checker for every change, and so pays for all types of all libraries with
 * every cell. But a cell is a module that adds nothing to the global scope, and always a new one: a checker that looks
 * at modules only when they are asked for can go on with it. A new program is made only when a cell needs a package that
 * the program has not, when it adds to the declarations of others, or when a file of the user's own has changed.
 */
export class CellProgram {
  readonly #host: LanguageHost;
  readonly #service: ts.LanguageService;
  #program: InnerProgram | undefined;
  /** The version of the host that the program was made from. */
  #made = "";
  /** How many cells it has been given since. */
  #opened = 0;
  /** The versions of the user's own files in the program. */
  #own = new Map<string, string>();
  /** The cells in the program that it was not made with. */
  readonly #added = new Set<InnerFile>();
  /** What cells have imported besides each other, and the files meant: the program is made with these. */
  readonly #imported = new Map<string, string>();
  /** The cells that the program is made with, since they add to declarations of others. */
  readonly #augmenting: string[] = [];
  /** The packages whose types were read anew. */
  readonly #upgraded = new Set<string>();
  #current: InnerFile | undefined;

  constructor(host: LanguageHost, service: ts.LanguageService) {
    this.#host = host;
    this.#service = service;
  }

  /**
   * Makes a text the current cell of the program.
   *
   * @param extension - what the language of the text is known by
   * @param augments - whether it adds to declarations of others
   * @param serial - by which the file may stay, as that of a cell that is set next
   */
  open(text: string, extension: CellExtension, augments: boolean, serial?: number): void {
    const name = this.#host.cells.open(text, extension, serial);
    this.#opened++;
    if (augments) {
      this.#make([...this.#augmenting, name]);
      this.startOver();
      return;
    }
    if (this.#isOutdated()) this.#make(this.#augmenting);
    else if (this.#current !== undefined) this.#remove(this.#current);
    if (!this.#addWithImports(name)) {
      this.#make(this.#augmenting);
      this.#addWithImports(name);
    }
  }

  /**
   * Goes on with the program for the cells of another folder, unless they would find something else.
   *
   * @param options - of that folder
   * @returns whether it does
   */
  moveTo(folder: string, options: ts.CompilerOptions): boolean {
    if (!meanTheSame(options, this.#host.getCompilationSettings())) return false;
    this.#removeAdded();
    this.#host.moveTo(folder, options);
    return [...this.#imported].every(
      ([specifier, target]) => this.#host.resolve(specifier, this.#host.roots)?.resolvedFileName === target,
    );
  }

  /** Makes the program with what cells import that are to come. */
  foresee(cells: readonly ts.SourceFile[]): void {
    let complete = !this.#isOutdated();
    for (const [specifier, target] of this.#targetsOf(cells)) {
      if (this.#imported.get(specifier) === target) continue;
      this.#imported.set(specifier, target);
      if (this.#program?.getSourceFile(target) === undefined) complete = false;
    }
    if (!complete) this.#make(this.#augmenting);
  }

  /** Forgets the cells, and takes note of another notebook's. Goes on with the program if one of theirs alone would find the same. */
  turnTo(cells: readonly ts.SourceFile[]): void {
    const program = this.#program;
    const targets = new Set(this.#targetsOf(cells).values());
    const isTheirs =
      program !== undefined &&
      this.#augmenting.length === 0 &&
      !this.#isOutdated() &&
      affectsOnly(program, this.#host.roots, targets);
    if (!isTheirs) {
      this.reset();
      this.foresee(cells);
      return;
    }
    this.#removeAdded();
    this.#host.cells.clear();
  }

  /** What cells import besides each other, and the files meant. */
  #targetsOf(cells: readonly ts.SourceFile[]): Map<string, string> {
    const targets = new Map<string, string>();
    for (const { text } of cells.flatMap(importsOf)) {
      const target = this.#host.resolve(text, this.#host.roots)?.resolvedFileName;
      if (target !== undefined) targets.set(text, target);
    }
    return targets;
  }

  /** Stores what later cells see of a cell. */
  setCell(surface: CellSurface): void {
    const name = this.#host.cells.set(surface);
    if (name === this.#current?.fileName) this.#current = undefined;
    if (!surface.augmenting) return;
    this.#augmenting.push(name);
    this.startOver();
  }

  /** Replaces the text of a cell that was set, where nothing has changed for those that see its declarations. */
  rewrite(surface: CellSurface): void {
    const name = this.#host.cells.setWritten(surface);
    if (name !== undefined) this.#removeNamed(name);
  }

  /** The file of a cell that was set, and the program that it is in. */
  cell(surface: CellSurface): { readonly program: ts.Program; readonly file: ts.SourceFile } {
    const program = this.#program;
    if (program === undefined) throw new Error("Cannot find the cell: there is no program");
    const name = this.#host.cells.nameOf(surface);
    return { program, file: program.getSourceFile(name) ?? this.#add(name) };
  }

  /** The cells that add to declarations of others, in their order. */
  get augmenting(): readonly string[] {
    return this.#augmenting;
  }

  /** The user's own files in the program, with their versions as they are now. */
  ownFiles(): Map<string, string> {
    return new Map([...this.#own.keys()].map((name) => [name, this.#host.getScriptVersion(name)]));
  }

  /** Takes only those cells, of all that were set, for ones that may add to declarations of others. */
  goBackTo(surfaces: readonly CellSurface[]): void {
    const names = surfaces
      .filter(({ augmenting }) => augmenting)
      .map((surface) => this.#host.cells.nameOf(surface));
    if (names.join() === this.#augmenting.join()) return;
    this.#augmenting.splice(0, this.#augmenting.length, ...names);
    this.startOver();
  }

  /** Forgets a cell that is gone. */
  dropCell(surface: CellSurface): void {
    for (const name of this.#host.cells.drop(surface.serial)) this.#removeNamed(name);
  }

  /**
   * What is wrong with a file under other options. Earlier cells count as they were written, since their declarations hold
   * what types they have under the program's own options.
   */
  diagnosticsWith(file: ts.SourceFile, changes: ts.CompilerOptions): ts.Diagnostic[] {
    const program = this.#program;
    if (program === undefined) throw new Error("Cannot check the cell: there is no program");
    this.#addWritten(file as InnerFile);
    return diagnosticsWith(program, file, changes, (specifier) => this.#host.cells.findWritten(specifier));
  }

  reset(): void {
    this.#host.cells.clear();
    this.#imported.clear();
    this.#augmenting.length = 0;
    this.startOver();
  }

  /** Forgets the program: the next cell is checked by a new one. */
  startOver(): void {
    this.#made = "";
  }

  /** What the person is to be told of packages whose types were read anew, since this was asked last. */
  takeNotices(): string[] {
    const names = [...this.#upgraded];
    this.#upgraded.clear();
    return names.map(
      (name) =>
        `The package "${name}" has changed, and its types are read anew. If a cell has loaded it before, restart the kernel.`,
    );
  }

  #isOutdated(): boolean {
    return (
      this.#made !== this.#host.getProjectVersion() ||
      this.#opened > CELLS_A_PROGRAM ||
      this.#host.lacksModules ||
      [...this.#own].some(([name, version]) => this.#host.getScriptVersion(name) !== version)
    );
  }

  #make(cells: readonly string[]): void {
    this.#removeAdded();
    this.#host.setRoots(this.#imported.keys(), cells);
    const program = this.#service.getProgram() as InnerProgram | undefined;
    if (program === undefined) throw new Error("Cannot check the cell: TypeScript has made no program");
    this.#host.settle();
    this.#program = program;
    this.#made = this.#host.getProjectVersion();
    this.#opened = 0;
    const own = program.getSourceFiles().filter(({ fileName }) => this.#host.isOwn(fileName));
    this.#own = new Map(own.map(({ fileName }) => [fileName, this.#host.getScriptVersion(fileName)]));
  }

  /** Adds a cell and those that it needs; returns whether the program has everything else that they need. */
  #addWithImports(name: string): boolean {
    let complete = true;
    this.#current = this.#add(name);
    const waiting = [this.#current];
    for (const file of waiting) {
      for (const specifier of file.imports) {
        const { text } = specifier;
        const target = this.#targetOf(file, specifier);
        if (file === this.#current && target !== undefined && this.#isUpgraded(text, target)) {
          this.#host.renewPackages();
          this.#imported.set(text, target);
          this.#upgraded.add(packageName(text));
          complete = false;
        }
        if (target === undefined || this.#program?.getSourceFile(target) !== undefined) continue;
        if (this.#host.isCell(target)) waiting.push(this.#add(target));
        // JavaScript without types never becomes a part of the program.
        else if (this.#imported.get(text) !== target) {
          this.#imported.set(text, target);
          complete = false;
        }
      }
    }
    return complete;
  }

  /** The file that an import of a file of the program means. */
  #targetOf(file: InnerFile, specifier: ts.StringLiteralLike): string | undefined {
    const mode = this.#program?.getModeForUsageLocation(file, specifier);
    const resolutions = this.#program?.resolvedModules.get(file.path);
    return resolutions?.get(specifier.text, mode)?.resolvedModule?.resolvedFileName;
  }

  /** Adds the cells that a file needs, as they were written. */
  #addWritten(from: InnerFile): void {
    const reached = new Set([from]);
    for (const file of reached) {
      for (const { text } of file.imports) {
        const { resolvedFileName: name } =
          this.#host.cells.findWritten(text) ?? this.#host.cells.find(text) ?? {};
        if (name === undefined) continue;
        reached.add((this.#program?.getSourceFile(name) as InnerFile | undefined) ?? this.#add(name));
      }
    }
  }

  /** Whether a package that a cell imports is another than when its types were read. */
  #isUpgraded(specifier: string, target: string): boolean {
    const before = this.#imported.get(specifier) ?? target;
    return isInPackages(target) && (before !== target || this.#host.hasChanged(target));
  }

  #add(name: string): InnerFile {
    const program = this.#program;
    const sibling = program?.getSourceFile(this.#host.roots) as InnerFile | undefined;
    const snapshot = this.#host.getScriptSnapshot(name);
    if (program === undefined || sibling === undefined || snapshot === undefined) {
      throw new Error(`Cannot check the cell: ${name} is not known`);
    }
    const options = program.getCompilerOptions();
    const { languageVersion, impliedNodeFormat } = sibling;
    const version = this.#host.getScriptVersion(name);
    const file = ts.createLanguageServiceSourceFile(
      name,
      snapshot,
      { languageVersion, impliedNodeFormat },
      version,
      true,
    ) as InnerFile;
    file.path = inner.toPath(name, dirname(name), canonical);
    file.resolvedPath = file.path;
    file.originalFileName = name;
    const implicit = implicitImport(file, options);
    file.imports = [...(implicit === undefined ? [] : [implicit]), ...importsOf(file)];
    file.moduleAugmentations = [];
    file.ambientModuleNames = [];
    const resolutions = inner.createModeAwareCache();
    for (const specifier of file.imports) {
      const resolution = { resolvedModule: this.#host.resolve(specifier.text, name) };
      resolutions.set(specifier.text, program.getModeForUsageLocation(file, specifier), resolution);
    }
    inner.bindSourceFile(file, options);
    program.getSourceFiles().push(file);
    program.getFilesByNameMap().set(file.path, file);
    program.resolvedModules.set(file.path, resolutions);
    this.#added.add(file);
    return file;
  }

  #removeAdded(): void {
    for (const file of this.#added) this.#remove(file);
    this.#current = undefined;
  }

  #removeNamed(name: string): void {
    const file = this.#program?.getSourceFile(name) as InnerFile | undefined;
    if (file !== undefined && this.#added.has(file)) this.#remove(file);
  }

  #remove(file: InnerFile): void {
    const files = this.#program?.getSourceFiles() ?? [];
    files.splice(files.lastIndexOf(file), 1);
    this.#program?.getFilesByNameMap().delete(file.path);
    this.#program?.resolvedModules.delete(file.path);
    this.#added.delete(file);
  }
}

/** Whether cells are checked and compiled alike by two folders' options. Where they were read does not matter by itself. */
function meanTheSame(one: ts.CompilerOptions, other: ts.CompilerOptions): boolean {
  const { configFilePath: _, ...first } = one;
  const { configFilePath: __, ...second } = other;
  return isDeepStrictEqual(first, second);
}

/** The strings by which a module names others. */
function importsOf(file: ts.SourceFile): ts.StringLiteralLike[] {
  const found: ts.StringLiteralLike[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierIn(node);
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) found.push(specifier);
    forEachPart(node, visit);
  };
  visit(file);
  return found;
}

function specifierIn(node: ts.Node): ts.Node | undefined {
  // In JavaScript this has types of its own.
  if (isRequireCall(node) && (node.flags & ts.NodeFlags.JavaScriptFile) !== 0) return node.arguments[0];
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  return isImportCall(node) || isBuiltinCall(node) ? node.arguments[0] : undefined;
}
