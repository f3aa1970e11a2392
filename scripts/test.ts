// `npm test`: sets up, runs every check and every test, and ends with one line "N passed, N failed".
// With `--campaign MINUTES` it then runs the campaign that long and counts its tries too.
// With words it runs the test files whose paths contain one of them, and nothing else: for whoever is at work.
// With `--unit` it runs the tests of the modules, and nothing else.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setUp } from "../setup/index.js";
import { packageRoot } from "../src/platform/package-root.js";
import { runCampaign } from "../tools/campaign/index.js";
import type { Totals } from "../tools/totals.js";
import { runChecks } from "./checks/index.js";
import { runMain } from "./run-main.js";
import { runTests } from "./tests/run-tests.js";
import { inOrder, isUnit, placesOf } from "./tests/schedule.js";

// The same tries every time, so that a failure is the change's and not the draw's.
const CAMPAIGN_SEED = "15";

const setUpWorks = {
  name: "set-up",
  run: async () => {
    await setUp();
    return [];
  },
};

async function main(): Promise<number> {
  const options = { campaign: { type: "string" }, unit: { type: "boolean" } } as const;
  const { values, positionals: words } = parseArgs({ options, allowPositionals: true });
  const names = testFiles(words).filter((name) => values.unit !== true || isUnit(name));
  if (names.length === 0) {
    throw new Error(`Cannot run tests: the path of a test file must contain ${words.join(" or ")}, got none`);
  }
  const everything = words.length === 0 && values.unit !== true;
  const all: Totals[] = [];
  if (everything) all.push(await runChecks([setUpWorks], (line) => console.log(line)));
  const files = inOrder(names).map((name) => ({
    path: join(packageRoot, "dist/test", name.replace(/\.ts$/, ".js")),
    places: placesOf(name),
  }));
  all.push(await runTests(files, { checks: everything }));
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
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
}

runMain(main);
