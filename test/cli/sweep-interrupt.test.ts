import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, watch } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { isAlive } from "../../src/platform/file-lock.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { notebookProject } from "./notebook-project.js";

const CLI = resolve(__dirname, "../../cli/main.js");

/** Run 1 waits as long as there is no `go`. The parent of a session is the process of the run. */
const WAIT = `import { existsSync, writeFileSync } from "node:fs";
import { report } from "rnnlab/sweep";
if (seed === 1 && !existsSync("go")) {
  writeFileSync(\`waits/\${process.ppid}\`, "");
  await new Promise(() => {});
}
report({ loss: seed });`;

test("Ctrl-C ends the runs of a sweep and keeps those that have ended; the same command goes on", async (context) => {
  const { folder, write, rnnlab } = notebookProject(context);
  write("a.ipynb", [{ source: "let seed = 0;", tags: ["parameters"] }, { source: WAIT }]);
  mkdirSync(join(folder, "waits"));
  const args = ["a.ipynb", "--vary", "seed=0..1", "--workers", "1"];
  const child = spawn(process.execPath, [CLI, "sweep", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [watcher, ended] = [watch(join(folder, "waits")), once(child, "close")];
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(watcher, "change");
  watcher.close();
  const busy = rnnlab("sweep", ...args);
  assert.match(busy.stderr, /^rnnlab: Cannot sweep into a\.sweep: process \d+ must end before, /);
  child.kill("SIGINT");
  const [status] = await ended;
  const [stdout, stderr] = await printed;
  assert.equal(status, 130, stderr);
  assert.match(stdout, /\n1 of 2 runs are kept; the same command goes on from there\n$/);
  const [run] = readdirSync(join(folder, "waits"));
  assert.equal(isAlive(Number(run)), false);
  mkdirSync(join(folder, "go"));
  const again = rnnlab("sweep", ...args);
  assert.equal(again.status, 0, again.stderr);
  assert.match(again.stdout, /^1 runs on 1 local process\n\[2 of 2\] seed=1: loss 1 /);
  assert.equal(readdirSync(join(folder, "a.sweep/runs")).length, 2);
  assert.equal(existsSync(join(folder, "a.sweep/.lock")), false);
});

test("a worker without the sweep's Node, rnnlab or notebook says what it must have", (context) => {
  const { folder, write } = notebookProject(context);
  write("a.ipynb", [{ source: "1" }]);
  const python = join(packageRoot, ".venv/bin/python");
  const manifest = join(packageRoot, "package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  const nodeMajor = Number(process.versions.node.split(".")[0]);
  const fit = {
    node: process.execPath,
    nodeMajor,
    manifest,
    version,
    notebook: join(folder, "a.ipynb"),
    hash: "",
  };
  const program =
    "import json, sys\nfrom job import run_job\nprint(run_job({'requirements': json.load(sys.stdin)})['reason'])";
  for (const [changed, expected] of [
    [{ nodeMajor: 1 }, /must have Node 1, as the sweep has, got v\d+/],
    [{ manifest: "/nowhere/package.json" }, /must have rnnlab at \/nowhere, got: No such file/],
    [{ version: "9.9.9" }, /must have rnnlab 9\.9\.9, as the sweep has, got \d/],
    [{ notebook: "/nowhere/a.ipynb" }, /must have the notebook \/nowhere\/a\.ipynb, got: No such file/],
    [{}, /must have the same notebook .*a\.ipynb as the sweep, got another one/],
  ] as const) {
    const { stdout, stderr } = spawnSync(python, ["-B", "-c", program], {
      cwd: join(packageRoot, "cli/sweep/adapters"),
      input: JSON.stringify({ ...fit, ...changed }),
      encoding: "utf8",
    });
    assert.match(stdout, expected, stderr);
  }
});
