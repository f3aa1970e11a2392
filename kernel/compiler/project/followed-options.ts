import ts from "typescript";

/** These speak of files on disk: of what TypeScript writes there, and how it wants them to be written. */
const OF_FILES = [
  "outDir",
  "outFile",
  "rootDir",
  "declarationDir",
  "declarationMap",
  "tsBuildInfoFile",
  "emitDeclarationOnly",
  "sourceRoot",
  "mapRoot",
  "rewriteRelativeImportExtensions",
  "stripInternal",
  "noUnusedLocals",
  "noUnusedParameters",
  "isolatedDeclarations",
] as const satisfies readonly (keyof ts.CompilerOptions)[];

/** Without these cells could not be what they are: they run as they are loaded here. */
const NOT_OF_CELLS = [
  "customConditions",
  "noEmitHelpers",
  "noLib",
  "noResolve",
  "preserveSymlinks",
] as const satisfies readonly (keyof ts.CompilerOptions)[];

/** Whether cells do as an option says, of those that the kernel decides. */
const AGREES: { readonly [Name in keyof ts.CompilerOptions]?: (value: unknown) => boolean } = {
  // What newer ones have is there anyway; older ones would only say the same in other words.
  target: (value) => Number(value) >= ts.ScriptTarget.ES2022,
  // Cells are ES modules.
  module: (value) => Number(value) >= ts.ModuleKind.ES2015,
  moduleResolution: (value) => Number(value) >= ts.ModuleResolutionKind.Node16,
  moduleDetection: (value) => value !== ts.ModuleDetectionKind.Legacy,
  resolveJsonModule: Boolean,
  allowImportingTsExtensions: Boolean,
  esModuleInterop: Boolean,
  allowJs: Boolean,
  verbatimModuleSyntax: (value) => !value,
};

/** A project's options without those that the kernel does not follow. */
export function followed(project: ts.CompilerOptions): ts.CompilerOptions {
  const options = { ...project };
  for (const name of [...OF_FILES, ...NOT_OF_CELLS]) delete options[name];
  // The target decides it where nothing else does.
  if (project.target !== undefined)
    options.useDefineForClassFields ??= project.target >= ts.ScriptTarget.ES2022;
  return options;
}

/** The names of a project's options that mean something for cells but are not followed. */
export function notFollowed(project: ts.CompilerOptions): string[] {
  const decided = Object.entries(AGREES).filter(
    ([name, agrees]) => project[name] !== undefined && !agrees?.(project[name]),
  );
  const dropped = NOT_OF_CELLS.filter((name) => project[name] !== undefined && project[name] !== false);
  return [...decided.map(([name]) => name), ...dropped];
}
