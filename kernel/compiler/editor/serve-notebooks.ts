import type ts from "typescript";
import type {
  Cursor,
  EditorCalls,
  EditorNotebook,
  EditorRequest,
  EditorResponse,
} from "../../shared/editor-messages.js";
import { encodeFrame, FrameDecoder } from "../../shared/framing.js";
import { collectWhenIdle, LARGE } from "../../shared/idle-collection.js";
import type { CellAnalysis } from "../cell-analysis.js";
import { documentsBeside } from "../library/documents.js";
import { NotebookEditor } from "./notebook-editor.js";

/** What is found of cells is sent this often, in ms: each time takes the reader's and the writer's processor from the types. */
const TELLING = 50;

/** The open notebooks, and what is asked about them. */
class Notebooks implements EditorCalls {
  readonly #documents: ts.DocumentRegistry;
  /** What goes on as that of one notebook. */
  #practised: CellAnalysis | undefined;
  readonly #open = new Map<string, NotebookEditor>();

  constructor(documents: ts.DocumentRegistry, practised: CellAnalysis | undefined) {
    this.#documents = documents;
    this.#practised = practised;
  }

  /** Looks at one cell of a notebook that has some left; returns what was found, or nothing if all are done. */
  fold() {
    for (const editor of this.#open.values()) {
      const found = editor.fold();
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** After a failure what TypeScript knows may be anything. */
  startOver(): void {
    for (const editor of this.#open.values()) editor.startOver();
  }

  update(notebook: EditorNotebook): void {
    const known = this.#open.get(notebook.id);
    if (known !== undefined) {
      known.update(notebook);
      return;
    }
    const editor = new NotebookEditor(notebook, documentsBeside(this.#documents), this.#practised);
    this.#practised = undefined;
    this.#open.set(notebook.id, editor);
  }

  close(notebook: string): void {
    this.#open.delete(notebook);
  }

  refresh(): void {
    for (const editor of this.#open.values()) editor.refresh();
  }

  readonly hover = ({ notebook, cell, position }: Cursor) => this.#at(notebook)?.hover(cell, position);
  readonly complete = ({ notebook, cell, position }: Cursor) => this.#at(notebook)?.complete(cell, position);
  readonly describe = ({ notebook, cell, position }: Cursor, name: string) =>
    this.#at(notebook)?.describe(cell, position, name) ?? "";
  readonly signatures = ({ notebook, cell, position }: Cursor) =>
    this.#at(notebook)?.signatures(cell, position);
  readonly definitions = ({ notebook, cell, position }: Cursor) =>
    this.#at(notebook)?.definitions(cell, position) ?? [];
  readonly typeDefinitions = ({ notebook, cell, position }: Cursor) =>
    this.#at(notebook)?.typeDefinitions(cell, position) ?? [];
  readonly references = ({ notebook, cell, position }: Cursor, withDeclarations: boolean) =>
    this.#at(notebook)?.references(cell, position, withDeclarations) ?? [];
  readonly renamed = ({ notebook, cell, position }: Cursor) => this.#at(notebook)?.renamed(cell, position);
  readonly rename = ({ notebook, cell, position }: Cursor, name: string) =>
    this.#at(notebook)?.rename(cell, position, name) ?? { refused: "Cannot rename: the notebook is closed" };
  readonly symbols: EditorCalls["symbols"] = (notebook, cell) => this.#at(notebook)?.symbols(cell) ?? [];
  readonly fixes: EditorCalls["fixes"] = (notebook, cell, range, codes) =>
    this.#at(notebook)?.fixes(cell, range, codes) ?? [];
  readonly tokens: EditorCalls["tokens"] = (notebook, cell) => this.#at(notebook)?.tokens(cell) ?? [];

  #at(notebook: string): NotebookEditor | undefined {
    return this.#open.get(notebook);
  }
}

/**
 * Answers an editor's requests that come on standard input, on standard output, until the input ends. Between requests the
 * cells are looked at one by one, so a question never waits for more than one of them.
 *
 * @param documents - the parsed files of the process
 * @param practised - what has checked cells already
 */
export function serveNotebooks(documents: ts.DocumentRegistry, practised: CellAnalysis | undefined): void {
  const notebooks = new Notebooks(documents, practised);
  const decoder = new FrameDecoder();
  const stir = collectWhenIdle(LARGE);
  let unsent: Uint8Array[] = [];
  let sent = -TELLING;
  const send = (): void => {
    if (unsent.length > 0) process.stdout.write(Buffer.concat(unsent));
    unsent = [];
    sent = performance.now();
  };
  const put = (response: EditorResponse): void => void unsent.push(encodeFrame(response));
  let isGoingOn = false;
  const goOn = (): void => {
    if (isGoingOn) return;
    isGoingOn = true;
    setImmediate(() => {
      isGoingOn = false;
      const { value: found } = attempt(notebooks, () => notebooks.fold());
      if (found === undefined) {
        send();
        stir();
        return;
      }
      put({ found });
      if (performance.now() - sent >= TELLING) send();
      goOn();
    });
  };
  process.stdin.on("data", (chunk: Buffer) => {
    for (const { id, method, args } of decoder.push(chunk) as Generator<EditorRequest>) {
      const { value, failure } = attempt(notebooks, () => Reflect.apply(notebooks[method], notebooks, args));
      put(failure === undefined ? { id, value } : { id, failure });
    }
    send();
    // What is found next is what somebody waits for.
    sent = -TELLING;
    goOn();
    stir();
  });
  process.stdin.on("end", () => process.exit());
  // Whoever asked may have gone while cells were looked at.
  process.stdout.on("error", () => process.exit());
  process.on("SIGINT", () => {});
}

/** Does something that may fail in TypeScript. */
function attempt<Value>(
  notebooks: Notebooks,
  work: () => Value,
): { readonly value?: Value; readonly failure?: string } {
  try {
    return { value: work() };
  } catch (error) {
    notebooks.startOver();
    return { failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
