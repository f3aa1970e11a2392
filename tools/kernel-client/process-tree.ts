import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly zombie: boolean;
}

const HAS_PROC = existsSync("/proc/self/stat");

/** A process and all its descendants, by process id. */
export function processTree(root: number): number[] {
  const all = listProcesses();
  const tree = [root];
  for (const pid of tree) {
    for (const child of all) if (child.parent === pid && !child.zombie) tree.push(child.pid);
  }
  return tree;
}

/** Whether a process runs; one that has ended and only waits to be collected does not. */
export function isAlive(pid: number): boolean {
  const found = HAS_PROC ? fromProc(String(pid)) : fromPs().filter((each) => each.pid === pid);
  return found.some(({ zombie }) => !zombie);
}

/** The memory that a process holds, in MB. */
export function residentMemory(pid: number): number {
  if (!HAS_PROC) {
    return Number(spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).stdout) / 1024;
  }
  // No other process is started for it: that takes a tenth of a second where this one has become large.
  const [, size] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(size) / 1024;
}

/** How long the main thread of a process has worked, in seconds: on a busy machine it has waited for its turn besides. */
export function processorTime(pid: number): number {
  const [nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ");
  return Number(nanoseconds) / 1e9;
}

function listProcesses(): Process[] {
  if (!HAS_PROC) return fromPs();
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? fromProc(name) : []));
}

function fromProc(pid: string): Process[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [{ pid: Number(pid), parent: Number(parent), zombie: state === "Z" || state === "X" }];
  } catch {
    return []; // there is none, or it ended while it was read
  }
}

function fromPs(): Process[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,state="], { encoding: "utf8" });
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, state]) => ({
      pid: Number(pid),
      parent: Number(parent),
      zombie: state?.startsWith("Z") ?? false,
    }));
}
