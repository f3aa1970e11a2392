import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { temporaryFolder } from "../setup/temporary.js";

/** The `rnnlab` command. */
export const CLI = resolve(__dirname, "../../cli/main.js");

/** A cell of a notebook to be written. */
export interface Cell {
  readonly source: string;
  readonly type?: "markdown";
  readonly tags?: readonly string[];
}

/** What a cell of a written notebook has. */
export interface WrittenCell {
  readonly cell_type: string;
  readonly id: string;
  readonly execution_count?: number | null;
  readonly metadata: { readonly tags?: readonly string[]; readonly execution?: object };
  readonly source: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: what is in an output differs from type to type
  readonly outputs?: readonly any[];
}

/** Metadata of a notebook in a language. */
export const kernel = (language: string) => ({
  kernelspec: { name: language, display_name: language, language },
});

/** A folder with notebooks, in which the command is run. */
export function notebookProject(context: Pick<TestContext, "after">) {
  const folder = temporaryFolder(context);
  const write = (name: string, cells: readonly Cell[], metadata: object = kernel("typescript")): string => {
    const written = cells.map(({ source, type = "code", tags }, index) => ({
      cell_type: type,
      id: `id-${index}`,
      metadata: tags === undefined ? {} : { tags },
      source: source.split(/(?<=\n)/),
      ...(type === "code" ? { execution_count: null, outputs: [] } : {}),
    }));
    const notebook = { cells: written, metadata, nbformat: 4, nbformat_minor: 5 };
    writeFileSync(join(folder, name), `${JSON.stringify(notebook, undefined, 1)}\n`);
    return name;
  };
  const rnnlab = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    return { status, stdout, stderr };
  };
  const cells = (name: string): WrittenCell[] => JSON.parse(readFileSync(join(folder, name), "utf8")).cells;
  return { folder, write, rnnlab, cells };
}
