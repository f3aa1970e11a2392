import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { python, run } from "../../kernel-client/index.js";
import type { Part, Round } from "../round.js";
import { Failure } from "../tally.js";
import { type CellKind, CellMaker, type MadeCell } from "./cell-maker.js";
import { demandOutputs, outputsOf } from "./outputs.js";

const CELLS = 200;

/** Those whose outputs a notebook holds in their order. */
const KINDS: readonly CellKind[] = [
  "prints",
  "result",
  "declares",
  "reads a variable",
  "declares anew",
  "error",
  "prints, then an error",
  "awaits",
  "import",
  "display",
  "both streams",
  "big output",
];

/** How long a notebook may take, in ms. */
const PATIENCE = 300_000;

interface NotebookCell {
  readonly outputs: readonly ({ readonly output_type: string; readonly text?: string | string[] } & Record<
    string,
    unknown
  >)[];
}

/** A notebook of generated cells, executed by nbconvert: all outputs are in it, in their order. */
export const nbconvert: Part = {
  weight: 1,
  run: (round) =>
    round
      .attempt(`a notebook of ${CELLS} cells`, async (note) => {
        const maker = new CellMaker(round.language, round.random("cells"), KINDS);
        const cells = Array.from({ length: CELLS }, () => maker.next());
        const start = performance.now();
        const executed = await execute(round, cells);
        note(performance.now() - start);
        for (const [index, { outputs, code }] of cells.entries()) {
          const actual = executed[index]?.outputs ?? [];
          const texts = actual.map(
            ({ output_type: type, ...output }) => [type, { ...output, text: joined(output.text) }] as const,
          );
          demandOutputs(outputsOf(texts), outputs, code);
        }
      })
      .then(() => undefined),
};

const joined = (text: string | string[] | undefined) => (Array.isArray(text) ? text.join("") : text);

async function execute(round: Round, cells: readonly MadeCell[]): Promise<readonly NotebookCell[]> {
  const spec = join(round.folder, "kernels/campaign");
  mkdirSync(spec, { recursive: true });
  const { command: argv, language, interruptMode, name } = round.kernel;
  writeFileSync(
    join(spec, "kernel.json"),
    JSON.stringify({ argv, language, interrupt_mode: interruptMode, display_name: name }),
  );
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "campaign", display_name: name } },
    cells: cells.map(({ code }, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source: code,
    })),
  };
  writeFileSync(join(round.folder, "made.ipynb"), JSON.stringify(notebook));
  const options = [
    "--to",
    "notebook",
    "--execute",
    "--allow-errors",
    "--output",
    "executed.ipynb",
    "made.ipynb",
  ];
  const env = { JUPYTER_PATH: round.folder, RNNLAB_HISTORY: "off" };
  const { status, stderr } = await run(python(), ["-m", "nbconvert", ...options], {
    cwd: round.folder,
    env,
    milliseconds: PATIENCE,
  });
  if (status === null) throw new Failure("hung", `nbconvert did not end within ${PATIENCE} ms\n${stderr}`);
  if (status !== 0) throw new Failure("lost", `nbconvert ended with status ${status}\n${stderr}`);
  const path = join(round.folder, "executed.ipynb");
  return (JSON.parse(readFileSync(path, "utf8")) as { cells: NotebookCell[] }).cells;
}
