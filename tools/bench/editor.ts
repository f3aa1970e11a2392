import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { joinedText, type NotebookDocument } from "../../cli/notebooks/notebook-document.js";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Measurement } from "./kernel.js";
import { spreadOf } from "./statistics.js";

const LECTURE = join(packageRoot, "notebooks/000-electricity-production.ipynb");
/** The code cell that is edited, from 0. */
const EDITED = 8;
const EDITS = 6;

/** One opening of the lecture, in ms. */
interface Opening {
  readonly whole: number;
  /** Of the processor, in the main thread of the server and in that of the process of the types. */
  readonly processor: readonly [server: number, types: number] | undefined;
  readonly edits: readonly number[];
}

/**
 * Opens lecture 000 in the language server as an editor does, and adds a mistake to a cell several times.
 *
 * @param repetitions - how often, each time with a new server
 * @returns milliseconds from the opening to the last cell, also of the processor, and from an edit to its underline
 */
export async function measureEditor(repetitions: number): Promise<Measurement[]> {
  const runs: Opening[] = [];
  for (let run = 0; run < repetitions; run++) runs.push(await openLecture());
  const row = (workload: string, values: readonly number[]): Measurement => ({
    workload: `editor: ${workload}`,
    variant: "rnnlab",
    unit: "ms",
    spread: spreadOf(values),
  });
  const processor = runs.flatMap((run) => (run.processor === undefined ? [] : [run.processor]));
  return [
    row(
      "from the start of the server to the last cell of lecture 000",
      runs.map(({ whole }) => whole),
    ),
    ...(processor.length === 0
      ? []
      : [
          row(
            "of that, the server's main thread on a processor",
            processor.map(([server]) => server),
          ),
          row(
            "of that, the main thread of the types on a processor",
            processor.map(([, types]) => types),
          ),
        ]),
    row(
      "from an edit to its underline",
      runs.flatMap(({ edits }) => edits),
    ),
  ];
}

async function openLecture(): Promise<Opening> {
  const { cells, metadata } = JSON.parse(readFileSync(LECTURE, "utf8")) as NotebookDocument;
  const sources = cells.filter((each) => each.cell_type === "code").map((each) => joinedText(each.source));
  const notebook = pathToFileURL(LECTURE).href;
  const addresses = sources.map(
    (_, index) => `${notebook.replace("file:", "vscode-notebook-cell:")}#${index}`,
  );
  const begin = performance.now();
  const child = spawn(process.execPath, [join(packageRoot, "dist/cli/main.js"), "lsp", "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (child.stdout === null || child.stdin === null) throw new Error("Cannot talk to the language server");
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  await connection.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
  await connection.sendNotification("initialized", {});
  const last = told(connection, addresses.at(-1) ?? "", 1);
  await connection.sendNotification("notebookDocument/didOpen", {
    notebookDocument: {
      uri: notebook,
      notebookType: "jupyter-notebook",
      version: 1,
      metadata: { metadata },
      cells: addresses.map((document) => ({ kind: 2, document })),
    },
    cellTextDocuments: sources.map((text, index) => ({
      uri: addresses[index],
      languageId: "typescript",
      version: 1,
      text,
    })),
  });
  await last;
  const whole = performance.now() - begin;
  const processor = processorTimes(child);
  const edits: number[] = [];
  const uri = addresses[EDITED] ?? "";
  for (let version = 2; version < EDITS + 2; version++) {
    const edited = performance.now();
    const underlined = told(connection, uri, version);
    await connection.sendNotification("notebookDocument/didChange", {
      notebookDocument: { uri: notebook, version },
      change: {
        cells: {
          textContent: [
            {
              document: { uri, version },
              changes: [{ text: `${sources[EDITED]}\nconst planted${version}: number = "text";` }],
            },
          ],
        },
      },
    });
    await underlined;
    edits.push(performance.now() - edited);
  }
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  await ended;
  connection.dispose();
  return { whole, processor, edits };
}

interface Told {
  readonly uri: string;
  readonly version?: number;
}

/** Waits until the server has told what is wrong with a version of a cell. */
function told(connection: MessageConnection, uri: string, version: number): Promise<void> {
  return new Promise((resolve) => {
    const listener = connection.onNotification("textDocument/publishDiagnostics", (params: Told) => {
      if (params.uri !== uri || params.version !== version) return;
      listener.dispose();
      resolve();
    });
  });
}

/** How long the main threads of the server and of its process have had a processor, in ms, where Linux tells. */
function processorTimes({ pid }: ChildProcess): Opening["processor"] {
  if (process.platform !== "linux" || pid === undefined) return undefined;
  const timeOf = (each: number): number => {
    const [nanoseconds = ""] = readFileSync(`/proc/${each}/task/${each}/schedstat`, "utf8").split(" ");
    return Number(nanoseconds) / 1e6;
  };
  const types = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
  return [timeOf(pid), timeOf(types)];
}
