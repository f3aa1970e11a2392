// `npm run mutants -- src/training`: changes the sources of folders or files in small ways, one at a time, and tells
// which changes no test notices. Options: --sample N tries N of them, --seed S chooses others, --tests WORD names tests,
// --copies N tries N at a time.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../src/platform/package-root.js";
import { UsageError } from "../src/platform/usage-error.js";
import { Random } from "../tools/random.js";
import { Likeness } from "./mutants/likeness.js";
import { type Mutation, mutate, mutationsOf } from "./mutants/mutations.js";
import { relatedTests } from "./mutants/related-tests.js";
import { Sandbox } from "./mutants/sandbox.js";
import { failure, notices } from "./mutants/trial.js";
import { runMain } from "./run-main.js";

/** Far above what a test file takes. */
const FILE_LIMIT = 20 * 60_000;

/** How long each test takes on the sources as they are, in ms; nothing for one that fails there. */
type Times = Map<string, Promise<number | undefined>>;

interface Mutant {
  readonly source: string;
  readonly text: string;
  readonly mutation: Mutation;
}

async function main(): Promise<number> {
  const options = {
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    copies: { type: "string", default: "1" },
    tests: { type: "string", multiple: true },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const sources = positionals.flatMap(sourcesOf);
  const all = sources.flatMap(mutantsOf);
  if (all.length === 0)
    throw new UsageError(`Cannot run mutants: a path must have sources, got ${positionals.join(" ")}`);
  const count = numberOf("sample", values.sample ?? String(all.length));
  const chosen = new Random(values.seed).shuffled(all).slice(0, count);
  const testsOf = testChooser(values.tests ?? []);
  const folder = positionals.join("-").replaceAll(/\W+/g, "-");
  const mayUseSnapshots = chosen.every(({ source }) => startsFromSnapshot(source));
  const times: Times = new Map();
  const left = chosen.values();
  let [killed, lived] = [0, 0];
  const tryOn = async (sandbox: Sandbox): Promise<void> => {
    if (mayUseSnapshots) await sandbox.makeSnapshots();
    for (const mutant of left) {
      const end = await endOf(mutant, testsOf(mutant), times, sandbox);
      if (end === "same") continue;
      if (end === "lived") lived += 1;
      else killed += 1;
      const killer = end === "lived" ? "" : ` by ${end.killer}`;
      console.log(`${end === "lived" ? "✖ lived " : "✔ killed"} ${described(mutant)}${killer}`);
    }
  };
  const copies = Array.from({ length: numberOf("copies", values.copies) }, (_, index) => String(index + 1));
  await Promise.all(copies.map((copy) => tryOn(new Sandbox(join(packageRoot, "out/mutants", folder, copy)))));
  const share = Math.round((100 * killed) / Math.max(1, killed + lived));
  console.log(`\n${killed} of ${killed + lived} mutants killed (${share} %); ${all.length} are possible`);
  const isWhole = (await Promise.all(times.values())).every((time) => time !== undefined);
  return lived === 0 && isWhole ? 0 : 1;
}

function numberOf(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new UsageError(`Cannot run mutants: --${option} must be a positive integer, got ${text}`);
}

/** A kernel starts fast from a snapshot. Its name tells the code that it holds, so one with another code is not found. */
function startsFromSnapshot(source: string): boolean {
  return source.startsWith("kernel/") && !/^kernel\/(compiler|shared)\//.test(source);
}

/**
 * Runs tests on a mutant until one fails. Each is run on the sources as they are when it is needed first: most mutants
 * are killed by the first tests.
 *
 * @returns what became of the mutant; "same" if it compiles to what was there
 */
async function endOf(
  { source, text, mutation }: Mutant,
  names: readonly string[],
  times: Times,
  sandbox: Sandbox,
): Promise<{ readonly killer: string } | "lived" | "same"> {
  for (const name of names) {
    const promised = times.get(name) ?? timeOf(name, sandbox);
    times.set(name, promised);
    const milliseconds = await promised;
    if (milliseconds === undefined) continue;
    const restore = sandbox.replace(source, mutate(text, mutation));
    if (restore === undefined) return "same";
    const isNoticed = await notices(sandbox.compiled(name), sandbox.folder, milliseconds);
    restore();
    if (isNoticed) return { killer: name };
  }
  return "lived";
}

/**
 * How long a test takes on the sources as they are, where it has to pass: one that fails is reported, and left out.
 */
async function timeOf(name: string, sandbox: Sandbox): Promise<number | undefined> {
  const start = performance.now();
  const problem = await failure(sandbox.compiled(name), sandbox.folder, FILE_LIMIT);
  if (problem === undefined) return performance.now() - start;
  console.error(`Cannot use ${name}: it must pass without mutants, got ${problem}`);
  return undefined;
}

/**
 * Chooses the tests for mutants.
 *
 * @param words - words of the tests' paths; those related to the source where there are none
 */
function testChooser(words: readonly string[]): (mutant: Mutant) => readonly string[] {
  const folder = join(packageRoot, "test");
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".test.ts"),
  );
  const likeness = new Likeness(new Map(all.map((name) => [name, readFileSync(join(folder, name), "utf8")])));
  const named = all.filter((name) => words.some((word) => name.includes(word)));
  return ({ source, text }) => {
    const tests = words.length === 0 ? relatedTests(source, all, likeness.to(text)) : named;
    if (tests.length > 0) return tests;
    throw new UsageError(
      `Cannot run mutants: ${source} must have tests in a folder of its name; name them with --tests`,
    );
  };
}

function sourcesOf(path: string): string[] {
  const whole = join(packageRoot, path);
  const found = statSync(whole, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(whole, { recursive: true, encoding: "utf8" }).map((name) => join(whole, name))
    : [whole];
  return found.filter((name) => name.endsWith(".ts")).map((name) => relative(packageRoot, name));
}

function mutantsOf(source: string): Mutant[] {
  const text = readFileSync(join(packageRoot, source), "utf8");
  return mutationsOf(text).map((mutation) => ({ source, text, mutation }));
}

/** As "src/a.ts:12: `a < b` for `a <= b`". */
function described({ source, text, mutation: { start, end, replacement } }: Mutant): string {
  const lines = text.slice(0, start).split("\n");
  const [line = ""] = text.slice(start - (lines.at(-1)?.length ?? 0)).split("\n");
  const changed = text.slice(start, end).split("\n")[0];
  return `${source}:${lines.length}: ${line.trim()}   [${changed} → ${replacement}]`;
}

runMain(main);
