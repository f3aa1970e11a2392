import { joinStreams } from "../../tools/kernel-client/streams.js";

/** An executed notebook, as far as its outputs matter. */
export interface ExecutedNotebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly outputs?: readonly Output[];
  }[];
}

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
}

/**
 * Says of what kind a notebook's outputs are, without the values, which may differ from run to run.
 *
 * @param notebook - an executed notebook
 * @returns for each code cell its outputs in order: streams with their number of lines, displays and results with
 *   their MIME types, errors with their names
 */
export function outputKinds(notebook: ExecutedNotebook): string[][] {
  const code = notebook.cells.filter((cell) => cell.cell_type === "code");
  return code.map(({ outputs = [] }) => joinStreams(outputs).map(kindOf));
}

const textOf = ({ text = "" }: Output): string => [text].flat().join("");

function kindOf(output: Output): string {
  const { output_type: type, name, data, ename } = output;
  if (type === "stream") return `${name} of ${textOf(output).split("\n").length - 1} lines`;
  if (type === "error") return `error ${ename}`;
  return `${type} of ${Object.keys(data ?? {})
    .sort()
    .join(", ")}`;
}

/**
 * Compares the outputs of two runs of one notebook.
 *
 * @param expected - the kinds of the one, as {@link outputKinds} gives them
 * @param found - the kinds of the other
 * @returns a line for each code cell, counted from 1, whose outputs are not the same
 */
export function outputDifferences(
  expected: readonly (readonly string[])[],
  found: readonly (readonly string[])[],
): string[] {
  return Array.from({ length: Math.max(expected.length, found.length) }, (_, index) => {
    const [before, now] = [expected, found].map((cells) => cells[index]?.join(" + ") || "nothing");
    return before === now ? "" : `code cell ${index + 1}: ${before} before, ${now} now`;
  }).filter((line) => line !== "");
}
