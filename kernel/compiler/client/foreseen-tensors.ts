import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { importsTensors } from "../../shared/tensor-imports.js";

/** How much of the notebooks in a folder is read, in bytes, since the kernel's start waits for it. */
const MOST_BYTES = 4_000_000;

/**
 * Whether the cells that are to come are likely to import what has the types of tensors. Jupyter Server names the notebook
 * that it starts a kernel for. Other front ends start a kernel in the folder of the notebook.
 *
 * @param folder - the notebook's folder, an absolute path
 * @param name - what Jupyter Server names, if it has started the kernel
 */
export function foreseesTensors(folder: string, name: string | undefined): boolean {
  let bytes = 0;
  try {
    for (const file of name?.endsWith(".ipynb") ? [name] : notebooksIn(folder)) {
      bytes += statSync(file).size;
      if (bytes > MOST_BYTES) return false;
      if (importsTensors(readFileSync(file, "utf8"))) return true;
    }
  } catch {
    // Nothing is foreseen of what cannot be read: the first import tells.
  }
  return false;
}

const notebooksIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".ipynb"))
    .map((file) => join(folder, file));
