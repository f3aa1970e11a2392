/** `npm run soak -- --campaign`: what a hard user, a failing machine or a hostile file may do, counted; see docs/campaign.md. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import { UsageError } from "../../src/platform/usage-error.js";
import type { Totals } from "../totals.js";
import { type Arguments, type PartName, readArguments } from "./arguments.js";
import { chooseKernel, type KernelChoice } from "./kernel-choice.js";
import { languages } from "./languages/index.js";
import { parts } from "./parts/index.js";
import { printSummary, type Summary, summaryOf, totalsOf } from "./report.js";
import { Round } from "./round.js";
import { Tally } from "./tally.js";

const SUMMARY = join(packageRoot, "out/soak/campaign.json");

/** When a failure is repeated, its round may take this long, in minutes. */
const REPEAT_MINUTES = 30;

/**
 * Runs the campaign.
 *
 * @param words - the command line after `--campaign`
 * @returns how many tries held, and in how many anything was lost, hung or left over
 * @throws {UsageError} when the command line makes no sense
 */
export async function runCampaign(words: readonly string[]): Promise<Totals> {
  const options = readArguments(words);
  const kernel = chooseKernel(options.kernel);
  const names = options.parts.filter((name) => kernel.own || !parts[name].modulesOnly);
  console.log(`${kernel.name}: ${names.join(", ")}; seed ${options.seed}`);
  const tally = new Tally();
  const started = Date.now();
  for (const [index, name] of names.entries()) {
    const weights = names.slice(index).map((each) => parts[each].weight);
    const share = parts[name].weight / weights.reduce((sum, weight) => sum + weight, 0);
    // What one part leaves of its time goes to those after it.
    const left = started + options.minutes * 60_000 - Date.now();
    await runPart(name, Date.now() + left * share, { options, kernel, tally });
  }
  if (tally.tried === 0) {
    const named = options.kind === undefined ? "" : ` is named ${JSON.stringify(options.kind)}`;
    throw new UsageError(`Cannot run the campaign: nothing in ${names.join(", ")}${named || " was tried"}`);
  }
  const summary = summaryOf(kernel, options.seed, (Date.now() - started) / 60_000, tally);
  writeSummary(summary, resolve(options.output ?? SUMMARY));
  printSummary(summary);
  return totalsOf(summary);
}

interface Setting {
  readonly options: Arguments;
  readonly kernel: KernelChoice;
  readonly tally: Tally;
}

/** Runs rounds of a part until its time is over. */
async function runPart(name: PartName, end: number, { options, kernel, tally }: Setting): Promise<void> {
  const { seed, kind, kernel: kernelOption, round: only } = options;
  const deadline = only === undefined ? end : Date.now() + REPEAT_MINUTES * 60_000;
  for (let number = only ?? 0; Date.now() < deadline; number++) {
    const folder = mkdtempSync(join(tmpdir(), `rnnlab-campaign-${name}-`));
    const language = languages[kernel.language];
    const round = new Round(name, number, kernel, language, folder, tally, {
      seed,
      kind,
      deadline,
      kernelOption,
    });
    const before = tally.tried;
    try {
      await parts[name].run(round);
    } finally {
      await round.kernels.close();
      rmSync(folder, { recursive: true, force: true });
    }
    if (only !== undefined || tally.tried === before) break;
  }
}

function writeSummary(summary: Summary, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(summary, null, 2)}\n`);
  console.log(`Written: ${path}`);
}
