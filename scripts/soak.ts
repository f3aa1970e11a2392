// `npm run soak`: executes the notebooks with nbconvert again and again, and compares what each run put out.
// With --campaign it tries what a kernel and the modules have to bear instead.
import { mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setUp, venvPython } from "../setup/index.js";
import { CommandError, runCommand } from "../setup/run-command.js";
import { packageRoot } from "../src/platform/package-root.js";
import { UsageError } from "../src/platform/usage-error.js";
import { runCampaign } from "../tools/campaign/index.js";
import { type ExecutedNotebook, outputDifferences, outputKinds } from "./notebooks/outputs.js";
import { select } from "./notebooks/selection.js";
import { runMain } from "./run-main.js";

const OUT = join(packageRoot, "out", "soak");

/** Takes `--count N` or `--count=N` out of the command line; 20 without it. */
function countOf(args: string[]): number {
  const at = args.findIndex((arg) => /^--count(=|$)/.test(arg));
  if (at === -1) return 20;
  const joined = args[at]?.split("=")[1];
  const value = args.splice(at, joined === undefined ? 2 : 1)[1] ?? joined ?? "";
  if (!/^[1-9]\d*$/.test(value)) {
    throw new UsageError(`Cannot run the notebooks: --count must be a positive integer, got "${value}"`);
  }
  return Number(value);
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args[0] === "--campaign") {
    await setUp();
    return (await runCampaign(args.slice(1))).failed === 0 ? 0 : 1;
  }
  const count = countOf(args);
  const { notebooks, size, data } = select(args, join(packageRoot, "notebooks"), process.env);
  await setUp();
  mkdirSync(OUT, { recursive: true });
  const env = { ...process.env, RNNLAB_SIZE: size, ...(data === undefined ? {} : { RNNLAB_DATA: data }) };
  let failures = 0;
  for (const notebook of notebooks) failures += await repeat(notebook, count, env);
  console.log(`\n${notebooks.length * count - failures} runs passed, ${failures} failed`);
  return failures === 0 ? 0 : 1;
}

/** Executes one notebook `count` times; returns how often it failed or put out something else than at first. */
async function repeat(notebook: string, count: number, env: NodeJS.ProcessEnv): Promise<number> {
  const name = basename(notebook, ".ipynb");
  let first: string[][] | undefined;
  let failures = 0;
  for (let run = 1; run <= count; run++) {
    const start = performance.now();
    const problems: string[] = [];
    try {
      const kinds = await execute(notebook, `${name}.${run}.ipynb`, env);
      first ??= kinds;
      problems.push(...outputDifferences(first, kinds));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      problems.push(error.message);
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const result = problems.length === 0 ? "passed" : "failed";
    console.log([`${name}  run ${run} of ${count}  ${seconds} s  ${result}`, ...problems].join("\n  "));
    if (problems.length > 0) failures++;
  }
  return failures;
}

async function execute(notebook: string, output: string, env: NodeJS.ProcessEnv): Promise<string[][]> {
  const options = ["--to", "notebook", "--execute", "--output-dir", OUT, "--output", output];
  await runCommand(venvPython(), ["-m", "nbconvert", ...options, notebook], { env });
  return outputKinds(JSON.parse(readFileSync(join(OUT, output), "utf8")) as ExecutedNotebook);
}

runMain(main);
