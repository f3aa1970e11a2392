import { chmodSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../tools/kernel-client/index.js";

/** Runs a program for whom the permissions of files count, as they do not for root. */
export function runRestricted(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const isRoot = process.getuid?.() === 0;
  const drop = ["--bounding-set=-dac_override,-dac_read_search", command];
  return isRoot ? run("setpriv", [...drop, ...args], { env }) : run(command, args, { env });
}

/** Does something while nobody may write to a folder and to what is in it. */
export async function withReadOnly<T>(folder: string, work: () => Promise<T>): Promise<T> {
  change(folder, (mode) => mode & ~0o222);
  try {
    return await work();
  } finally {
    change(folder, (mode) => mode | 0o200);
  }
}

function change(path: string, mode: (before: number) => number): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  chmodSync(path, mode(stat.mode) & 0o777);
  if (stat.isDirectory()) for (const name of readdirSync(path)) change(join(path, name), mode);
}
