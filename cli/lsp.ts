import { parseArguments } from "./arguments.js";
import { serveEditor } from "./lsp/server.js";

/**
 * `rnnlab lsp`: a language server for the cells of notebooks, on standard input and output.
 *
 * @param args - what follows the command's name
 * @returns the exit code, when the editor has gone
 * @throws {UsageError} when the arguments are wrong
 */
export function lsp(args: readonly string[]): Promise<number> {
  // Editors name the way of talking that they use; there is no other here.
  parseArguments(args, { stdio: { type: "boolean" } }, false);
  return serveEditor(process.stdin, process.stdout);
}
