import { KernelClient } from "../test/kernel/client/index.js";
import { type Spread, spreadOf } from "./statistics.js";

/** What the live display of a training costs. */
export interface LiveDisplayMeasurement {
  readonly workload: string;
  readonly variant: "silent" | "bar and plot";
  readonly msPerStep: number;
  readonly spread: Spread;
  /** Of the times of two runs after each other, with and without the display. */
  readonly ratio: Spread;
}

interface Model {
  readonly name: string;
  readonly layer: string;
  readonly epochs: number;
}

/** Many short steps and epochs, and few long ones. Each run takes a second or two: other work on the machine meets both of a pair. */
const models: readonly Model[] = [
  { name: "SimpleRNN(3), 15 × 1", layer: "layers.simpleRNN({ units: 3, inputShape: [15, 1] })", epochs: 30 },
  { name: "GRU(256), 15 × 1", layer: "layers.gru({ units: 256, inputShape: [15, 1] })", epochs: 3 },
];
const pairsPerRepetition = 6;
const samples = 1280;
const batchSize = 32;

const setUp = ({ layer }: Model): string => `
import { layers, tf } from "rnnlab";
import { fit } from "rnnlab/training";
const model = tf.sequential({ name: "bench", layers: [${layer}, layers.dense({ units: 1 })] });
model.compile({ optimizer: "adam", loss: "meanSquaredError", metrics: ["mae"] });
const x = tf.randomNormal([${samples}, 15, 1], 0, 1, "float32", 1);
const y = x.mean(1);
async function msOf(epochs: number, options: { verbose: 0 | 1; livePlot: boolean }): Promise<number> {
  const start = performance.now();
  await fit(model, x, y, { epochs, batchSize: ${batchSize}, ...options });
  return performance.now() - start;
}
await msOf(2, { verbose: 0, livePlot: false });`;

/**
 * Trains in our kernel with and without progress bar and live plot, in turns, as a front end sees it: what the kernel's
 * other process does with the messages counts, too.
 *
 * @param repetitions how many times six pairs of runs
 */
export async function measureLiveDisplay(repetitions: number): Promise<LiveDisplayMeasurement[]> {
  const measurements: LiveDisplayMeasurement[] = [];
  for (const model of models) {
    const client = await KernelClient.start({});
    try {
      const run = async (code: string): Promise<number> => {
        const { result, traceback } = await client.execute(code, { timeout: 600_000 });
        if (traceback !== "") throw new Error(`Cannot measure the live display: ${traceback}`);
        client.received.length = 0;
        return Number(result);
      };
      await run(setUp(model));
      const silent: number[] = [];
      const shown: number[] = [];
      for (let round = 0; round < pairsPerRepetition * repetitions; round++) {
        const pair = [
          async () => silent.push(await run(`await msOf(${model.epochs}, { verbose: 0, livePlot: false })`)),
          async () => shown.push(await run(`await msOf(${model.epochs}, { verbose: 1, livePlot: true })`)),
        ];
        // Whoever is second finds a warmer machine.
        for (const each of round % 2 === 0 ? pair : pair.reverse()) await each();
      }
      const ratio = spreadOf(shown.map((ms, round) => ms / (silent[round] ?? Number.NaN)));
      const steps = model.epochs * Math.ceil(samples / batchSize);
      for (const [variant, values] of [
        ["silent", silent],
        ["bar and plot", shown],
      ] as const) {
        const spread = spreadOf(values.map((ms) => ms / steps));
        measurements.push({
          workload: `live display: ${model.name}`,
          variant,
          msPerStep: spread.median,
          spread,
          ratio,
        });
      }
    } finally {
      await client.dispose();
    }
  }
  return measurements;
}

/** The rows of the table that is printed. */
export function liveDisplayRows(measurements: readonly LiveDisplayMeasurement[]): object[] {
  return measurements.map(({ workload, variant, spread, ratio }) => ({
    workload,
    variant,
    "ms a step": Number(spread.median.toPrecision(3)),
    "min – max": `${spread.min.toPrecision(3)} – ${spread.max.toPrecision(3)}`,
    ...(variant === "silent"
      ? {}
      : {
          "with / without": ratio.median.toFixed(3),
          "of pairs": `${ratio.min.toFixed(3)} – ${ratio.max.toFixed(3)}`,
        }),
  }));
}
