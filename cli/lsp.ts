import { NotebooksClient } from "../kernel/compiler/client/notebooks-client.js";
import { parseArguments } from "./arguments.js";

/**
 * `rnnlab lsp`: a language server for the cells of notebooks, on standard input and output.
 *
 * @param args - what follows the command's name
 * @returns the exit code, when the editor has gone
 * @throws {UsageError} when the arguments are wrong
 */
export async function lsp(args: readonly string[]): Promise<number> {
  // Editors name the way of talking that they use; there is no other here.
  parseArguments(args, { stdio: { type: "boolean" } }, false);
  // Its process starts while the server is loaded.
  const client = new NotebooksClient();
  client.prepare();
  const { serveEditor } = await import("./lsp/server.js");
  return serveEditor(process.stdin, process.stdout, client);
}
