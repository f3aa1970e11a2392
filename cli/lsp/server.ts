import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import {
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  NotebookDocuments,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { createConnection } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { NotebooksClient } from "../../kernel/compiler/client/notebooks-client.js";
import { TOKEN_MODIFIERS, TOKEN_TYPES } from "../../kernel/shared/editor-messages.js";
import { LANGUAGES } from "../../kernel/shared/language.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { answerQuestions } from "./answers.js";
import { readNotebookDocument, type Settings } from "./cell-documents.js";
import { OpenNotebooks } from "./open-notebooks.js";

/** What cells import may change with these files. */
const WATCHED = ["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}", "**/{package,package-lock,tsconfig*}.json"];

/**
 * Serves an editor until it has gone.
 *
 * @param input - from the editor
 * @param output - to it
 * @param client - of the process that answers for the notebooks
 * @returns the exit code: 1 if it has gone without a word
 */
export function serveEditor(input: Readable, output: Writable, client: NotebooksClient): Promise<number> {
  const connection = createConnection(input, output);
  const notebooks = new OpenNotebooks(client, (uri, diagnostics, version) => {
    const told = version === undefined ? {} : { version };
    // Nobody is there to be told of a connection that is closed.
    connection.sendDiagnostics({ uri, ...told, diagnostics }).catch(() => {});
  });
  let settings: Settings = { kernels: undefined };
  let watches = false;
  connection.onInitialize((params) => {
    settings = settingsOf(params);
    watches = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return capabilities();
  });
  connection.onInitialized(() => {
    if (!watches) return;
    const watchers = WATCHED.map((globPattern) => ({ globPattern }));
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => {});
  });
  connection.onDidChangeWatchedFiles(() => void notebooks.client.call("refresh").catch(() => {}));
  listen(connection, notebooks, () => settings);
  answerQuestions(connection, notebooks);
  return new Promise((resolve) => {
    let told = false;
    const end = (): void => {
      notebooks.client.end();
      resolve(told ? 0 : 1);
    };
    connection.onShutdown(() => {
      told = true;
    });
    connection.onExit(end);
    input.on("end", end);
    connection.listen();
  });
}

/** Keeps the notebooks as the editor has them. */
function listen(connection: Connection, notebooks: OpenNotebooks, settings: () => Settings): void {
  const documents = new NotebookDocuments(TextDocument);
  const update = (uri: string): void => {
    const notebook = documents.getNotebookDocument(uri);
    if (notebook === undefined) return;
    const cellText = (cell: string) => documents.cellTextDocuments.get(cell);
    notebooks.update(uri, readNotebookDocument(notebook, cellText, settings()));
  };
  documents.onDidOpen(({ uri }) => update(uri));
  documents.onDidClose(({ uri }) => notebooks.close(uri));
  documents.listen(tellingOfEveryChange(connection, update));
  const joined = new TextDocuments(TextDocument);
  joined.onDidChangeContent(({ document }) =>
    notebooks.update(document.uri, joinedDocuments().readJoinedDocument(document)),
  );
  joined.onDidClose(({ document }) => notebooks.close(document.uri));
  joined.listen(connection);
}

/**
 * A connection that tells of a notebook after each of its changes. The documents themselves tell of none when cells have
 * only been moved.
 */
function tellingOfEveryChange(connection: Connection, tell: (uri: string) => void): Connection {
  const { synchronization } = connection.notebooks;
  const onDidChangeNotebookDocument: typeof synchronization.onDidChangeNotebookDocument = (handler) =>
    synchronization.onDidChangeNotebookDocument(async (params) => {
      await handler(params);
      tell(params.notebookDocument.uri);
    });
  const notebooks = { synchronization: { ...synchronization, onDidChangeNotebookDocument } };
  return Object.create(connection, { notebooks: { value: notebooks } });
}

const load = createRequire(__filename);

/** It parses cells, and loading the parser takes a fifth of a second, which editors that know notebooks need not wait. */
const joinedDocuments = () => load("./joined-document.js") as typeof import("./joined-document.js");

function settingsOf({ initializationOptions }: InitializeParams): Settings {
  const kernels: unknown = initializationOptions?.kernels;
  return { kernels: Array.isArray(kernels) ? kernels.map(String) : undefined };
}

function capabilities(): InitializeResult {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  const cells = LANGUAGES.map((language) => ({ language }));
  return {
    serverInfo: { name: "rnnlab", version },
    capabilities: {
      positionEncoding: "utf-16",
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      notebookDocumentSync: { notebookSelector: [{ notebook: "*", cells }] },
      hoverProvider: true,
      completionProvider: { triggerCharacters: [".", '"', "'", "/", "#"], resolveProvider: true },
      signatureHelpProvider: { triggerCharacters: ["(", ",", "<"], retriggerCharacters: [")"] },
      definitionProvider: true,
      typeDefinitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      documentFormattingProvider: true,
      codeActionProvider: { codeActionKinds: ["quickfix"] },
      semanticTokensProvider: {
        legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [...TOKEN_MODIFIERS] },
        full: true,
      },
    },
  };
}
