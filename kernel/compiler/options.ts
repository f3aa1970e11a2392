import { dirname } from "node:path";
import ts from "typescript";
import { libraryFiles } from "./library.js";

/** What the kernel decides itself, whatever a project says: how cells are loaded and emitted. */
export const FIXED_OPTIONS: ts.CompilerOptions = {
  // What Node 20 runs; it has no name for the flag v of regular expressions below that.
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  esModuleInterop: true,
  allowJs: true,
  declaration: true,
  sourceMap: true,
  inlineSourceMap: false,
  inlineSources: false,
  isolatedModules: false,
  verbatimModuleSyntax: false,
  importHelpers: false,
  noEmit: false,
  noEmitOnError: false,
  removeComments: false,
  composite: false,
  incremental: false,
  skipLibCheck: true,
  types: [],
};

/** Asked when a compiler starts: where its start-up snapshot is made, the library is not whole. */
const defaults = (): ts.CompilerOptions => ({
  strict: true,
  // With the automatic runtime TypeScript would look for "react/jsx-runtime" in every cell.
  jsx: ts.JsxEmit.Preserve,
  lib: libraryFiles(),
});

/** These speak of files on disk and of whole programs, not of cells. */
const DROPPED = [
  "outDir",
  "outFile",
  "rootDir",
  "declarationDir",
  "tsBuildInfoFile",
  "emitDeclarationOnly",
  "noUnusedLocals",
  "noUnusedParameters",
  "isolatedDeclarations",
  "customConditions",
  "stripInternal",
] as const;

/** The compiler options of the cells in a folder: those of the nearest `tsconfig.json`, else strict ones. */
export function optionsFor(folder: string): ts.CompilerOptions {
  const path = ts.findConfigFile(folder, ts.sys.fileExists);
  if (path === undefined) return { ...defaults(), ...FIXED_OPTIONS };
  const { config } = ts.readConfigFile(path, ts.sys.readFile) as {
    config?: { files?: string[]; include?: unknown };
  };
  // Only its options matter: without this TypeScript would search the folders for the project's files.
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, files: [], include: [], references: [] },
    ts.sys,
    dirname(path),
  );
  for (const name of DROPPED) delete options[name];
  return { ...defaults(), ...options, ...FIXED_OPTIONS };
}
