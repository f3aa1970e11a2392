import ts from "typescript";
import { cellLanguage } from "../../../kernel/compiler/languages/cell-languages.js";
import { directivesOf } from "../../../kernel/compiler/syntax/declarations.js";
import { identifiersOf } from "../../../kernel/compiler/syntax/identifiers.js";
import { isJsxCell } from "../../../kernel/compiler/syntax/jsx.js";
import { wrappingOf } from "../../../kernel/compiler/syntax/object-cell.js";
import { undeclaredOf } from "../../../kernel/compiler/syntax/undeclared-names.js";
import type { Declaration } from "../../../kernel/shared/compiler-messages.js";
import { type Edit, edited } from "./edits.js";
import { type ImportedName, importedNames, importText } from "./import-list.js";
import { bindCells, type NameUse, nameUses, parseAsModule } from "./name-uses.js";
import { NameVersions, type Version } from "./name-versions.js";
import { commented, type NotebookPart, partTitle } from "./notebook-parts.js";

/** Where a cell that runs stands in the module's text. */
export interface CellSpan {
  readonly start: number;
  readonly end: number;
  /** Whether the notebook goes on if it throws. */
  readonly mayFail: boolean;
}

/** The cells as one module, whose types nobody has looked at yet. */
export interface JoinedCells {
  readonly text: string;
  readonly spans: readonly CellSpan[];
  readonly names: NameVersions;
  /** The comments that count at the start of a file only. */
  readonly directives: readonly string[];
  readonly isJsx: boolean;
  /** Names that are global to cells, but not to modules. */
  readonly outside: ReadonlySet<string>;
}

const language = cellLanguage("typescript");

/**
 * Joins the cells of a notebook. A name that a cell declares anew gets a number, and later cells use that.
 *
 * @param parts - the notebook's cells in their order
 * @returns the text, with what is to be known to finish it
 */
export function joinCells(parts: readonly NotebookPart[]): JoinedCells {
  const files = new Map<NotebookPart, ts.SourceFile>();
  for (const part of parts) {
    if (part.kind !== "code") continue;
    const { before, after } = wrappingOf(part.source, language.parse);
    const parsed = language.parse(before + part.source + after);
    const name = `/cell-${files.size}${language.extensionOf(parsed)}`;
    files.set(part, parseAsModule(name, parsed.text));
  }
  const checker = bindCells([...files.values()]);
  const names = new NameVersions([...files.values()].flatMap((file) => [...identifiersOf(file)]));
  const outside = new Set<string>();
  const spans: CellSpan[] = [];
  let text = "";
  for (const part of parts) {
    text += `${text === "" ? "" : "\n"}${partTitle(part)}\n`;
    const file = files.get(part);
    if (file === undefined || part.kind !== "code") {
      text += commented(part);
      continue;
    }
    const start = text.length;
    text += `${new RenamedCell(file, nameUses(file, checker), names, outside).text()}\n`;
    spans.push({ start, end: text.length, mayFail: part.mayFail });
  }
  const directives = [...files.values()].flatMap((file) => directivesOf(file.text));
  return {
    text,
    spans,
    names,
    directives: [...new Set(directives)],
    isJsx: [...files.values()].some(isJsxCell),
    outside,
  };
}

/** A cell whose names are those of the module. */
class RenamedCell {
  readonly #file: ts.SourceFile;
  readonly #uses: readonly NameUse[];
  readonly #names: NameVersions;
  readonly #edits: Edit[] = [];
  readonly #own = new Map<string, Version>();
  /** Imports that are here already. */
  readonly #repeated = new Set<ts.Identifier>();
  readonly #undeclared: readonly string[];

  constructor(file: ts.SourceFile, uses: readonly NameUse[], names: NameVersions, outside: Set<string>) {
    this.#file = file;
    this.#uses = uses;
    this.#names = names;
    const found = uses.filter(({ own }) => !own).map((use) => ({ use, version: this.#earlier(use) }));
    const declared = language.declarationsOf(file, (name) => names.find(name) !== undefined);
    this.#undeclared = undeclaredOf(declared);
    this.#declareAll(declared);
    for (const { use, version } of found) {
      const name = (version ?? this.#own.get(use.node.text))?.name;
      if (name !== undefined) this.#rename(use.node, name);
      else outside.add(use.node.text);
    }
  }

  text(): string {
    for (const { node, own } of this.#uses) {
      const version = own ? this.#own.get(node.text) : undefined;
      if (version !== undefined && !isImported(node)) this.#rename(node, version.name);
    }
    for (const statement of this.#file.statements) this.#asPartOfModule(statement);
    this.#end();
    // In the kernel, too, a variable that nothing declares may hold anything.
    const variables = this.#undeclared.map((name) => this.#own.get(name)?.name ?? name);
    const head = variables.length === 0 ? "" : `let ${variables.map((name) => `${name}: any`).join(", ")};\n`;
    return (head + edited(this.#file.text, this.#edits)).trim();
  }

  #earlier({ node, isType }: NameUse): Version | undefined {
    return this.#names.use(node.text, isType);
  }

  #declareAll(declared: ReadonlyMap<string, Declaration>): void {
    const imports = new Map(
      this.#file.statements
        .filter(ts.isImportDeclaration)
        .flatMap(importedNames)
        .map((each) => [each.node.text, each]),
    );
    for (const [name, declaration] of declared) {
      const imported = imports.get(name);
      const known = this.#names.find(name);
      if (imported !== undefined && known?.importKey !== undefined && provides(known.importKey, imported)) {
        this.#repeated.add(imported.node);
        this.#own.set(name, known);
      } else this.#own.set(name, this.#names.declare(name, declaration, imported && keyOf(imported)));
    }
  }

  #rename(node: ts.Identifier, name: string): void {
    if (node.text === name) return;
    const { parent } = node;
    const isShort =
      ts.isShorthandPropertyAssignment(parent) ||
      (ts.isBindingElement(parent) &&
        parent.name === node &&
        ts.isObjectBindingPattern(parent.parent) &&
        parent.propertyName === undefined &&
        parent.dotDotDotToken === undefined);
    this.#edit(node, isShort ? `${node.text}: ${name}` : name);
  }

  /** Exports are listed at the end of the module, and imports are written once. */
  #asPartOfModule(statement: ts.Statement): void {
    if (ts.isImportDeclaration(statement)) {
      const names = importedNames(statement);
      const kept = names
        .filter(({ node }) => !this.#repeated.has(node))
        .map((each) => ({ ...each, local: this.#own.get(each.node.text)?.name ?? each.node.text }));
      this.#edit(statement, importText(statement, kept));
    } else if (ts.isImportEqualsDeclaration(statement)) {
      const { moduleReference, name } = statement;
      const local = this.#own.get(name.text)?.name ?? name.text;
      if (ts.isExternalModuleReference(moduleReference))
        this.#edit(statement, `import ${local} from ${moduleReference.expression.getText()};`);
    } else if (ts.isExportDeclaration(statement)) this.#edit(statement, "");
    else if (ts.isExportAssignment(statement)) {
      this.#edits.push({ start: statement.getStart(), end: statement.expression.getStart(), text: "" });
    } else if (ts.canHaveModifiers(statement)) this.#withoutExport(statement);
  }

  #withoutExport(statement: ts.Statement & ts.HasModifiers): void {
    const words = (ts.getModifiers(statement) ?? []).filter(
      ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
    );
    const [first] = words;
    const last = words.at(-1);
    if (first === undefined || last === undefined) return;
    // The session has no result of a function without a name, and one of a class.
    const opening = ts.isFunctionDeclaration(statement) ? "void (" : "(";
    const nameless =
      (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
      statement.name === undefined;
    const end = last.end + (/^\s*/.exec(this.#file.text.slice(last.end))?.[0].length ?? 0);
    this.#edits.push({ start: first.getStart(), end, text: nameless ? opening : "" });
    if (nameless) this.#edits.push({ start: statement.end, end: statement.end, text: ");" });
  }

  /** The next cell may begin with a bracket, which would go on with an unfinished statement. */
  #end(): void {
    const last = this.#file.statements.at(-1);
    if (last === undefined || last.getText().endsWith(";")) return;
    const isOpen =
      ts.isExpressionStatement(last) || ts.isVariableStatement(last) || ts.isThrowStatement(last);
    if (isOpen || ts.isDoStatement(last)) this.#edits.push({ start: last.end, end: last.end, text: ";" });
  }

  #edit(node: ts.Node, text: string): void {
    const start = node.getStart();
    // What a statement is replaced by has its names already.
    for (let index = this.#edits.length - 1; index >= 0; index--) {
      const edit = this.#edits[index];
      if (edit !== undefined && edit.start >= start && edit.end <= node.end) this.#edits.splice(index, 1);
    }
    this.#edits.push({ start, end: node.end, text });
  }
}

const keyOf = ({ key, typeOnly }: ImportedName): string => (typeOnly === undefined ? key : `type ${key}`);

/** Whether an import that is there already gives all that another would: a value is also its type. */
const provides = (known: string, imported: ImportedName): boolean =>
  known === imported.key || known === keyOf(imported);

/** Whether an identifier is the name that an import gives: the whole statement is written anew. */
const isImported = ({ parent }: ts.Identifier): boolean =>
  ts.isImportSpecifier(parent) ||
  ts.isImportClause(parent) ||
  ts.isNamespaceImport(parent) ||
  ts.isImportEqualsDeclaration(parent);
