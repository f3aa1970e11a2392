import ts from "typescript";
import { library } from "../library/library.js";
import { followed } from "./followed-options.js";
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
};

const defaults = (): ts.CompilerOptions => ({
  // With the automatic runtime TypeScript would look for "react/jsx-runtime" in every cell.
  jsx: ts.JsxEmit.Preserve,
  lib: [...library().files],
});

/** How the cells of a folder are checked and compiled. */
export interface CellRules extends Pick<FolderStrictness, "strictness" | "loose"> {
  readonly options: ts.CompilerOptions;
}

/**
 * The rules for the cells of a folder.
 *
 * @param project - the options of its tsconfig, if it has one
 */
export function rulesFor(project: ts.CompilerOptions): CellRules {
  const { strictness, checked, loose } = strictnessOf(project, process.env.RNNLAB_STRICT);
  const options = { ...defaults(), ...followed(project), ...checked, ...FIXED_OPTIONS };
  return { options, strictness, loose };
}
