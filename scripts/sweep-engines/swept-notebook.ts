import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { packageRoot } from "../../src/platform/package-root.js";

const PARAMETERS = "let seed = 0;\nlet rate = 0.1;";
/** Run 1 waits for ever, the first time. The parent of a session is the process of the run. */
const RUN = `import { appendFileSync, existsSync, renameSync, writeFileSync } from "node:fs";
import { report } from "rnnlab/sweep";
appendFileSync("witness.txt", \`begun \${seed}\\n\`);
if (seed === 1 && !existsSync("waiting")) {
  writeFileSync("draft", String(process.ppid));
  renameSync("draft", "waiting");
  await new Promise(() => {});
}
appendFileSync("witness.txt", \`ended \${seed}\\n\`);
report({ loss: (seed + 1) * rate });`;

/** Writes the notebook that is swept. */
export function writeSweptNotebook(folder: string): void {
  const cells = [PARAMETERS, RUN].map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: index === 0 ? { tags: ["parameters"] } : {},
    source,
    execution_count: null,
    outputs: [],
  }));
  const kernelspec = { name: "rnnlab", display_name: "TypeScript", language: "typescript" };
  const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(join(folder, "swept.ipynb"), JSON.stringify(notebook));
}

/** The lines that the runs have written, in order of the alphabet. */
export function witnessIn(folder: string): string[] {
  const path = join(folder, "witness.txt");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").sort() : [];
}

/** Begins `rnnlab sweep` in a folder, with more environment variables. */
export function beginSweep(folder: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  const cli = join(packageRoot, "dist/cli/main.js");
  const child = spawn(process.execPath, [cli, "sweep", "swept.ipynb", ...args], {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]).then(
    ([stdout, stderr, [status]]) => ({ stdout, stderr, status: status as number | null }),
  );
  return { child, ended };
}

/**
 * Starts a cluster that ends with its input.
 *
 * @param kind - which
 * @param python - with its package
 * @param folder - where it may write
 * @param variables - more environment variables
 * @param workers - how many runs it does at a time
 */
export async function startCluster(
  kind: "dask" | "ray",
  python: string,
  folder: string,
  variables: NodeJS.ProcessEnv,
  workers = 2,
) {
  const program = join(packageRoot, `scripts/sweep-engines/${kind}_cluster.py`);
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(python, [program, String(workers)], {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const [address] = await Promise.race([once(lines, "line"), once(child, "close").then(() => [])]);
  if (typeof address !== "string") throw new Error(`Cannot start ${kind}: its program has ended`);
  const close = async (): Promise<void> => {
    const closed = once(child, "close");
    child.stdin.end();
    await closed;
  };
  return { address, close };
}
