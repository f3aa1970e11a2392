import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../src/platform/usage-error.js";
import { parseArguments } from "./arguments.js";
import { extensionFiles } from "./vsix/extension-files.js";
import { packExtension } from "./vsix/pack.js";

/**
 * `rnnlab vsix`: writes the extension of VS Code.
 *
 * @param args - what follows the command's name
 * @returns the exit code
 * @throws {UsageError} when the arguments are wrong
 */
export async function vsix(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArguments(args, { output: { type: "string" } });
  if (positionals.length > 0) throw new UsageError(`vsix takes no names, got ${positionals.join(" ")}`);
  const { files, manifest } = extensionFiles();
  const output = values.output ?? `${manifest.name}-${manifest.version}.vsix`;
  writeFileSync(output, packExtension(files, manifest));
  console.log(`Wrote ${resolve(output)}; install it with: code --install-extension ${output}`);
  return 0;
}
