import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { executeNotebook } from "../../../scripts/notebooks/execute.js";
import { venvPython } from "../../../setup/paths.js";

/**
 * Runs a notebook of one cell in a folder, with the kernel that is installed under the folder.
 *
 * @returns what the cell prints first
 */
export async function printedBy(source: string, folder: string): Promise<string> {
  const cell = { cell_type: "code", id: "a", metadata: {}, execution_count: null, outputs: [], source };
  const path = join(folder, "notebook.ipynb");
  writeFileSync(path, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  const out = join(folder, "out");
  mkdirSync(out);
  const env = { ...process.env, JUPYTER_PATH: join(folder, "share/jupyter") };
  const options = {
    python: venvPython(),
    out,
    size: "quick",
    env,
    write: () => {},
    kernel: "rnnlab",
  } as const;
  assert.equal((await executeNotebook(path, options)).error, null);
  const executed = JSON.parse(readFileSync(join(out, "notebook.ipynb"), "utf8"));
  return executed.cells[0].outputs[0].text.join("");
}
