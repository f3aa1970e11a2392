import ts from "typescript";
import type { Declaration } from "../../shared/compiler-messages.js";

/** The names that a cell's top level, or some statements of it, declare, `var` inside its blocks included. */
export function declarationsOf(
  file: ts.SourceFile,
  statements: readonly ts.Statement[] = file.statements,
): Map<string, Declaration> {
  const declared = new Map<string, Declaration>();
  const exportedNames = exportedByList(file);
  for (const statement of statements) {
    const exported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
    const ambient = hasModifier(statement, ts.SyntaxKind.DeclareKeyword);
    const declare = (name: string, value: Declaration["value"], type: boolean): void => {
      const known = declared.get(name);
      declared.set(name, {
        // A function that a namespace of the same name extends is carried as a whole.
        value: known?.value === "alias" ? "alias" : (value ?? known?.value),
        type: type || known?.type === true,
        exported: exported || known?.exported === true || exportedNames.has(name),
        ambient: ambient && known?.ambient !== false,
      });
    };
    if (ts.isVariableStatement(statement)) {
      const isConst = (statement.declarationList.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
      const isUsing = (statement.declarationList.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using;
      for (const { text } of boundNames(statement.declarationList)) {
        declare(text, isConst || isUsing ? "const" : "let", false);
      }
    } else if (ts.isFunctionDeclaration(statement)) {
      if (statement.name) declare(statement.name.text, "alias", false);
    } else if (ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) {
      if (statement.name) declare(statement.name.text, "alias", true);
    } else if (ts.isModuleDeclaration(statement)) {
      if (ts.isIdentifier(statement.name) && (statement.flags & ts.NodeFlags.GlobalAugmentation) === 0) {
        declare(statement.name.text, "alias", true);
      }
    } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      declare(statement.name.text, undefined, true);
    } else if (ts.isImportEqualsDeclaration(statement)) {
      declare(statement.name.text, "alias", true);
    } else if (ts.isImportDeclaration(statement)) {
      for (const name of importedNames(statement)) declare(name, "alias", true);
    } else {
      for (const { text } of hoistedNames(statement)) declare(text, "let", false);
    }
  }
  return declared;
}

function hasModifier(node: ts.Node, wanted: ts.SyntaxKind): boolean {
  if (!ts.canHaveModifiers(node)) return false;
  return ts.getModifiers(node)?.some(({ kind }) => kind === wanted) ?? false;
}

/** The names in the cell's `export { … }` lists. */
function exportedByList(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier || !statement.exportClause) continue;
    if (!ts.isNamedExports(statement.exportClause)) continue;
    for (const { name } of statement.exportClause.elements) names.add(name.text);
  }
  return names;
}

/** The names of a declaration list, destructuring included. */
export function boundNames(list: ts.VariableDeclarationList): ts.Identifier[] {
  const names: ts.Identifier[] = [];
  const visit = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name);
    else for (const element of name.elements) if (ts.isBindingElement(element)) visit(element.name);
  };
  for (const { name } of list.declarations) visit(name);
  return names;
}

/** Whether a cell adds to the global scope or to another module's declarations. */
export function augments(file: ts.SourceFile): boolean {
  const references = [file.referencedFiles, file.typeReferenceDirectives, file.libReferenceDirectives];
  return (
    references.some(({ length }) => length > 0) ||
    file.statements.some(
      (statement) =>
        ts.isModuleDeclaration(statement) &&
        (ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0),
    )
  );
}

const DIRECTIVE =
  /^(?:\/\/(?:\/\s*<reference\s|\/?\s*@(?:ts-nocheck|rnnlab)\b)|\/\*\*?[^\n]*@jsx\w*\s[^\n]*$)/;

/** The comments by which a cell instructs the compiler, which count at the start of a file only. */
export function directivesOf(source: string): string[] {
  const comments = ts.getLeadingCommentRanges(source, 0) ?? [];
  return comments.map(({ pos, end }) => source.slice(pos, end)).filter((comment) => DIRECTIVE.test(comment));
}

function importedNames({ importClause }: ts.ImportDeclaration): string[] {
  if (importClause === undefined) return [];
  const names = importClause.name === undefined ? [] : [importClause.name.text];
  const bindings = importClause.namedBindings;
  if (bindings === undefined) return names;
  if (ts.isNamespaceImport(bindings)) return [...names, bindings.name.text];
  return [...names, ...bindings.elements.map((element) => element.name.text)];
}

/** Whether a list declares with `var`. */
export function isVar(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0;
}

/** The names that `var` declares inside a statement for the scope around it. */
export function hoistedNames(statement: ts.Node): ts.Identifier[] {
  const names: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && isVar(node)) names.push(...boundNames(node));
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return names;
}
