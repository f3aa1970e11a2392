import { dirname, resolve } from "node:path";
import { CompilerClient } from "../../../kernel/compiler/client/compiler-client.js";
import { isForKernel } from "../../../kernel/shared/kernel-command.js";
import { isDone, magicCell } from "../../../kernel/shared/magics.js";
import type { CodeCell, NotebookFile } from "../notebook-file.js";

/** A cell of a notebook, as it goes into the module. */
export type NotebookPart =
  | {
      readonly kind: "code";
      readonly source: string;
      readonly tags: readonly string[];
      readonly mayFail: boolean;
    }
  | { readonly kind: "markdown"; readonly source: string }
  | { readonly kind: "raw"; readonly source: string }
  | LeftOut;

/** A code cell that the module has as a comment only. */
export interface LeftOut {
  readonly kind: "left out";
  readonly source: string;
  /** Its place among all cells, from 1. */
  readonly number: number;
  readonly why: string;
  /** Whether the notebook itself runs without it: it may fail, or is a question. */
  readonly expected: boolean;
}

const MAY_FAIL = "raises-exception";

/**
 * Reads all cells of a notebook, and finds those that the kernel would not run.
 *
 * @param notebook - of TypeScript
 * @returns its cells in their order
 */
export async function readParts(notebook: NotebookFile): Promise<NotebookPart[]> {
  const code = new Map(notebook.cells.map((cell) => [cell.number, cell]));
  const { cells } = JSON.parse(notebook.text) as { cells: readonly { cell_type: string; source: unknown }[] };
  const compiler = new CompilerClient(dirname(resolve(notebook.path)), notebook.language);
  try {
    const parts: NotebookPart[] = [];
    for (const [index, { cell_type, source }] of cells.entries()) {
      const cell = code.get(index + 1);
      if (cell !== undefined) parts.push(await codePart(cell, compiler));
      else parts.push({ kind: cell_type === "raw" ? "raw" : "markdown", source: [source].flat().join("") });
    }
    return parts;
  } finally {
    compiler.close();
  }
}

async function codePart({ number, source, tags }: CodeCell, compiler: CompilerClient): Promise<NotebookPart> {
  const mayFail = tags.includes(MAY_FAIL);
  const leftOut = (why: string, expected: boolean): LeftOut => ({
    kind: "left out",
    source,
    number,
    why,
    expected,
  });
  if (isForKernel(source)) return leftOut("it asks the kernel", true);
  const magic = magicCell(source);
  if (magic !== undefined && isDone(magic)) return leftOut("only notebooks have magics", true);
  const code = magic === undefined ? source : withMagicsAsComments(source, magic.code);
  const result = await compiler.compile(number, code, new AbortController().signal);
  if (result.declared !== undefined) await compiler.commit(number, code);
  if (result.ok) return { kind: "code", source: code, tags, mayFail };
  const [first] = result.diagnostics;
  const errorCode = first?.code === undefined ? "" : `TS${first.code}: `;
  return leftOut(
    `line ${first?.line ?? 1}: ${errorCode}${first?.message.split("\n")[0] ?? "it cannot be compiled"}`,
    mayFail,
  );
}

/** @param code - the cell as the compiler takes it, which has a comment in the place of each magic */
function withMagicsAsComments(source: string, code: string): string {
  const written = source.split("\n");
  const line = (text: string, index: number): string => {
    if (text === written[index]) return text;
    // Code after `%time` is code.
    return text.startsWith("//") ? `// ${written[index]}` : text.trimStart();
  };
  return code.split("\n").map(line).join("\n");
}

/** The line above a cell, as editors and Jupytext know it. */
export function partTitle(part: NotebookPart): string {
  if (part.kind === "markdown" || part.kind === "raw") return `// %% [${part.kind}]`;
  if (part.kind === "code")
    return part.tags.length === 0 ? "// %%" : `// %% tags=${JSON.stringify(part.tags)}`;
  return `// %%\n// Cell ${part.number} is left out: ${part.why}`;
}

/** A text as a comment. */
export function commented({ source }: { readonly source: string }): string {
  return source
    .trimEnd()
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `// ${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("");
}
