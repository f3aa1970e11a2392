import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { isAlive, until } from "../../../tools/kernel-client/index.js";

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "rnnlab-run-tests-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const MIXED = `
const { describe, test } = require("node:test");
describe("a suite", () => {
  test("holds", () => {});
  test("breaks", () => { throw new Error("this is why"); });
});`;
const GOOD = `require("node:test").test("holds too", () => console.log("printed by the test"));`;
const BROKEN = "process.exit(3);";
const ENDLESS = `require("node:test").test("never ends", (context, done) => {
  setInterval(() => {}, 1000);
  require("node:fs").mkdirSync(require("node:path").join(__dirname, "pid-" + process.pid));
});`;

/** Runs test files in a process of its own, for a test runner refuses to run in another's test. */
function start(files: Readonly<Record<string, string>>): { child: ChildProcess; output: () => string } {
  const paths = Object.entries(files).map(([name, code]) => {
    const path = join(folder, name);
    writeFileSync(path, code);
    return path;
  });
  const listed = [...paths, join(folder, "absent.js")].map((path) => ({ path, places: 1 }));
  const script = resolve(__dirname, "../../../scripts/tests/run-tests.js");
  const code = `require(${JSON.stringify(script)}).runTests(${JSON.stringify(listed)})
    .then((totals) => console.log("totals " + JSON.stringify(totals)));`;
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const main = join(folder, "main.js");
  writeFileSync(main, code);
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return { child, output: () => output };
}

test("runTests() prints each test and what it printed, counts them, and lists in the end what failed", async () => {
  const { child, output } = start({ "mixed.js": MIXED, "good.js": GOOD, "broken.js": BROKEN });
  await new Promise((done) => child.once("close", done));
  assert.match(output(), /totals \{"passed":2,"failed":3\}/);
  for (const line of ["✔ holds", "✖ breaks", "✔ holds too", "printed by the test", "absent.js was not built"])
    assert.ok(output().includes(line), output());
  const [, list = ""] = output().split("failing tests:");
  assert.match(list, /✖ breaks[^✔]*this is why/);
  assert.match(list, /✖ .*broken\.js/);
  assert.doesNotMatch(output(), /ℹ/);
});

test("runTests() ends the processes of the tests when it is interrupted", async () => {
  const { child, output } = start({ "endless.js": ENDLESS, "endless-too.js": ENDLESS });
  const pids = () =>
    readdirSync(folder).flatMap((name) => (name.startsWith("pid-") ? [Number(name.slice(4))] : []));
  await until(
    () => pids().length === 2,
    30_000,
    () => output(),
  );
  child.kill("SIGINT");
  await new Promise((done) => child.once("close", done));
  await until(
    () => !pids().some(isAlive),
    30_000,
    () => `${pids().filter(isAlive)} still live`,
  );
});
