import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import type { TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { CLI } from "./notebook-project.js";

/** What is wrong with a document, as the server tells it. */
export interface Told {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly {
    readonly range: object;
    readonly severity: number;
    readonly code?: number;
    readonly source: string;
    readonly message: string;
  }[];
}

// biome-ignore lint/suspicious/noExplicitAny: what is in an answer differs from question to question
type Json = any;

/** A cell of a notebook that is opened. */
export interface EditedCell {
  readonly source: string;
  readonly language?: string;
  readonly kind?: "markup";
  readonly metadata?: object;
}

/** A client of `rnnlab lsp` that speaks the protocol over its standard input and output. */
export class LanguageClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: Json) => void; reject: (error: Error) => void }>();
  readonly #told: Told[] = [];
  readonly #listeners = new Set<() => void>();
  #bytes = Buffer.alloc(0);
  #nextId = 1;
  readonly exited: Promise<number | null>;

  constructor(context: Pick<TestContext, "after">, folder: string) {
    this.#child = spawn(process.execPath, [CLI, "lsp", "--stdio"], {
      cwd: folder,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.exited = new Promise((resolve) => this.#child.on("exit", resolve));
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#read(chunk));
    context.after(() => this.#child.kill());
  }

  /** Begins as an editor does; returns what the server can do. */
  async initialize(options: object = {}): Promise<Json> {
    const result = await this.request("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
      initializationOptions: options,
    });
    this.notify("initialized", {});
    return result;
  }

  request(method: string, params: object | null): Promise<Json> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  notify(method: string, params: object | null): void {
    this.#send({ method, params });
  }

  /** Opens a notebook; returns the addresses of its cells. */
  openNotebook(path: string, cells: readonly EditedCell[], metadata: object): string[] {
    const uri = pathToFileURL(path).href;
    const documents = cells.map(({ source, language = "typescript" }, index) => ({
      uri: `${uri.replace("file:", "vscode-notebook-cell:")}#cell${index}`,
      languageId: language,
      version: 1,
      text: source,
    }));
    this.notify("notebookDocument/didOpen", {
      notebookDocument: {
        uri,
        notebookType: "jupyter-notebook",
        version: 1,
        metadata,
        cells: cells.map(({ kind, metadata: own }, index) => ({
          kind: kind === "markup" ? 1 : 2,
          document: documents[index]?.uri,
          metadata: own,
        })),
      },
      cellTextDocuments: documents,
    });
    return documents.map((document) => document.uri);
  }

  /** Gives a cell another text. */
  editCell(notebook: string, cell: string, version: number, text: string): void {
    this.notify("notebookDocument/didChange", {
      notebookDocument: { uri: pathToFileURL(notebook).href, version },
      change: { cells: { textContent: [{ document: { uri: cell, version }, changes: [{ text }] }] } },
    });
  }

  /** What is wrong with a version of a document, as soon as the server has told it; of what comes first, if any is right. */
  async diagnostics(
    uri: string,
    version: number,
    isRight: (told: Told) => boolean = () => true,
  ): Promise<Told["diagnostics"]> {
    for (;;) {
      const told = this.#told.find((each) => each.uri === uri && each.version === version && isRight(each));
      if (told !== undefined) return told.diagnostics;
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.#listeners.delete(listener);
          resolve();
        };
        this.#listeners.add(listener);
      });
    }
  }

  /** Forgets what the server has told so far. */
  forget(): void {
    this.#told.length = 0;
  }

  /** Takes leave as an editor does; returns the exit code. */
  async leave(): Promise<number | null> {
    await this.request("shutdown", null);
    this.notify("exit", null);
    return this.exited;
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      const end = this.#bytes.indexOf("\r\n\r\n");
      if (end === -1) return;
      const [, digits] = /^Content-Length: (\d+)/m.exec(this.#bytes.subarray(0, end).toString()) ?? [];
      assert.ok(digits, "every message begins with its length");
      const length = Number(digits);
      if (this.#bytes.length < end + 4 + length) return;
      const text = this.#bytes.subarray(end + 4, end + 4 + length).toString();
      this.#bytes = this.#bytes.subarray(end + 4 + length);
      this.#take(JSON.parse(text));
    }
  }

  #take(message: Json): void {
    if (message.method === "textDocument/publishDiagnostics") {
      this.#told.push(message.params);
      for (const listener of this.#listeners) listener();
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined || message.method !== undefined) return;
    this.#waiting.delete(message.id);
    if (message.error !== undefined) waiting.reject(new Error(message.error.message));
    else waiting.resolve(message.result);
  }
}

/** Metadata of a notebook as VS Code hands it over. */
export const metadataOf = (name: string, language = "typescript"): object => ({
  metadata: { kernelspec: { name, display_name: name, language } },
});

/** Where a text stands in a document. */
export function positionOf(source: string, text: string, after = 0): { line: number; character: number } {
  const offset = source.indexOf(text);
  assert.notEqual(offset, -1, `there is ${JSON.stringify(text)}`);
  const lines = source.slice(0, offset + after).split("\n");
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** What stands in a range of a document. */
export function textIn(source: string, { start, end }: Json): string {
  const lines = source.split("\n");
  const part = lines.slice(start.line, end.line + 1);
  const last = part.length - 1;
  part[last] = part[last]?.slice(0, end.character) ?? "";
  part[0] = part[0]?.slice(start.character) ?? "";
  return part.join("\n");
}
