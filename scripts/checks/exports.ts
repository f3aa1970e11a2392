import { posix } from "node:path";
import ts from "typescript";
import type { Check } from "./check.js";
import { readScripts, readSources } from "./sources.js";

/** An export is for another file. A type may also describe another export of its own file. */
export const exportsAreUsed: Check = {
  name: "every export is imported by another file",
  run: async () => unusedExports(new Map([...readSources(), ...readScripts()])),
};

/** The files whose exports are for notebooks. */
const PUBLIC = /^src\/([\w-]+\/)?index\.ts$/;

/**
 * Finds exports that no other file imports, and that are not public.
 *
 * @param sources - the text of each file, by its path
 * @returns one line an export
 */
export function unusedExports(sources: ReadonlyMap<string, string>): string[] {
  const files = [...sources].map(([path, text]) => ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  const used = new Set(files.flatMap(importsOf));
  const isUsed = (path: string, name: string) => used.has(`${path} ${name}`) || used.has(`${path} *`);
  return files
    .filter(({ fileName }) => !PUBLIC.test(fileName))
    .flatMap((file) =>
      file.statements
        .flatMap(exportsOf)
        .filter((name) => !isUsed(file.fileName, name) && !describes(name, file))
        .map((name) => `${file.fileName}: nobody imports ${name}`),
    );
}

/** What a file imports: each as a file's path and a name of it, or `*` for all that is there. */
function importsOf(file: ts.SourceFile): string[] {
  const imported: string[] = [];
  const take = (specifier: ts.StringLiteral, names: readonly string[]): void => {
    const path = posix.join(posix.dirname(file.fileName), specifier.text);
    const target = path.replace(/^dist\//, "").replace(/\.js$/, ".ts");
    imported.push(...names.map((name) => `${target} ${name}`));
  };
  const visit = (node: ts.Node): void => {
    const isImport = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    if (isImport && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier))
      take(
        node.moduleSpecifier,
        namesIn(ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause),
      );
    // Imports at run time and in types, and the paths of processes and threads.
    else if (ts.isStringLiteral(node)) take(node, ["*"]);
    else ts.forEachChild(node, visit);
  };
  visit(file);
  return imported;
}

/** The names that stand in braces in an import or an export; all names where there are no braces. */
function namesIn(clause: ts.NamedImportBindings | ts.NamedExportBindings | undefined): string[] {
  if (clause === undefined || !(ts.isNamedImports(clause) || ts.isNamedExports(clause))) return ["*"];
  return clause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

/** Whether a name is a type that another statement of its file mentions. */
function describes(name: string, file: ts.SourceFile): boolean {
  const isType = (node: ts.Statement) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  const own = (node: ts.Statement) => isType(node) && node.name.text === name;
  const mentions = (node: ts.Statement) => new RegExp(`\\b${name}\\b`).test(node.getText(file));
  return file.statements.some(own) && file.statements.some((node) => !own(node) && mentions(node));
}

function exportsOf(node: ts.Statement): string[] {
  if (ts.isExportDeclaration(node))
    return node.exportClause !== undefined && ts.isNamedExports(node.exportClause)
      ? node.exportClause.elements.map(({ name }) => name.text)
      : [];
  if (!ts.canHaveModifiers(node)) return [];
  if (!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  const named = ts.isVariableStatement(node)
    ? node.declarationList.declarations
    : [node as ts.DeclarationStatement];
  return named.flatMap(({ name }) => (name !== undefined && ts.isIdentifier(name) ? [name.text] : []));
}
