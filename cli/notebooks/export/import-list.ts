import ts from "typescript";
import { withoutNpm } from "../../../kernel/shared/npm-specifier.js";

/** A name that a cell imports. */
export interface ImportedName {
  readonly node: ts.Identifier;
  /** The module and what it calls the name: two of the same key are one thing. */
  readonly key: string;
  /** What is written, up to the module's own name: it goes before a new local name. */
  readonly imported: string;
  readonly kind: "default" | "namespace" | "named";
  /** Whether it is imported as a type, by a word before this name or before all of the list. */
  readonly typeOnly: "name" | "list" | undefined;
}

/** The names of an import, in their order. */
export function importedNames({ importClause, moduleSpecifier }: ts.ImportDeclaration): ImportedName[] {
  if (importClause === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
  const of = (node: ts.Identifier, kind: ImportedName["kind"], imported: string): ImportedName => ({
    node,
    key: JSON.stringify([withoutNpm(moduleSpecifier.text), kind, imported]),
    imported,
    kind,
    typeOnly: importClause.phaseModifier === ts.SyntaxKind.TypeKeyword ? "list" : undefined,
  });
  const { name, namedBindings } = importClause;
  const names = name === undefined ? [] : [of(name, "default", "default")];
  if (namedBindings === undefined) return names;
  if (ts.isNamespaceImport(namedBindings)) return [...names, of(namedBindings.name, "namespace", "*")];
  return [
    ...names,
    ...namedBindings.elements.map((element) => {
      const { typeOnly, ...rest } = of(
        element.name,
        "named",
        (element.propertyName ?? element.name).getText(),
      );
      return { ...rest, typeOnly: typeOnly ?? (element.isTypeOnly ? ("name" as const) : undefined) };
    }),
  ];
}

/**
 * Writes an import.
 *
 * @param declaration - as the cell has it
 * @param names - those that are kept, with what they are called
 * @returns the statement; empty if nothing is kept of an import of names
 */
export function importText(
  declaration: ts.ImportDeclaration,
  names: readonly (ImportedName & { readonly local: string })[],
): string {
  const { moduleSpecifier, importClause, attributes } = declaration;
  if (!ts.isStringLiteral(moduleSpecifier)) return declaration.getText();
  const module = withoutNpm(moduleSpecifier.text);
  // The kernel reads JSON without being told what it is.
  const given = attributes?.getText() ?? (/\.json$/.test(module) ? 'with { type: "json" }' : "");
  const end = `${JSON.stringify(module)}${given === "" ? "" : ` ${given}`};`;
  if (importClause === undefined) return `import ${end}`;
  if (names.length === 0) return "";
  const named = names.filter(({ kind }) => kind === "named").map(namedText);
  const parts = [
    ...names.filter(({ kind }) => kind === "default").map(({ local }) => local),
    ...names.filter(({ kind }) => kind === "namespace").map(({ local }) => `* as ${local}`),
    ...(named.length === 0 ? [] : [`{ ${named.join(", ")} }`]),
  ];
  const word = importClause.phaseModifier === ts.SyntaxKind.TypeKeyword ? "type " : "";
  return `import ${word}${parts.join(", ")} from ${end}`;
}

function namedText({ imported, local, typeOnly }: ImportedName & { readonly local: string }): string {
  const renamed = imported === local ? imported : `${imported} as ${local}`;
  return typeOnly === "name" ? `type ${renamed}` : renamed;
}
