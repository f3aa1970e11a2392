// What the campaign sees of processes besides the kernel's own messages; Linux only, as it reads /proc.
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "../kernel-client/index.js";
import { Failure, type Fault } from "./tally.js";

/** Waits for a condition that no message tells of; it counts as `fault` when it does not come to hold. */
export async function eventually(
  condition: () => boolean,
  milliseconds: number,
  fault: Fault,
  describe: () => string,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > deadline) throw new Failure(fault, `after ${milliseconds} ms ${describe()}`);
    await delay(20);
  }
}

/** The living processes in whose command line a text occurs. */
export function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && readProc(Number(name), "cmdline").includes(text))
    .map(Number)
    .filter((pid) => pid !== process.pid && isAlive(pid));
}

/** The command line of a process, for messages. */
export function commandLine(pid: number): string {
  return readProc(pid, "cmdline").replaceAll("\0", " ").slice(0, 200);
}

/** Which of our kernel's processes runs the cells, by its command line; NaN if none does. */
export function sessionOf(tree: readonly number[]): number {
  return tree.find((pid) => commandLine(pid).includes("/session/")) ?? Number.NaN;
}

/** Which of our kernel's processes is the compiler; NaN if none is. */
export function compilerOf(tree: readonly number[]): number {
  return tree.find((pid) => commandLine(pid).includes("compiler")) ?? Number.NaN;
}

/** Resident memory of a process in MiB; 0 when it has ended. */
export function residentMemory(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readProc(pid, "status"))?.[1] ?? 0) / 1024;
}

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const TICKS_PER_SECOND = 100;

/** Processor time of processes so far, in seconds. */
export function processorSeconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const stat = readProc(pid, "stat");
    const [user, system] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13);
    return Number(user ?? 0) + Number(system ?? 0);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // it has ended
  }
}
