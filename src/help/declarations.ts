import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type * as TypeScript from "typescript";

/** TypeScript's parser takes a quarter of a second to load: only who asks for help waits for it. */
export const loadTypeScript = (): typeof TypeScript => require("typescript");

/** Where the declarations of all modules are, beside the code that was compiled with them. */
export const root = resolve(__dirname, "..");

/** What documents itself: an export, or a member of one. */
export type Documented = TypeScript.Declaration;

const files = new Map<string, TypeScript.SourceFile>();

function read(file: string): TypeScript.SourceFile | undefined {
  const known = files.get(file);
  if (known !== undefined || !existsSync(file)) return known;
  const ts = loadTypeScript();
  const parsed = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  files.set(file, parsed);
  return parsed;
}

/** The file that a relative import names; undefined for other packages. */
function target(from: TypeScript.SourceFile, specifier: TypeScript.Node | undefined): string | undefined {
  const text = specifier?.getText().slice(1, -1);
  if (!text?.startsWith(".")) return undefined;
  return join(dirname(from.fileName), text.replace(/\.js$/, ".d.ts"));
}

/** The folders that are modules of the package, by name. */
export function moduleNames(): string[] {
  const folders = readdirSync(root, { withFileTypes: true });
  return folders.flatMap(({ name }) => (existsSync(moduleFile(name)) ? name : [])).sort();
}

/** The declarations of a module of the package. */
export function moduleFile(name: string): string {
  return join(root, name, "index.d.ts");
}

/** The names that a module exports, in its own order. */
export function exportedNames(file: string): string[] {
  const ts = loadTypeScript();
  return (read(file)?.statements ?? []).flatMap((statement): string[] => {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause: clause } = statement;
      if (clause === undefined)
        return exportedNames(target(statement.getSourceFile(), statement.moduleSpecifier) ?? "");
      return ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : [clause.name.text];
    }
    return isExported(statement) ? declaredIn(statement).map(nameOf) : [];
  });
}

/**
 * Finds an export by the text of the declarations alone, through re-exports.
 *
 * @returns its declarations: several for overloads, none if there is no such export
 */
export function findExport(file: string, name: string): Documented[] {
  const ts = loadTypeScript();
  const source = read(file);
  for (const statement of source?.statements ?? []) {
    if (ts.isExportDeclaration(statement)) {
      const from = target(statement.getSourceFile(), statement.moduleSpecifier);
      const { exportClause: clause } = statement;
      if (clause === undefined) {
        const found = findExport(from ?? "", name);
        if (found.length > 0) return found;
      } else if (ts.isNamedExports(clause)) {
        const element = clause.elements.find((each) => each.name.text === name);
        if (element === undefined || source === undefined) continue;
        const original = (element.propertyName ?? element.name).text;
        return statement.moduleSpecifier === undefined
          ? findLocal(source, original)
          : findExport(from ?? "", original);
      }
    }
  }
  return source === undefined
    ? []
    : declarationsOf(source, name).filter((each) => isExported(statementOf(each)));
}

/** Finds what a name means within a file: its own declarations, or what it imports. */
export function findLocal(source: TypeScript.SourceFile, name: string): Documented[] {
  const ts = loadTypeScript();
  const own = declarationsOf(source, name);
  if (own.length > 0) return own;
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const element = bindings.elements.find((each) => each.name.text === name);
    const from = target(source, statement.moduleSpecifier);
    if (element !== undefined && from !== undefined)
      return findExport(from, (element.propertyName ?? element.name).text);
  }
  return [];
}

/** Finds a member of a class, of an interface, or of a constant of such a type, inherited ones too. */
export function findMember(owner: Documented, name: string): Documented[] {
  return membersOf(owner).filter((member) => nameOf(member) === name);
}

/** The members of a class, an interface, a type or a constant of one; its own first, then those that it inherits. */
export function membersOf(owner: Documented): Documented[] {
  const ts = loadTypeScript();
  const source = owner.getSourceFile();
  if (ts.isVariableDeclaration(owner) || ts.isTypeAliasDeclaration(owner)) return membersOfType(owner.type);
  if (!ts.isClassDeclaration(owner) && !ts.isInterfaceDeclaration(owner)) return [];
  const own = [...owner.members].filter(isPublic);
  const parents = (owner.heritageClauses ?? [])
    .filter(({ token }) => ts.isInterfaceDeclaration(owner) || token === ts.SyntaxKind.ExtendsKeyword)
    .flatMap(({ types }) => types.flatMap(({ expression }) => findLocal(source, expression.getText())));
  const names = new Set(own.map(nameOf));
  return [...own, ...parents.flatMap(membersOf).filter((member) => !names.has(nameOf(member)))];
}

function membersOfType(type: TypeScript.TypeNode | undefined): Documented[] {
  const ts = loadTypeScript();
  if (type === undefined) return [];
  if (ts.isTypeLiteralNode(type)) return [...type.members];
  if (ts.isIntersectionTypeNode(type)) return type.types.flatMap(membersOfType);
  if (!ts.isTypeReferenceNode(type)) return [];
  return findLocal(type.getSourceFile(), type.typeName.getText()).flatMap(membersOf);
}

/** The name of a declaration; "constructor" for that of a class. */
export function nameOf(declaration: Documented): string {
  const ts = loadTypeScript();
  if (ts.isConstructorDeclaration(declaration)) return "constructor";
  return ts.getNameOfDeclaration(declaration)?.getText() ?? "";
}

function isPublic(member: TypeScript.ClassElement | TypeScript.TypeElement): boolean {
  const ts = loadTypeScript();
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (ts.getCombinedModifierFlags(member) & hidden) === 0 && !nameOf(member).startsWith("#");
}

function declaredIn(statement: TypeScript.Statement): Documented[] {
  const ts = loadTypeScript();
  if (ts.isVariableStatement(statement)) return [...statement.declarationList.declarations];
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed ? [statement] : [];
}

function declarationsOf(source: TypeScript.SourceFile, name: string): Documented[] {
  return source.statements.flatMap(declaredIn).filter((declaration) => nameOf(declaration) === name);
}

/** The statement that a declaration is, or that contains the variable. */
export function statementOf(declaration: Documented): TypeScript.Node {
  const ts = loadTypeScript();
  return ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
}

function isExported(statement: TypeScript.Node): boolean {
  const ts = loadTypeScript();
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}
