import { readFileSync } from "node:fs";
import { KernelClient } from "../kernel-client/index.js";
import { type Spread, spreadOf } from "./statistics.js";

/** What the live display of a training costs. */
export interface LiveDisplayMeasurement {
  readonly workload: string;
  readonly variant: string;
  readonly unit: "% of a second" | "a second" | "times";
  readonly spread: Spread;
}

interface Model {
  readonly name: string;
  readonly layer: string;
  /** Of the training that takes its own time: some seconds */
  readonly epochs: number;
}

/** Short steps and long ones: after these the display finds less of itself in the processor's caches. */
const models: readonly Model[] = [
  { name: "SimpleRNN(3), 15 × 1", layer: "layers.simpleRNN({ units: 3, inputShape: [15, 1] })", epochs: 60 },
  { name: "GRU(256), 15 × 1", layer: "layers.gru({ units: 256, inputShape: [15, 1] })", epochs: 5 },
];
const SAMPLES = 1280;
const BATCH_SIZE = 32;
/** A training in which a step takes a quarter of a second and an epoch a second, as far as the display can tell. */
const SECONDS = 100;
const STEPS_PER_SECOND = 4;

const setUp = ({ layer }: Model): string => `
import { layers, tf } from "rnnlab";
import { fit } from "rnnlab/training";
const model = tf.sequential({ name: "bench", layers: [${layer}, layers.dense({ units: 1 })] });
model.compile({ optimizer: "adam", loss: "meanSquaredError", metrics: ["mae"] });
const x = tf.randomNormal([${SAMPLES}, 15, 1], 0, 1, "float32", 1);
const y = x.mean(1);
const few = [x.slice(0, ${STEPS_PER_SECOND * BATCH_SIZE}), y.slice(0, ${STEPS_PER_SECOND * BATCH_SIZE})] as const;
const rest = [x.slice(${SAMPLES - BATCH_SIZE}), y.slice(${SAMPLES - BATCH_SIZE})] as const;
const now = performance.now.bind(performance);
async function realTime(epochs: number, shown: boolean): Promise<number> {
  const start = now();
  await fit(model, x, y, { epochs, batchSize: ${BATCH_SIZE}, verbose: shown ? 1 : 0, livePlot: shown });
  return now() - start;
}
async function quickened(shown: boolean): Promise<number> {
  let told = 0;
  const onBatchBegin = () => void (told += ${1000 / STEPS_PER_SECOND});
  const start = now();
  performance.now = () => told;
  try {
    await fit(model, ...few, {
      epochs: ${SECONDS}, batchSize: ${BATCH_SIZE}, validationData: rest, callbacks: { onBatchBegin },
      verbose: shown ? 1 : 0, livePlot: shown,
    });
  } finally {
    performance.now = now;
  }
  return now() - start;
}
await quickened(true);
await realTime(1, false);`;

interface Run {
  readonly ms: number;
  /** Of all processes of the kernel, their threads included */
  readonly processorMs: number;
  /** States of the bar and pictures of the plot that came, without those that a training leaves behind in the end */
  readonly bars: number;
  readonly plots: number;
}

/**
 * Measures what progress bar and live plot take of a training in our kernel: processor time of all its processes, and
 * time by which the training is held up.
 *
 * In a training of some seconds the display is drawn a few times, which takes milliseconds: far less than such a training
 * differs from its own repetition. So the display is quickened instead: it is shown a clock by which each step takes a
 * quarter of a second and each epoch a second, and draws as often as it ever does, the bar at each step and the plot at
 * each epoch, a hundred epochs long. The training itself takes a small part of these hundred seconds, and its difference
 * from a silent one is what a hundred seconds of display cost, the figure that stays in the end included. All goes the
 * way it always goes: between steps, from the session through the kernel's other process to a client.
 *
 * That is a bound for any training if no real one draws more often, which the messages of one that takes its own time
 * show. Its time beside a silent one is told too: there the display must be lost in what such times differ by.
 *
 * @param repetitions - how many pairs of each kind
 */
export async function measureLiveDisplay(repetitions: number): Promise<LiveDisplayMeasurement[]> {
  const measurements: LiveDisplayMeasurement[] = [];
  for (const model of models) {
    const client = await KernelClient.start({});
    try {
      await runOf(client, `${setUp(model)}\n0`);
      const quickened = await pairs(client, repetitions, (shown) => `await quickened(${shown})`);
      for (const { shown } of quickened) requireAll(shown);
      const real = await pairs(client, repetitions, (shown) => `await realTime(${model.epochs}, ${shown})`);
      measurements.push(...describe(model, quickened, real));
    } finally {
      await client.dispose();
    }
  }
  return measurements;
}

interface Pair {
  readonly shown: Run;
  readonly silent: Run;
}

async function pairs(client: KernelClient, count: number, cell: (shown: boolean) => string): Promise<Pair[]> {
  const found: Pair[] = [];
  for (let round = 0; round < count; round++) {
    // Whoever is second finds a warmer machine.
    const first = await runOf(client, cell(round % 2 === 0));
    const second = await runOf(client, cell(round % 2 !== 0));
    found.push(round % 2 === 0 ? { shown: first, silent: second } : { shown: second, silent: first });
  }
  return found;
}

async function runOf(client: KernelClient, cell: string): Promise<Run> {
  const pids = client.process.tree();
  const before = processorMs(pids);
  const execution = await client.execute(cell, { timeout: 600_000 });
  const { result = "", traceback } = execution;
  if (traceback !== "") throw new Error(`Cannot measure the live display: ${traceback}`);
  const used = processorMs(pids) - before;
  client.received.length = 0;
  const updates = execution.contents("update_display_data").map(({ data }) => data as Record<string, string>);
  const bars = updates.filter((data) => data["text/html"]?.includes("<progress")).length;
  const pictures = updates.filter((data) => "image/svg+xml" in data).length;
  // Not counted: the bar's last state, and of the plot the last picture and the figure in its place.
  return {
    ms: Number(result),
    processorMs: used,
    bars: Math.max(0, bars - 1),
    plots: Math.max(0, pictures - 2),
  };
}

/** What processes have used of the processors since they began; the kernel of Linux counts in hundredths of a second. */
function processorMs(pids: readonly number[]): number {
  const times = pids.map((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return 10 * (Number(fields[11]) + Number(fields[12]));
  });
  return times.reduce((sum, ms) => sum + ms, 0);
}

/** A cost is that of a hundred seconds only if nothing was left out. */
function requireAll({ bars, plots }: Run): void {
  const expected = [SECONDS * STEPS_PER_SECOND - 1, SECONDS - 1];
  if (bars === expected[0] && plots === expected[1]) return;
  throw new Error(
    `Cannot measure the live display: bar and plot must be updated ${expected.join(" and ")} times, got ${bars} and ${plots}`,
  );
}

function describe(
  { name }: Model,
  quickened: readonly Pair[],
  real: readonly Pair[],
): LiveDisplayMeasurement[] {
  const workload = `live display: ${name}`;
  const share = (pick: (run: Run) => number) =>
    spreadOf(quickened.map(({ shown, silent }) => (pick(shown) - pick(silent)) / (10 * SECONDS)));
  const ratio = (pick: (run: Run) => number) =>
    spreadOf(real.map(({ shown, silent }) => pick(shown) / pick(silent)));
  const rate = (pick: (run: Run) => number) =>
    spreadOf(real.map(({ shown }) => (1000 * pick(shown)) / shown.ms));
  const cost = `${STEPS_PER_SECOND} bars and a plot each second`;
  return [
    {
      workload,
      variant: `${cost}: processor time`,
      unit: "% of a second",
      spread: share((run) => run.processorMs),
    },
    { workload, variant: `${cost}: training held up`, unit: "% of a second", spread: share((run) => run.ms) },
    { workload, variant: "real training: bars", unit: "a second", spread: rate((run) => run.bars) },
    { workload, variant: "real training: plots", unit: "a second", spread: rate((run) => run.plots) },
    {
      workload,
      variant: "real training: time with / without",
      unit: "times",
      spread: ratio((run) => run.ms),
    },
  ];
}

/** The rows of the table that is printed. */
export function liveDisplayRows(measurements: readonly LiveDisplayMeasurement[]): object[] {
  return measurements.map(({ workload, variant, unit, spread: { min, median, max } }) => ({
    workload,
    variant,
    median: Number(median.toPrecision(3)),
    "min – max": `${min.toPrecision(3)} – ${max.toPrecision(3)}`,
    unit,
  }));
}
