import * as vscode from "vscode";

type Metadata =
  | { readonly kernelspec?: { readonly name?: unknown; readonly language?: unknown } }
  | undefined;

/** The kernelspec that a notebook is for. */
function kernelspecOf({ notebookType, metadata }: vscode.NotebookDocument) {
  if (notebookType !== "jupyter-notebook") return undefined;
  // Older versions of VS Code have the file's metadata deeper.
  const file: Metadata = metadata.metadata ?? metadata.custom?.metadata;
  return file?.kernelspec;
}

/** The name of the kernelspec that a notebook is for. */
export function kernelOf(notebook: vscode.NotebookDocument): string | undefined {
  const name = kernelspecOf(notebook)?.name;
  return typeof name === "string" ? name : undefined;
}

/** Whether the language server answers for a cell: one in another language than its notebook's is left to VS Code. */
const isServed = ({ kind, document, notebook }: vscode.NotebookCell): boolean =>
  kind === vscode.NotebookCellKind.Code &&
  document.languageId === String(kernelspecOf(notebook)?.language ?? "typescript").toLowerCase();

/** How the TypeScript server calls the document of a cell. */
function serverName({ scheme, authority, path, fragment }: vscode.Uri): string {
  const rooted = path.startsWith("/") ? path : `/${path}`;
  return `^/${scheme}/${authority || "ts-nul-authority"}${rooted}${fragment === "" ? "" : `#${fragment}`}`;
}

/** Whether VS Code runs the TypeScript server that has plugins: native TypeScript cannot be started anew by this command. */
export async function hasTypeScriptServer(): Promise<boolean> {
  return (await vscode.commands.getCommands(true)).includes("typescript.restartTsServer");
}

/** How long the cells have not changed before the TypeScript server is told, in ms. */
const PAUSE = 100;

/** What the extension of VS Code for TypeScript exports. */
interface TypeScriptApi {
  getAPI(version: 0): { configurePlugin(name: string, configuration: object): void } | undefined;
}

/**
 * Tells the TypeScript server which cells it is to leave alone, and goes on telling it.
 *
 * @param kernels - the names of the kernelspecs of rnnlab
 * @returns what ends it; nothing where VS Code has no TypeScript
 */
export async function silenceTypeScript(
  kernels: ReadonlySet<string>,
): Promise<vscode.Disposable | undefined> {
  const extension = vscode.extensions.getExtension<TypeScriptApi>("vscode.typescript-language-features");
  const api = (await extension?.activate())?.getAPI?.(0);
  if (api === undefined) return undefined;
  const send = (): void => {
    const notebooks = vscode.workspace.notebookDocuments.filter((each) => kernels.has(kernelOf(each) ?? ""));
    const cells = notebooks.flatMap((each) =>
      each
        .getCells()
        .filter(isServed)
        .map(({ document }) => serverName(document.uri)),
    );
    api.configurePlugin("rnnlab-cells", { cells });
  };
  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  };
  send();
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenNotebookDocument(send),
    vscode.workspace.onDidCloseNotebookDocument(later),
    // A cell that gets another language is opened anew.
    vscode.workspace.onDidOpenTextDocument(({ uri }) => {
      if (uri.scheme === "vscode-notebook-cell") later();
    }),
    vscode.workspace.onDidChangeNotebookDocument(({ contentChanges, metadata }) => {
      if (contentChanges.length > 0 || metadata !== undefined) later();
    }),
    { dispose: () => clearTimeout(timer) },
  );
}
