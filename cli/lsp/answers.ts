import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Connection,
  LSPErrorCodes,
  MarkupKind,
  ResponseError,
  type SemanticTokens,
  type TextEdit,
} from "vscode-languageserver";
import type { Cursor } from "../../kernel/shared/editor-messages.js";
import type { CellDocument } from "./cell-documents.js";
import type { OpenNotebooks } from "./open-notebooks.js";
import { completionOf, joinedTokens, moved, SOURCE, symbolOf } from "./protocol-values.js";

/** Answers an editor's questions. Those about documents that are no cells of ours have no answer. */
export function answerQuestions(connection: Connection, notebooks: OpenNotebooks): void {
  answerAboutNames(connection, notebooks);
  answerWhileTyping(connection, notebooks);
  answerAboutCells(connection, notebooks);
}

function answerAboutNames(connection: Connection, notebooks: OpenNotebooks): void {
  const { client } = notebooks;
  connection.onHover(async ({ textDocument, position }) => {
    const cursor = notebooks.cursorAt(textDocument.uri, position);
    const hover = cursor && (await client.call("hover", cursor.at));
    if (hover === undefined) return null;
    const contents = { kind: MarkupKind.Markdown, value: hover.markdown };
    return { contents, range: moved(hover.range, cursor?.cell.line ?? 0) };
  });
  connection.onDefinition(async ({ textDocument, position }) => {
    const cursor = notebooks.cursorAt(textDocument.uri, position);
    return cursor && notebooks.locationsOf(cursor.notebook, await client.call("definitions", cursor.at));
  });
  connection.onTypeDefinition(async ({ textDocument, position }) => {
    const cursor = notebooks.cursorAt(textDocument.uri, position);
    return cursor && notebooks.locationsOf(cursor.notebook, await client.call("typeDefinitions", cursor.at));
  });
  connection.onReferences(async ({ textDocument, position, context }) => {
    const cursor = notebooks.cursorAt(textDocument.uri, position);
    if (cursor === undefined) return null;
    const places = await client.call("references", cursor.at, context.includeDeclaration);
    return notebooks.locationsOf(cursor.notebook, places);
  });
  connection.onDocumentHighlight(async ({ textDocument: { uri }, position }) => {
    const cursor = notebooks.cursorAt(uri, position);
    if (cursor === undefined) return null;
    const places = await client.call("references", cursor.at, true);
    return notebooks.locationsOf(cursor.notebook, places).filter((each) => each.uri === uri);
  });
  connection.onPrepareRename(async ({ textDocument, position }) => {
    const cursor = notebooks.cursorAt(textDocument.uri, position);
    const range = cursor && (await client.call("renamed", cursor.at));
    return range === undefined ? null : moved(range, cursor?.cell.line ?? 0);
  });
  connection.onRenameRequest(async ({ textDocument, position, newName }) => {
    const cursor = notebooks.cursorAt(textDocument.uri, position);
    if (cursor === undefined) return null;
    const renaming = await client.call("rename", cursor.at, newName);
    if ("refused" in renaming) throw new ResponseError(LSPErrorCodes.RequestFailed, renaming.refused);
    return notebooks.editsOf(cursor.notebook, renaming.edits);
  });
}

function answerWhileTyping(connection: Connection, notebooks: OpenNotebooks): void {
  const { client } = notebooks;
  connection.onCompletion(async ({ textDocument, position }) => {
    const cursor = notebooks.cursorAt(textDocument.uri, position);
    const list = cursor && (await client.call("complete", cursor.at));
    if (cursor === undefined || list === undefined) return null;
    const range = moved(list.range, cursor.cell.line);
    const items = list.items.map((item, index) => completionOf(item, index, range, cursor.at));
    // With what is typed next fewer names remain, which then have signatures.
    return { isIncomplete: true, items };
  });
  connection.onCompletionResolve(async (item) => {
    const value = await client.call("describe", item.data as Cursor, item.label);
    return value === "" ? item : { ...item, documentation: { kind: MarkupKind.Markdown, value } };
  });
  connection.onSignatureHelp(async ({ textDocument, position }) => {
    const cursor = notebooks.cursorAt(textDocument.uri, position);
    const help = cursor && (await client.call("signatures", cursor.at));
    if (help === undefined) return null;
    const markdown = (value: string) => ({ kind: MarkupKind.Markdown, value });
    return {
      activeSignature: help.active,
      activeParameter: help.parameter,
      signatures: help.signatures.map(({ label, documentation, parameters }) => ({
        label,
        documentation: markdown(documentation),
        parameters: parameters.map((each) => ({
          label: each.label,
          documentation: markdown(each.documentation),
        })),
      })),
    };
  });
}

function answerAboutCells(connection: Connection, notebooks: OpenNotebooks): void {
  const { client } = notebooks;
  connection.onDocumentSymbol(async ({ textDocument }) => {
    const lists = notebooks.cellsOf(textDocument.uri).map(async ({ notebook, cell }) => {
      const symbols = await client.call("symbols", notebook, cell.id);
      return symbols.map((symbol) => symbolOf(symbol, cell.line));
    });
    return (await Promise.all(lists)).flat();
  });
  connection.languages.semanticTokens.on(async ({ textDocument }): Promise<SemanticTokens> => {
    const cells = notebooks.cellsOf(textDocument.uri).map(async ({ notebook, cell }) => ({
      line: cell.line,
      tokens: await client.call("tokens", notebook, cell.id),
    }));
    return { data: joinedTokens(await Promise.all(cells)) };
  });
  connection.onCodeAction((params) => fixes(notebooks, params));
  connection.onDocumentFormatting(async ({ textDocument }) => {
    const edits = notebooks
      .cellsOf(textDocument.uri)
      .map(({ notebook, cell }) => formatted(notebooks, notebook, cell));
    return (await Promise.all(edits)).flat();
  });
}

/** A cell in the form that the formatter of its folder gives it. */
async function formatted(
  notebooks: OpenNotebooks,
  id: string,
  { source, line }: CellDocument,
): Promise<TextEdit[]> {
  const notebook = notebooks.notebookOf(id);
  if (notebook === undefined) return [];
  // They load TypeScript, which is not needed before.
  const { findFormatter } = await import("../formatting/find-formatter.js");
  const { formatCell } = await import("../formatting/format-cell.js");
  const newText = await formatCell(source, notebook.language, findFormatter(notebook.folder));
  if (newText === source) return [];
  const lines = source.split("\n");
  const end = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return [{ range: moved({ start: { line: 0, character: 0 }, end }, line), newText }];
}

async function fixes(
  notebooks: OpenNotebooks,
  { textDocument, context }: CodeActionParams,
): Promise<CodeAction[]> {
  const found = context.diagnostics
    .filter(({ source, code }) => source === SOURCE && typeof code === "number")
    .map(async (diagnostic) => {
      const cursor = notebooks.cursorAt(textDocument.uri, diagnostic.range.start);
      if (cursor === undefined) return [];
      const { notebook, cell } = cursor;
      const range = moved(diagnostic.range, -cell.line);
      const list = await notebooks.client.call("fixes", notebook, cell.id, range, [Number(diagnostic.code)]);
      return list.map(
        ({ title, edits }): CodeAction => ({
          title,
          kind: CodeActionKind.QuickFix,
          diagnostics: [diagnostic],
          edit: notebooks.editsOf(notebook, new Map([[cell.id, edits]])),
        }),
      );
    });
  return (await Promise.all(found)).flat();
}
