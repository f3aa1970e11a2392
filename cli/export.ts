import { statSync } from "node:fs";
import { UsageError } from "../src/platform/usage-error.js";
import { parseArguments } from "./arguments.js";
import { exportNotebook } from "./notebooks/export/export-notebook.js";
import { readNotebook } from "./notebooks/notebook-file.js";
import { replaceFile } from "./notebooks/replace-file.js";

const OPTIONS = { to: { type: "string" }, output: { type: "string" }, json: { type: "boolean" } } as const;

/**
 * `rnnlab export`: writes a notebook as one module of TypeScript.
 *
 * @param args - what follows the command's name
 * @returns the exit code: 1 if a cell had to be left out that the notebook needs
 * @throws {UsageError} when the arguments are wrong
 */
export async function exportModule(args: readonly string[]): Promise<number> {
  const { path, output, json } = readArguments(args);
  const notebook = readNotebook(path);
  if (notebook.language !== "typescript")
    throw new Error(
      `Cannot export ${path} as TypeScript: its cells must be TypeScript, got ${notebook.language}`,
    );
  const exported = await exportNotebook(notebook, output);
  if (exported.isJsx && output !== undefined && !/\.[jt]sx$/.test(output))
    throw new Error(`Cannot export ${path}: with JSX the output must end in .tsx, got ${output}`);
  if (output !== undefined) replaceFile(output, [exported.text]);
  const missing = exported.leftOut.filter(({ expected }) => !expected);
  if (json) {
    const leftOut = exported.leftOut.map(({ number, why, expected }) => ({ cell: number, why, expected }));
    const written = output === undefined ? { code: exported.text } : { output };
    console.log(JSON.stringify({ notebook: path, ...written, cells: exported.cells, leftOut }, undefined, 2));
  } else if (output === undefined) process.stdout.write(exported.text);
  else console.log(`Wrote ${output}: ${exported.cells} cells`);
  for (const { number, why } of missing) console.error(`rnnlab: ${path}, cell ${number} is left out: ${why}`);
  return missing.length === 0 ? 0 : 1;
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseArguments(args, OPTIONS);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new UsageError("export takes one notebook");
  if (values.to !== undefined && values.to !== "ts")
    throw new UsageError(`--to must be ts, got ${JSON.stringify(values.to)}`);
  const { output, json = false } = values;
  if (output !== undefined && statSync(output, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--output must be a file, got the folder ${output}`);
  return { path, output, json };
}
