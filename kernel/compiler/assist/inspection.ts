import ts from "typescript";
import type { QuickInfo } from "../../shared/compiler-messages.js";
import { withoutCellModules } from "../cells/cell-specifiers.js";
import { moduleDocumentation } from "./module-documentation.js";

/**
 * What is known about the name at a position or, where none stands there, about the function whose arguments do.
 *
 * @param position - an offset in `file`
 */
export function inspectAt(
  service: ts.LanguageService,
  file: string,
  position: number,
): QuickInfo | undefined {
  return nameAt(service, file, position) ?? callAround(service, file, position);
}

/** What is known about the name at a position. */
export function nameAt(service: ts.LanguageService, file: string, position: number): QuickInfo | undefined {
  const info = service.getQuickInfoAtPosition(file, position);
  // TypeScript calls a name that it does not know "any", and an unknown type "unresolved".
  if (info === undefined || info.kind === ts.ScriptElementKind.unknown) return undefined;
  // That the name reaches this cell through an import of the header is of no interest.
  const signature = ts
    .displayPartsToString(info.displayParts)
    .replace(/^\(alias\) /gm, "")
    .replace(/\n(?:import|export) .*$/, "");
  if (signature.endsWith("= /*unresolved*/ any")) return undefined;
  if (signature.startsWith("import ")) return moduleAt(service, file, info) ?? quickInfo(signature, [], []);
  if (info.documentation?.length || info.tags?.length)
    return quickInfo(signature, info.documentation, info.tags);
  const meant = variableOfCell(service, file, info);
  const checker = service.getProgram()?.getTypeChecker();
  return quickInfo(signature, meant?.getDocumentationComment(checker), meant?.getJsDocTags(checker));
}

/** What a variable of the header stands for, which has the type of an earlier cell's: `const x: typeof import("…").x`. */
function variableOfCell(
  service: ts.LanguageService,
  file: string,
  { textSpan }: ts.QuickInfo,
): ts.Symbol | undefined {
  const program = service.getProgram();
  const source = program?.getSourceFile(file);
  const name = source && identifierAt(source, textSpan.start);
  const checker = program?.getTypeChecker();
  const declaration = name && checker?.getSymbolAtLocation(name)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const { type } = declaration;
  if (type === undefined || !ts.isImportTypeNode(type) || type.qualifier === undefined) return undefined;
  const exported = checker?.getSymbolAtLocation(type.qualifier);
  const isAlias = exported !== undefined && (exported.flags & ts.SymbolFlags.Alias) !== 0;
  return isAlias ? checker?.getAliasedSymbol(exported) : exported;
}

/** What a name that stands for a whole module was imported from: TypeScript says nothing about it. */
function moduleAt(
  service: ts.LanguageService,
  file: string,
  { textSpan }: ts.QuickInfo,
): QuickInfo | undefined {
  const program = service.getProgram();
  const source = program?.getSourceFile(file);
  const name = source && identifierAt(source, textSpan.start);
  if (program === undefined || name === undefined) return undefined;
  const checker = program.getTypeChecker();
  let symbol = checker.getSymbolAtLocation(name);
  let specifier: ts.Expression | undefined;
  while (symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0) {
    const declaration = symbol.declarations?.find(ts.isNamespaceImport);
    if (declaration !== undefined) specifier = declaration.parent.parent.moduleSpecifier;
    symbol = checker.getImmediateAliasedSymbol(symbol);
  }
  if (specifier === undefined) return undefined;
  const module = symbol?.declarations?.find(ts.isSourceFile);
  const documentation = module === undefined ? "" : moduleDocumentation(module);
  return {
    signature: `module ${specifier.getText()}`,
    documentation,
    tags: [],
    definitions: [],
  };
}

/** The name at a position, if it means a variable at the top of the file, as the notebook's are. */
export function topLevelNameAt(
  service: ts.LanguageService,
  file: string,
  position: number,
): string | undefined {
  const program = service.getProgram();
  const source = program?.getSourceFile(file);
  // The cursor may stand right after it.
  const name = source && (identifierAt(source, position) ?? identifierAt(source, position - 1));
  if (program === undefined || name === undefined) return undefined;
  const checker = program.getTypeChecker();
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  return symbol?.declarations?.some(isAtTop) ? name.text : undefined;
}

function isAtTop(declaration: ts.Declaration): boolean {
  let node: ts.Node = declaration;
  while (ts.isBindingElement(node) || ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node))
    node = node.parent;
  return ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent);
}

function identifierAt(node: ts.Node, position: number): ts.Identifier | undefined {
  return ts.forEachChild(node, (child) => {
    if (child.getStart() > position || child.end <= position) return undefined;
    return ts.isIdentifier(child) ? child : identifierAt(child, position);
  });
}

/** The signatures of a function that is being called, the one that fits the arguments so far at the top. */
function callAround(service: ts.LanguageService, file: string, position: number): QuickInfo | undefined {
  const help = service.getSignatureHelpItems(file, position, undefined);
  const selected = help?.items[help.selectedItemIndex];
  if (help === undefined || selected === undefined) return undefined;
  const ordered = [selected, ...help.items.filter((item) => item !== selected)];
  return quickInfo(ordered.map(signatureText).join("\n"), selected.documentation, selected.tags);
}

/** A signature as it is written. */
export function signatureText(item: ts.SignatureHelpItem): string {
  const text = ts.displayPartsToString;
  const parameters = item.parameters.map(({ displayParts }) => text(displayParts));
  const separator = text(item.separatorDisplayParts);
  return `${text(item.prefixDisplayParts)}${parameters.join(separator)}${text(item.suffixDisplayParts)}`;
}

function quickInfo(
  signature: string,
  documentation: ts.SymbolDisplayPart[] | undefined,
  tags: ts.JSDocTagInfo[] | undefined,
): QuickInfo {
  return {
    signature: withoutCellModules(signature),
    documentation: proseOf(documentation),
    tags: (tags ?? []).map((tag) => ({
      name: tag.name,
      text: proseOf(tag.text).replace(/^\{(.*?)\} /, "$1 "),
    })),
    definitions: [],
  };
}

/** Documentation as text; a link is the name that it leads to. */
function proseOf(parts: ts.SymbolDisplayPart[] | undefined): string {
  return ts.displayPartsToString(parts).replace(/\{@link(?:code|plain)?\s+([^}\s]+)\s*\}/g, "$1");
}
