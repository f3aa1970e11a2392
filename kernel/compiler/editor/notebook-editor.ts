import ts from "typescript";
import type {
  CellFindings,
  CellSymbol,
  CompletionList,
  EditorNotebook,
  Fix,
  Hover,
  Place,
  Position,
  Range,
  Renaming,
  Signatures,
} from "../../shared/editor-messages.js";
import { markdownOf } from "../../shared/quick-info-text.js";
import { completionsAt, isMember } from "../assist/completion.js";
import { nameAt, signatureText } from "../assist/inspection.js";
import type { CellAnalysis } from "../cell-analysis.js";
import { withoutCellModules } from "../cells/cell-specifiers.js";
import { type Declared, declaredAt, keyOf, placeOf } from "./declared-places.js";
import { findingsOf } from "./findings.js";
import { fixesAt } from "./fixes.js";
import { FoldedCells, type OpenCell } from "./folded-cells.js";
import { nameRangeAt, referencesAt, renameAt, renamedAt } from "./names.js";
import { symbolsOf, tokensOf } from "./outline.js";
import { offsetAt, positionAt } from "./positions.js";

/** Answers an editor's questions about one notebook. */
export class NotebookEditor {
  readonly #id: string;
  readonly #cells: FoldedCells;

  /**
   * @param documents - parsed files of this notebook
   * @param practised - what goes on as this one's, if it fits
   */
  constructor(notebook: EditorNotebook, documents: ts.DocumentRegistry, practised: CellAnalysis | undefined) {
    this.#id = notebook.id;
    this.#cells = new FoldedCells(notebook, documents, practised);
    this.update(notebook);
  }

  update({ cells }: EditorNotebook): void {
    this.#cells.update(cells);
  }

  refresh(): void {
    this.#cells.refresh();
  }

  startOver(): void {
    this.#cells.startOver();
  }

  /** Looks at the next cell that was not looked at; returns what is wrong with it, or nothing if there is none. */
  fold(): CellFindings | undefined {
    const folded = this.#cells.fold();
    if (folded === undefined) return undefined;
    const { id: cell, version } = folded.cell;
    return { notebook: this.#id, cell, version, findings: findingsOf(folded, this.#cells.analysis) };
  }

  hover(cell: string, position: Position): Hover | undefined {
    return this.#at(cell, position, (open, offset) => {
      const { service, host } = this.#cells.analysis;
      const range = nameRangeAt(this.#cells, open, offset);
      const info =
        range && nameAt(service, host.current, open.start + offsetAt(open.cell.source, range.start));
      return info && range && { range, markdown: markdownOf(info) };
    });
  }

  complete(cell: string, position: Position): CompletionList | undefined {
    const source = this.#sourceOf(cell);
    if (source === undefined) return undefined;
    const offset = offsetAt(source, position);
    const open = this.#cells.open(cell, isMember(source, offset) ? undefined : "every name");
    if (open === undefined) return undefined;
    const { service, host } = this.#cells.analysis;
    const { start, end, entries } = completionsAt(service, host.current, open.start, source, offset);
    return { range: { start: positionAt(source, start), end: positionAt(source, end) }, items: entries };
  }

  describe(cell: string, position: Position, name: string): string {
    const source = this.#sourceOf(cell) ?? "";
    const offset = offsetAt(source, position);
    const open = this.#cells.open(cell, isMember(source, offset) ? undefined : "every name");
    if (open === undefined) return "";
    const { service, host } = this.#cells.analysis;
    const place = open.start + offset;
    const { current } = host;
    const details = service.getCompletionEntryDetails(current, place, name, {}, undefined, {}, undefined);
    if (details === undefined) return "";
    const tags = (details.tags ?? []).map((tag) => ({
      name: tag.name,
      text: ts.displayPartsToString(tag.text),
    }));
    const signature = withoutCellModules(ts.displayPartsToString(details.displayParts))
      .replace(/^\(alias\) /gm, "")
      .replace(/\n(?:import|export) .*$/, "");
    const documentation = ts.displayPartsToString(details.documentation);
    return markdownOf({ signature, documentation, tags, definitions: [] });
  }

  signatures(cell: string, position: Position): Signatures | undefined {
    return this.#at(cell, position, ({ start }, offset) => {
      const { service, host } = this.#cells.analysis;
      const help = service.getSignatureHelpItems(host.current, start + offset, undefined);
      if (help === undefined || help.applicableSpan.start < start) return undefined;
      const text = (parts: ts.SymbolDisplayPart[] | undefined): string =>
        withoutCellModules(ts.displayPartsToString(parts));
      return {
        active: help.selectedItemIndex,
        parameter: help.argumentIndex,
        signatures: help.items.map((item) => ({
          label: withoutCellModules(signatureText(item)),
          documentation: text(item.documentation),
          parameters: item.parameters.map((each) => ({
            label: text(each.displayParts),
            documentation: text(each.documentation),
          })),
        })),
      };
    });
  }

  definitions(cell: string, position: Position): Place[] {
    return this.#places(cell, position, "getDefinitionAtPosition");
  }

  typeDefinitions(cell: string, position: Position): Place[] {
    return this.#places(cell, position, "getTypeDefinitionAtPosition");
  }

  references(cell: string, position: Position, withDeclarations: boolean): Place[] {
    const offset = offsetAt(this.#sourceOf(cell) ?? "", position);
    return referencesAt(this.#cells, cell, offset, withDeclarations);
  }

  renamed(cell: string, position: Position): Range | undefined {
    return renamedAt(this.#cells, cell, offsetAt(this.#sourceOf(cell) ?? "", position));
  }

  rename(cell: string, position: Position, name: string): Renaming {
    return renameAt(this.#cells, cell, offsetAt(this.#sourceOf(cell) ?? "", position), name);
  }

  symbols(cell: string): CellSymbol[] {
    const open = this.#cells.open(cell);
    return open === undefined ? [] : symbolsOf(this.#cells.analysis, open);
  }

  fixes(cell: string, { start, end }: Range, codes: readonly number[]): Fix[] {
    const open = this.#cells.open(cell);
    if (open === undefined) return [];
    const { source } = open.cell;
    const span = { start: offsetAt(source, start), end: offsetAt(source, end) };
    return fixesAt(this.#cells.analysis, open, span, codes);
  }

  tokens(cell: string): number[] {
    const open = this.#cells.open(cell);
    return open === undefined ? [] : tokensOf(this.#cells.analysis, open);
  }

  #places(
    cell: string,
    position: Position,
    question: "getDefinitionAtPosition" | "getTypeDefinitionAtPosition",
  ): Place[] {
    const found = this.#at(cell, position, (open, offset) => {
      const { service, host } = this.#cells.analysis;
      const infos = service[question](host.current, open.start + offset) ?? [];
      const places = new Map<string, Declared>();
      for (const info of infos) {
        const declared = this.#declared(open, info);
        if (declared !== undefined) places.set(keyOf(declared), declared);
      }
      return [...places.values()].map((each) => placeOf(each, (file) => host.readFile(file)));
    });
    return found ?? [];
  }

  /** Where a definition was written that the service has found. */
  #declared(open: OpenCell, { fileName, textSpan }: ts.DefinitionInfo): Declared | undefined {
    const { program } = this.#cells.analysis.checked();
    const file = program.getSourceFile(fileName);
    if (file === undefined || !this.#cells.analysis.host.isCell(fileName))
      return { file: fileName, start: textSpan.start, length: textSpan.length };
    const node = smallestAt(file, textSpan.start);
    return declaredAt(this.#cells, open, ts.isIdentifier(node) ? node.parent : node);
  }

  #sourceOf(id: string): string | undefined {
    return this.#cells.cells.find((cell) => cell.id === id)?.source;
  }

  #at<Answer>(
    cell: string,
    position: Position,
    answer: (open: OpenCell, offset: number) => Answer | undefined,
  ): Answer | undefined {
    const open = this.#cells.open(cell);
    return open && answer(open, offsetAt(open.cell.source, position));
  }
}

/** The smallest node at an offset. */
function smallestAt(file: ts.SourceFile, offset: number): ts.Node {
  const within = (node: ts.Node): ts.Node =>
    ts.forEachChild(node, (child) =>
      child.getStart(file) <= offset && offset < child.end ? within(child) : undefined,
    ) ?? node;
  return within(file);
}
