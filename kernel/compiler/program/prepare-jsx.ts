import type ts from "typescript";
import { isJsxCell, jsxOptions, missingLibrary } from "../syntax/jsx.js";
import type { LanguageHost } from "./language-host.js";

/**
 * From the first cell with JSX on it is compiled, by the library that the notebook's folder has.
 *
 * @returns what such a cell lacks; nothing for others
 */
export function prepareJsx(host: LanguageHost, file: ts.SourceFile): ts.Diagnostic[] {
  if (!isJsxCell(file)) return [];
  const options = host.getCompilationSettings();
  const found = (specifier: string): boolean => host.resolve(specifier, host.current) !== undefined;
  const changes = jsxOptions(options, found);
  if (changes === undefined) return [missingLibrary(file, options)];
  if (Object.keys(changes).length > 0) host.override(changes);
  return [];
}
