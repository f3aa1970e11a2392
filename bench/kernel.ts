import { KernelClient } from "../test/kernel/client";
import { type Spread, spreadOf } from "./statistics.js";

/** A kernel to measure, and what to run in it. */
export interface Contestant {
  readonly variant: string;
  /** The command that starts it; none for our own. */
  readonly command?: readonly string[];
  readonly cell: (index: number) => string;
  readonly print: string;
}

export interface Measurement {
  readonly workload: string;
  readonly variant: string;
  readonly ms: number;
  readonly spread: Spread;
}

const STARTS = 5;
const CELLS = 40;
const PRINTS = 5;

async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

interface Samples {
  readonly start: number[];
  readonly first: number[];
  readonly cell: number[];
  readonly print: number[];
}

async function oneRound({ command, cell, print }: Contestant, samples: Samples): Promise<void> {
  const begun = performance.now();
  const client = await KernelClient.start(command === undefined ? {} : { command });
  try {
    samples.start.push(performance.now() - begun);
    samples.first.push(await timed(() => client.execute("1 + 1")));
    for (let index = 0; index < CELLS; index++)
      samples.cell.push(await timed(() => client.execute(cell(index))));
    for (let index = 0; index < PRINTS; index++) samples.print.push(await timed(() => client.execute(print)));
  } finally {
    await client.dispose();
  }
}

/** Starts each kernel in turn, several times, and measures it through its sockets. */
export async function measureKernels(contestants: readonly Contestant[]): Promise<Measurement[]> {
  const all = contestants.map(() => ({ start: [], first: [], cell: [], print: [] }) as Samples);
  for (let round = 0; round < STARTS; round++) {
    for (const [index, contestant] of contestants.entries()) {
      const samples = all[index];
      if (samples !== undefined) await oneRound(contestant, samples);
    }
  }
  const workloads = [
    ["kernel: start to kernel_info", "start"],
    ["kernel: first cell after that", "first"],
    ["kernel: a small cell", "cell"],
    ["kernel: 100,000 lines printed", "print"],
  ] as const;
  return workloads.flatMap(([workload, key]) =>
    contestants.map(({ variant }, index) => {
      const spread = spreadOf(all[index]?.[key] ?? []);
      return { workload, variant, ms: spread.median, spread };
    }),
  );
}
