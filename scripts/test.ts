// `npm test`: sets up, runs every check and every test, and ends with one line "N passed, N failed".
// With `--campaign MINUTES` it then runs the campaign that long and counts its tries too.
// With words it runs the test files whose paths contain one of them, and nothing else: for whoever is at work.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { parseArgs } from "node:util";
import { runCampaign } from "../campaign/index.js";
import { undoOnExit } from "../setup/exit.js";
import { setUp } from "../setup/index.js";
import { packageRoot } from "../src/platform/package-root.js";
import { type Check, checks, runChecks, type Totals } from "./checks/index.js";
import { runMain } from "./run-main.js";

// Far above what any test file takes: one that hangs must not hang the run.
const FILE_LIMIT = 20 * 60 * 1000;

// The same tries every time, so that a failure is the change's and not the draw's.
const CAMPAIGN_SEED = "15";

const setUpWorks: Check = {
  name: "set-up",
  run: async () => {
    await setUp();
    return [];
  },
};

async function main(): Promise<number> {
  const options = { campaign: { type: "string" } } as const;
  const { values, positionals: words } = parseArgs({ options, allowPositionals: true });
  const names = testFiles(words);
  if (names.length === 0) {
    throw new Error(`Cannot run tests: the path of a test file must contain ${words.join(" or ")}, got none`);
  }
  const due = words.length === 0 ? [setUpWorks, ...checks] : [];
  const checked = await runChecks(due, (line) => console.log(line));
  const tested = await runTests(names);
  const all = [checked, tested];
  if (values.campaign !== undefined) {
    all.push(await runCampaign(["--minutes", values.campaign, "--seed", CAMPAIGN_SEED]));
  }
  const sum = (count: keyof Totals): number => all.reduce((total, each) => total + each[count], 0);
  const [passed, failed] = [sum("passed"), sum("failed")];
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** The test files, all or those whose path contains one of the words. */
function testFiles(words: readonly string[]): string[] {
  return readdirSync(join(packageRoot, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort();
}

/** Runs the compiled test files. */
async function runTests(names: readonly string[]): Promise<Totals> {
  const files = names.map((name) => join(packageRoot, "dist/test", name.replace(/\.ts$/, ".js")));
  const missing = files.filter((file) => !existsSync(file));
  for (const file of missing) console.log(`✖ ${file} was not built`);
  const totals = new Map<string, number>();
  // Ctrl-C ends the test files' processes too.
  const stop = new AbortController();
  undoOnExit(() => stop.abort());
  const present = files.filter((file) => existsSync(file));
  const stream = run({ files: present, timeout: FILE_LIMIT, signal: stop.signal });
  stream.on("test:diagnostic", ({ message, nesting }) => {
    const [, name, count] = /^(pass|fail|cancelled) (\d+)$/.exec(message) ?? [];
    if (nesting === 0 && name !== undefined) totals.set(name, Number(count));
  });
  // The reporter is a stream in every Node, though its type says function in some.
  for await (const text of stream.compose(new spec())) process.stdout.write(String(text));
  const count = (name: string) => totals.get(name) ?? 0;
  return { passed: count("pass"), failed: count("fail") + count("cancelled") + missing.length };
}

runMain(main);
