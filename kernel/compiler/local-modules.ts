import ts from "typescript";
import type { LocalModule } from "../session/protocol.js";

/**
 * The user's own TypeScript files that a file imports, directly or through each other.
 *
 * @param isOwn - whether a file is the user's: neither of a package nor a cell
 * @param resolve - the file that an import of another file means
 */
export function localModulesOf(
  program: ts.Program,
  root: string,
  isOwn: (fileName: string) => boolean,
  resolve: (specifier: string, containingFile: string) => string | undefined,
): ts.SourceFile[] {
  const found = new Map<string, ts.SourceFile>();
  const visit = (fileName: string): void => {
    const file = program.getSourceFile(fileName);
    if (file === undefined) return;
    for (const { fileName: specifier } of ts.preProcessFile(file.text, true, true).importedFiles) {
      const target = resolve(specifier, fileName);
      if (target === undefined || found.has(target) || !isOwn(target)) continue;
      const imported = program.getSourceFile(target);
      if (imported === undefined || imported.isDeclarationFile || !/\.[cm]?tsx?$/.test(target)) continue;
      found.set(target, imported);
      visit(target);
    }
  };
  visit(root);
  return [...found.values()];
}

/** Compiles a module for Node's `require`, which is what loads local modules, in cycles too. */
export function compileModule(file: ts.SourceFile, options: ts.CompilerOptions): LocalModule {
  const { outputText, sourceMapText = "" } = ts.transpileModule(file.text, {
    fileName: file.fileName,
    compilerOptions: {
      ...options,
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      declaration: false,
    },
  });
  return { file: file.fileName, javascript: outputText, sourceMap: sourceMapText };
}
