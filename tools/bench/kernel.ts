import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { KernelClient, processTree } from "../kernel-client/index.js";
import { type Spread, spreadOf } from "./statistics.js";

/** A kernel to measure, and what to run in it. */
export interface Contestant {
  readonly variant: string;
  /** The command that starts it; none for our own. */
  readonly command?: readonly string[];
  /** A small cell that declares something and shows it. */
  readonly cell: (index: number) => string;
  /** Prints 100,000 lines. */
  readonly print: string;
  /** Imports a large library. */
  readonly library: string;
  /** Code that ends where a member of that library is to be completed. */
  readonly completion: string;
}

export interface Measurement {
  readonly workload: string;
  readonly variant: string;
  readonly unit: "ms" | "MiB";
  readonly spread: Spread;
}

const STARTS = 5;
const SMALL_CELLS = 40;
const PRINTS = 5;
const COMPLETIONS = 20;

type Sample = (workload: string, value: number) => void;

async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** How long a kernel has nothing to do before it counts as at rest, in ms. */
const REST = 45_000;

/** Resident memory of a kernel and all its processes, in MiB; what they share counts for each of them. */
function memoryOf({ process: { pid } }: KernelClient): number {
  const kilobytes = processTree(pid).map((each) => {
    const status = readFileSync(`/proc/${each}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}

async function withKernel(
  { command }: Contestant,
  use: (client: KernelClient) => Promise<void>,
): Promise<void> {
  const client = await KernelClient.start(command === undefined ? {} : { command });
  try {
    await use(client);
  } finally {
    await client.dispose();
  }
}

/** A start, and what a person does in the first minute. */
async function shortSession(contestant: Contestant, sample: Sample): Promise<void> {
  const begun = performance.now();
  await withKernel(contestant, async (client) => {
    sample("start to kernel_info", performance.now() - begun);
    await client.execute("1 + 1");
    sample("start to the first result", performance.now() - begun);
    sample("memory, idle", memoryOf(client));
    for (let index = 0; index < SMALL_CELLS; index++)
      sample("a small cell", await timed(() => client.execute(contestant.cell(index))));
    for (let index = 0; index < PRINTS; index++)
      sample("100,000 lines printed", await timed(() => client.execute(contestant.print)));
  });
}

/** A notebook of 100 cells with a library: what the person at it waits for. */
async function libraryNotebook(contestant: Contestant, sample: Sample): Promise<void> {
  await withKernel(contestant, async (client) => {
    sample(
      "import of a large library (tfjs; asyncio)",
      await timed(() => client.execute(contestant.library)),
    );
    for (let index = 0; index < 100; index++) await client.execute(contestant.cell(index));
    const content = { code: contestant.completion, cursor_pos: contestant.completion.length };
    for (let index = 0; index < COMPLETIONS; index++) {
      const request = (): Promise<unknown> => client.request("shell", "complete_request", content);
      sample("completion in a notebook of 100 cells (tfjs; asyncio)", await timed(request));
    }
  });
}

/** 5,000 cells in one kernel: neither their cost nor the memory may grow. */
async function longSession(contestant: Contestant, sample: Sample): Promise<void> {
  await withKernel(contestant, async (client) => {
    for (let index = 1; index <= 5000; index++) {
      const ms = await timed(() => client.execute(contestant.cell(index)));
      client.received.length = 0;
      if (index <= 20) sample("cell 10 (of 1 to 20)", ms);
      if (index > 990 && index <= 1010) sample("cell 1,000 (of 991 to 1,010)", ms);
      if (index !== 500 && index !== 5000) continue;
      sample(`memory after ${index} cells`, memoryOf(client));
      await delay(REST);
      sample(`memory at rest after ${index} cells`, memoryOf(client));
    }
  });
}

/** Starts each kernel in turn, several times, and measures it through its sockets. */
export async function measureKernels(contestants: readonly Contestant[]): Promise<Measurement[]> {
  const samples = new Map<string, number[][]>();
  const run = async (
    session: (contestant: Contestant, sample: Sample) => Promise<void>,
    rounds: number,
  ): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      for (const [index, contestant] of contestants.entries()) {
        await session(contestant, (workload, value) => {
          const known = samples.get(workload) ?? contestants.map(() => []);
          samples.set(workload, known);
          known[index]?.push(value);
        });
      }
    }
  };
  await run(shortSession, STARTS);
  await run(libraryNotebook, 1);
  await run(longSession, 1);
  return [...samples].flatMap(([workload, values]) =>
    contestants.map(({ variant }, index) => ({
      workload: `kernel: ${workload}`,
      variant,
      unit: workload.startsWith("memory") ? ("MiB" as const) : ("ms" as const),
      spread: spreadOf(values[index] ?? []),
    })),
  );
}
