import { KernelClient } from "../kernel-client/index.js";
import type { Measurement } from "./kernel.js";
import { spreadOf } from "./statistics.js";

const ROUNDS = 20;
const FIGURES = 50;

const IMPORTS = `import { heatmapFigure, historyFigure, lineFigure, scatterFigure, show } from "rnnlab/plot";
const values = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 500) + Math.random());
const small = lineFigure({ name: "loss", y: [0.5, 0.3, 0.2, 0.1] }, { title: "Loss" });`;

/** Cells that a reader waits for, from the request to the end of all messages. */
const cells = {
  "a line of 100,000 points": 'show(lineFigure({ name: "values", y: values }));',
  "100,000 dates and values":
    'show(lineFigure({ name: "values", x: Array.from(values, (_, i) => new Date(i * 3_600_000)), y: values }));',
  "100,000 points":
    'show(scatterFigure({ name: "points", x: values.map((_, i) => values[99_999 - i] ?? 0), y: values }));',
  "a small figure": "show(small);",
};

/** A lecture's mix of figures: losses, a series, hidden states. */
const notebookCells = [
  "show(historyFigure({ loss: values.slice(0, 100), valLoss: values.slice(100, 200) }));",
  'show(lineFigure({ name: "series", y: values.slice(0, 1000) }));',
  "show(heatmapFigure({ shape: [40, 100], values: values.slice(0, 4000) }));",
];

const row = (workload: string, unit: Measurement["unit"], sample: readonly number[]): Measurement => ({
  workload: `figures: ${workload}`,
  variant: "rnnlab",
  unit,
  spread: spreadOf(sample),
});

/** Size of what a notebook's file keeps of a cell's outputs, in MiB. */
const savedSize = (outputs: unknown): number => Buffer.byteLength(JSON.stringify(outputs)) / 2 ** 20;

/**
 * Shows figures in a kernel, through its sockets: how long a cell takes, how long `show()` takes in it, and how large 50
 * figures are in the saved notebook, with plotly.js among them.
 */
export async function measureFigures(): Promise<Measurement[]> {
  const client = await KernelClient.start();
  try {
    await client.execute(IMPORTS);
    const first = await client.execute("show(small);");
    let saved = savedSize(first.contents("display_data"));
    const rows: Measurement[] = [];
    for (const [name, cell] of Object.entries(cells)) {
      const sample: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const begun = performance.now();
        await client.execute(cell);
        sample.push(performance.now() - begun);
        client.received.length = 0;
      }
      rows.push(row(`a cell that shows ${name}`, "ms", sample));
    }
    const timed = "const begun = performance.now(); show(small); console.log(performance.now() - begun);";
    const within: number[] = [];
    for (let round = 0; round < ROUNDS; round++)
      within.push(Number((await client.execute(`{ ${timed} }`)).stdout));
    for (let index = 1; index < FIGURES; index++) {
      const shown = await client.execute(notebookCells[index % notebookCells.length] ?? "");
      saved += savedSize(shown.contents("display_data"));
    }
    return [
      ...rows,
      row("show() of a small figure", "ms", within),
      row(`${FIGURES} figures, saved`, "MiB", [saved]),
    ];
  } finally {
    await client.dispose();
  }
}
