import ts from "typescript";
import { createDocuments } from "../../../kernel/compiler/library/documents.js";
import { globals } from "../../../kernel/compiler/library/globals.js";
import { CellProgram } from "../../../kernel/compiler/program/cell-program.js";
import { LanguageHost } from "../../../kernel/compiler/program/language-host.js";
import { rulesFor } from "../../../kernel/compiler/project/options.js";
import { readTsconfig } from "../../../kernel/compiler/project/tsconfig.js";
import { jsxOptions } from "../../../kernel/compiler/syntax/jsx.js";

/** A module as TypeScript sees it in the notebook's folder, with all that it imports. */
export interface TypedModule {
  readonly file: ts.SourceFile;
  readonly checker: ts.TypeChecker;
  readonly diagnostics: readonly ts.Diagnostic[];
  /** The file of the user's own that an import means, or what else Node has to load; undefined where it is what is written. */
  readonly loaded: (specifier: string) => string | undefined;
}

/**
 * Checks the types of a module by the rules of the notebook's cells.
 *
 * @param text - the module
 * @param folder - the notebook's, an absolute path
 * @param isJsx - whether it has elements
 * @returns the module with its types
 */
export function typedModule(text: string, folder: string, isJsx: boolean): TypedModule {
  const { options } = rulesFor(readTsconfig(folder).options);
  const host = new LanguageHost(folder, { ...options, allowUnreachableCode: true }, globals());
  if (isJsx) {
    const found = (specifier: string): boolean => host.resolve(specifier, host.current) !== undefined;
    host.override(jsxOptions(options, found) ?? {});
  }
  const service = ts.createLanguageService(host, createDocuments());
  const program = new CellProgram(host, service);
  program.open(text, isJsx ? ".tsx" : ".ts", true);
  const made = service.getProgram();
  const file = made?.getSourceFile(host.current);
  if (made === undefined || file === undefined)
    throw new Error("Cannot export the notebook: its types are not known");
  return {
    file,
    checker: made.getTypeChecker(),
    diagnostics: [...made.getSyntacticDiagnostics(file), ...made.getSemanticDiagnostics(file)],
    loaded: (specifier) =>
      host.ownModule(specifier, host.current) ?? host.runtimeSpecifier(specifier, host.current),
  };
}
