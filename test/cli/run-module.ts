import { readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";
import { run } from "../../tools/kernel-client/index.js";

/**
 * Writes a module of TypeScript as JavaScript, without a look at types, as Node itself does it: it leaves out what says
 * that it is a type, and nothing else.
 *
 * @param from - the module
 * @param to - the path of the script
 */
export function transpile(from: string, to: string): void {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  };
  const { outputText } = ts.transpileModule(readFileSync(from, "utf8"), { compilerOptions });
  writeFileSync(to, outputText);
}

/**
 * Runs a script of {@link transpile}.
 *
 * @param path - of the script
 * @param options - the folder to run it in, and how long it may take
 * @returns what it has printed
 * @throws {Error} when it fails, with what it has said
 */
export async function printedBy(path: string, options: Parameters<typeof run>[2]): Promise<string> {
  const { status, stdout, stderr } = await run(process.execPath, [path], options);
  if (status !== 0) throw new Error(`Cannot run ${path}: it must exit with 0, got ${status}: ${stderr}`);
  return stdout;
}
