import { dirname } from "node:path";
import ts from "typescript";
import { libraryFiles } from "./library.js";
import { type FolderStrictness, strictnessOf } from "./strictness.js";

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

/** How the cells of a folder are checked and compiled. */
export interface CellRules extends Pick<FolderStrictness, "strictness" | "loose"> {
  readonly options: ts.CompilerOptions;
}

/** The rules for the cells in a folder: those of the nearest `tsconfig.json`, and of the environment. */
export function rulesFor(folder: string): CellRules {
  const project = projectOptions(folder);
  const { strictness, checked, loose } = strictnessOf(project, process.env.RNNLAB_STRICT);
  return { options: { ...defaults(), ...project, ...checked, ...FIXED_OPTIONS }, strictness, loose };
}

function projectOptions(folder: string): ts.CompilerOptions {
  const path = ts.findConfigFile(folder, ts.sys.fileExists);
  if (path === undefined) return {};
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
  return options;
}
