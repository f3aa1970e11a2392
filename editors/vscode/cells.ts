import * as vscode from "vscode";

type Metadata = { readonly kernelspec?: { readonly name?: unknown } } | undefined;

/** The name of the kernelspec that a notebook is for. */
export function kernelOf({ notebookType, metadata }: vscode.NotebookDocument): string | undefined {
  if (notebookType !== "jupyter-notebook") return undefined;
  // Older versions of VS Code have the file's metadata deeper.
  const file: Metadata = metadata.metadata ?? metadata.custom?.metadata;
  const name = file?.kernelspec?.name;
  return typeof name === "string" ? name : undefined;
}

/** How the TypeScript server calls the document of a cell. */
function serverName({ scheme, authority, path, fragment }: vscode.Uri): string {
  const rooted = path.startsWith("/") ? path : `/${path}`;
  return `^/${scheme}/${authority || "ts-nul-authority"}${rooted}${fragment === "" ? "" : `#${fragment}`}`;
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
 * @returns what ends it; nothing where TypeScript has no plugins
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
        .filter(({ kind }) => kind === vscode.NotebookCellKind.Code)
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
    vscode.workspace.onDidChangeNotebookDocument(({ contentChanges, metadata }) => {
      if (contentChanges.length > 0 || metadata !== undefined) later();
    }),
    { dispose: () => clearTimeout(timer) },
  );
}
