import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { DocumentFormattingRequest, LanguageClient } from "vscode-languageclient/node";
import { hasTypeScriptServer, kernelOf, silenceTypeScript } from "./cells.js";
import { findKernels, type Kernel } from "./kernels.js";

const LANGUAGES = ["typescript", "javascript"];

let client: LanguageClient | undefined;

/** VS Code calls it when a notebook of Jupyter is opened, or a command is chosen. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const kernels = findKernels(folders);
  const [kernel] = kernels;
  context.subscriptions.push(
    vscode.commands.registerCommand("rnnlab.newNotebook", () => newNotebook(kernel)),
    vscode.commands.registerCommand("rnnlab.openLectures", () => openLectures(kernel)),
    vscode.commands.registerCommand("rnnlab.doctor", () => runDoctor(kernel)),
    vscode.commands.registerTextEditorCommand("rnnlab.formatCell", ({ document }) => formatCell(document)),
  );
  if (kernel === undefined) return missKernel(context);
  const names = new Set(kernels.map(({ name }) => name));
  context.subscriptions.push(markActive(names));
  const silence = silenceTypeScript(names);
  await start(kernel, [...names], String(context.extension.packageJSON.version));
  context.subscriptions.push(...[await silence].filter((each) => each !== undefined));
}

/** VS Code calls it at its end. */
export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function start(kernel: Kernel, names: readonly string[], version: string): Promise<void> {
  const [command, ...args] = kernel.command;
  const options = { env: { ...process.env, ...kernel.env } };
  client = new LanguageClient(
    "rnnlab",
    "rnnlab",
    { command, args: [...args, "lsp", "--stdio"], options },
    {
      documentSelector: LANGUAGES.map((language) => ({ notebook: "jupyter-notebook", language })),
      initializationOptions: { kernels: names },
      // VS Code's TypeScript lists the symbols of a cell itself, unless it is native: that knows no cells.
      middleware: {
        provideDocumentSymbols: async (document, token, next) =>
          (await hasTypeScriptServer()) ? [] : next(document, token),
      },
    },
  );
  try {
    await client.start();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const place = kernel.command.at(-1);
    void tellOfRepair(`The language server of ${place} does not start (${why}).`, "npx rnnlab install");
    return;
  }
  const found = client.initializeResult?.serverInfo?.version;
  if (found !== version)
    void tellOfRepair(`The kernel is rnnlab ${found}, the extension ${version}.`, "npx rnnlab vsix");
}

const TERMINAL = "Open a Terminal";
const RELOAD = "Reload Window";

/**
 * Says what is wrong, and the command that repairs it. VS Code shows a message whole only if it has buttons.
 *
 * @param command - what repairs it, before the window is loaded anew
 */
async function tellOfRepair(fault: string, command: string): Promise<void> {
  const text = `${fault} Run: ${command}`;
  const chosen = await vscode.window.showWarningMessage(text, TERMINAL, RELOAD);
  if (chosen === RELOAD) await vscode.commands.executeCommand("workbench.action.reloadWindow");
  if (chosen !== TERMINAL) return;
  const terminal = vscode.window.createTerminal("rnnlab");
  terminal.show();
  // The person sees what is to run, and starts it.
  terminal.sendText(command, false);
}

/** Says once that there is no kernel, as soon as a notebook needs it. */
function missKernel(context: vscode.ExtensionContext): void {
  let told = false;
  const tell = (notebook: vscode.NotebookDocument): void => {
    if (told || !/^rnnlab\b/.test(kernelOf(notebook) ?? "")) return;
    told = true;
    void tellOfRepair("No rnnlab kernel is installed.", "npx rnnlab install");
  };
  vscode.workspace.notebookDocuments.forEach(tell);
  context.subscriptions.push(vscode.workspace.onDidOpenNotebookDocument(tell));
}

/** VS Code's own new notebook has a cell of Python, whatever the kernel is. */
async function newNotebook(kernel: Kernel | undefined): Promise<void> {
  const { name, displayName, language } = kernel ?? {
    name: "rnnlab",
    displayName: "TypeScript (rnnlab)",
    language: "typescript",
  };
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, "", language);
  const data = new vscode.NotebookData([cell]);
  data.metadata = {
    metadata: {
      kernelspec: { name, display_name: displayName, language },
      language_info: { name: language },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  const notebook = await vscode.workspace.openNotebookDocument("jupyter-notebook", data);
  await vscode.window.showNotebookDocument(notebook);
}

async function openLectures(kernel: Kernel | undefined): Promise<void> {
  const root = kernel === undefined ? undefined : join(dirname(kernel.command.at(-1) ?? ""), "../..");
  const pattern = root && new vscode.RelativePattern(vscode.Uri.file(root), "notebooks/*.ipynb");
  const found = pattern === undefined ? [] : await vscode.workspace.findFiles(pattern);
  if (found.length === 0) {
    void vscode.window.showWarningMessage(
      "The lectures are in rnnlab's repository, from which this kernel was not installed: clone it, and open its folder notebooks",
    );
    return;
  }
  const names = found.map(({ path }) => path.slice(path.lastIndexOf("/") + 1)).sort();
  const chosen = await vscode.window.showQuickPick(names, { placeHolder: "A lecture" });
  const uri = found.find(({ path }) => chosen !== undefined && path.endsWith(`/${chosen}`));
  if (uri !== undefined) await vscode.commands.executeCommand("vscode.openWith", uri, "jupyter-notebook");
}

/**
 * Keeps the context `rnnlab.isActive` of VS Code's keys: whether the notebook that is edited is one of ours.
 *
 * @param kernels - the names of the kernelspecs of rnnlab
 */
function markActive(kernels: ReadonlySet<string>): vscode.Disposable {
  const mark = (editor: vscode.NotebookEditor | undefined): void => {
    const isOurs = editor !== undefined && kernels.has(kernelOf(editor.notebook) ?? "");
    void vscode.commands.executeCommand("setContext", "rnnlab.isActive", isOurs);
  };
  mark(vscode.window.activeNotebookEditor);
  return vscode.window.onDidChangeActiveNotebookEditor(mark);
}

/** Formats a cell by the language server: VS Code's own command first asks which formatter is to be that of all files. */
async function formatCell(document: vscode.TextDocument): Promise<void> {
  const edits = await client?.sendRequest(DocumentFormattingRequest.type, {
    textDocument: { uri: String(document.uri) },
    options: { tabSize: 2, insertSpaces: true },
  });
  const changes = new vscode.WorkspaceEdit();
  for (const {
    range: { start, end },
    newText,
  } of edits ?? [])
    changes.replace(
      document.uri,
      new vscode.Range(start.line, start.character, end.line, end.character),
      newText,
    );
  await vscode.workspace.applyEdit(changes);
}

function runDoctor(kernel: Kernel | undefined): void {
  const [shellPath, ...args] = kernel?.command ?? ["npx", "rnnlab"];
  const quoted = [shellPath, ...args, "doctor"].map((each) =>
    /[\s"]/.test(each) ? JSON.stringify(each) : each,
  );
  const terminal = vscode.window.createTerminal("rnnlab doctor");
  terminal.show();
  terminal.sendText(quoted.join(" "));
}
