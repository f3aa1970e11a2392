import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Printed, runCells, type Server } from "./websocket-kernel.js";

/** Cells that need what a kernel has: types, a name that is declared again, `await`, packages of rnnlab. */
const CELLS = [
  'const names: string[] = ["a", "b"];\nconsole.log(names.join("+"));',
  "const names: number = await Promise.resolve(41);\nnames + 1",
  'import { MinMaxScaler } from "rnnlab/preprocessing";\nArray.from(new MinMaxScaler().fit([0, 2]).transform([1]))',
  "const wrong: number = names.length;",
];

/** Runs the cells over a server's websocket, and looks at what they put out. */
export async function provesItself(server: Server): Promise<void> {
  const [first, second, third, last] = await runCells(server, "rnnlab", CELLS);
  const plain = (printed: Printed | undefined): string | undefined =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that results have
    printed?.result?.replace(/\u001b\[\d+m/g, "");
  assert.equal(first?.stdout, "a+b\n");
  assert.equal(plain(second), "42");
  assert.equal(plain(third), "[ 0.5 ]");
  assert.match(last?.error ?? "", /'length' does not exist on type 'number'/);
}

/** Writes a notebook of TypeScript. */
export function writeNotebook(folder: string, name: string, cells: readonly string[]): string {
  const path = join(folder, name);
  const notebook = {
    cells: cells.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: {},
      source,
      execution_count: null,
      outputs: [],
    })),
    metadata: {
      kernelspec: { name: "rnnlab", display_name: "TypeScript", language: "typescript" },
      language_info: { name: "typescript", file_extension: ".ts" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}
