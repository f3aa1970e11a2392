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
  /** The same of the processor time of the session and its threads: what other work on the machine changes least. */
  readonly processorRatio: Spread;
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
const pairsPerRepetition = 4;
const samples = 1280;
const batchSize = 32;

const setUp = ({ layer }: Model): string => `
import { layers, tf } from "rnnlab";
import { fit } from "rnnlab/training";
const model = tf.sequential({ name: "bench", layers: [${layer}, layers.dense({ units: 1 })] });
model.compile({ optimizer: "adam", loss: "meanSquaredError", metrics: ["mae"] });
const x = tf.randomNormal([${samples}, 15, 1], 0, 1, "float32", 1);
const y = x.mean(1);
async function msOf(epochs: number, options: { verbose: 0 | 1; livePlot: boolean }): Promise<number[]> {
  const [start, used] = [performance.now(), process.cpuUsage()];
  await fit(model, x, y, { epochs, batchSize: ${batchSize}, ...options });
  const { user, system } = process.cpuUsage(used);
  return [performance.now() - start, (user + system) / 1000];
}
await msOf(2, { verbose: 0, livePlot: false });`;

const trainingCell = ({ epochs }: Model, options: string): string => `await msOf(${epochs}, ${options})`;

interface Run {
  readonly ms: number;
  readonly processorMs: number;
}

/**
 * Trains in our kernel with and without progress bar and live plot, in turns, as a front end sees it: what the kernel's
 * other process does with the messages counts, too.
 *
 * @param repetitions how many times four pairs of runs
 */
export async function measureLiveDisplay(repetitions: number): Promise<LiveDisplayMeasurement[]> {
  const measurements: LiveDisplayMeasurement[] = [];
  for (const model of models) {
    const client = await KernelClient.start({});
    try {
      const run = async (code: string): Promise<Run> => {
        const { result = "", traceback } = await client.execute(code, { timeout: 600_000 });
        if (traceback !== "") throw new Error(`Cannot measure the live display: ${traceback}`);
        client.received.length = 0;
        const [ms = Number.NaN, processorMs = Number.NaN] = result.match(/[\d.]+/g)?.map(Number) ?? [];
        return { ms, processorMs };
      };
      await run(setUp(model));
      const runs: Record<LiveDisplayMeasurement["variant"], Run[]> = { silent: [], "bar and plot": [] };
      for (let round = 0; round < pairsPerRepetition * repetitions; round++) {
        const pair = [
          async () => runs.silent.push(await run(trainingCell(model, "{ verbose: 0, livePlot: false }"))),
          async () =>
            runs["bar and plot"].push(await run(trainingCell(model, "{ verbose: 1, livePlot: true }"))),
        ];
        // Whoever is second finds a warmer machine.
        for (const each of round % 2 === 0 ? pair : pair.reverse()) await each();
      }
      measurements.push(...compare(model, runs));
    } finally {
      await client.dispose();
    }
  }
  return measurements;
}

function compare(
  { name, epochs }: Model,
  runs: Record<LiveDisplayMeasurement["variant"], Run[]>,
): LiveDisplayMeasurement[] {
  const ratioOf = (pick: (run: Run) => number) =>
    spreadOf(runs["bar and plot"].map((shown, round) => pick(shown) / pick(runs.silent[round] ?? shown)));
  const ratios = {
    ratio: ratioOf(({ ms }) => ms),
    processorRatio: ratioOf(({ processorMs }) => processorMs),
  };
  const steps = epochs * Math.ceil(samples / batchSize);
  return (["silent", "bar and plot"] as const).map((variant) => {
    const spread = spreadOf(runs[variant].map(({ ms }) => ms / steps));
    return { workload: `live display: ${name}`, variant, msPerStep: spread.median, spread, ...ratios };
  });
}

/** The rows of the table that is printed. */
export function liveDisplayRows(measurements: readonly LiveDisplayMeasurement[]): object[] {
  const text = ({ min, median, max }: Spread) =>
    `${median.toFixed(3)} (${min.toFixed(3)} – ${max.toFixed(3)})`;
  return measurements.map(({ workload, variant, spread, ratio, processorRatio }) => ({
    workload,
    variant,
    "ms a step": Number(spread.median.toPrecision(3)),
    "min – max": `${spread.min.toPrecision(3)} – ${spread.max.toPrecision(3)}`,
    ...(variant === "silent"
      ? {}
      : { "time with / without": text(ratio), "processor time": text(processorRatio) }),
  }));
}
