// `npm run sweep-engines -- [dask] [ray] [workers] [optuna] [samplers]`: sweeps on a Dask and on a Ray cluster, one of whose two workers is killed in
// the middle, and with a study of Optuna, which is stopped and goes on. The packages are in an environment of their own.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "../src/platform/file-lock.js";
import { UsageError } from "../src/platform/usage-error.js";
import { runMain } from "./run-main.js";
import { enginesPython } from "./sweep-engines/environment.js";
import { beginSweep, startCluster, witnessIn, writeSweptNotebook } from "./sweep-engines/swept-notebook.js";

/** How long anything may take, in ms. */
const PATIENCE = 180_000;

const TRIES = {
  dask: (folder: string, python: string) => killedWorker("dask", folder, python),
  // A token that only this cluster knows: whoever reaches it could otherwise do tasks on it.
  ray: (folder: string, python: string) =>
    killedWorker("ray", folder, python, {
      RAY_AUTH_MODE: "token",
      RAY_AUTH_TOKEN: randomBytes(32).toString("hex"),
      // Ray takes another address in place of 127.0.0.1, unless it must do without other machines.
      RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: "0",
    }),
  workers: noWorkers,
  optuna: continuedStudy,
  samplers: otherSamplers,
} as const;

/** One of two workers is killed while it does run 1; then the sweep is stopped, and goes on. */
async function killedWorker(
  kind: "dask" | "ray",
  folder: string,
  python: string,
  variables: NodeJS.ProcessEnv = {},
): Promise<void> {
  const cluster = await startCluster(kind, python, folder, variables);
  try {
    const where = [`--${kind}`, cluster.address, "--python", python, "--metric", "loss"];
    const { ended } = beginSweep(folder, ["--vary", "seed=0..3", ...where], variables);
    const run = Number(await contentOf(join(folder, "waiting")));
    process.kill(parentOf(run), "SIGKILL");
    const { status, stdout, stderr } = await ended;
    assert.equal(status, 0, stdout + stderr);
    // The run of the dead worker has ended with it: it was begun anew, and each run has ended once.
    await until(() => !isAlive(run), "the end of the dead worker's run");
    const seeds = [0, 1, 2, 3];
    const witness = [
      "begun 0",
      "begun 1",
      "begun 1",
      "begun 2",
      "begun 3",
      ...seeds.map((n) => `ended ${n}`),
    ];
    assert.deepEqual(witnessIn(folder), witness);
    assert.deepEqual(
      resultsIn(folder).runs.map(({ parameters, figures }) => [parameters, figures]),
      seeds.map((seed) => [{ seed }, { loss: (seed + 1) * 0.1 }]),
    );
    const again = await beginSweep(folder, ["--vary", "seed=0..4", ...where], variables).ended;
    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual(witnessIn(folder), [...witness, "begun 4", "ended 4"].sort());
  } finally {
    await cluster.close();
  }
}

/** A scheduler without workers would let a sweep wait for ever. */
async function noWorkers(folder: string, python: string): Promise<void> {
  const cluster = await startCluster("dask", python, folder, {}, 0);
  try {
    const where = ["--dask", cluster.address, "--python", python];
    const { status, stderr } = await beginSweep(folder, ["--vary", "seed=0", ...where]).ended;
    assert.match(stderr, /the scheduler must have workers, got none; dask worker ADDRESS starts one/);
    assert.equal(status, 1);
    assert.deepEqual(witnessIn(folder), []);
  } finally {
    await cluster.close();
  }
}

/** Optuna's other samplers, and the greatest value in place of the least. */
async function otherSamplers(folder: string, python: string): Promise<void> {
  for (const sampler of ["random", "qmc"]) {
    const study = ["--study", `${sampler}.db`, "--sampler", sampler, "--direction", "maximize"];
    const space = ["--vary", "rate=0.01..1.0:log", "--vary", "seed=2..9", "--samples", "6", "--seed", "1"];
    const where = ["--output", sampler, "--metric", "loss", "--python", python, "--json"];
    const { status, stdout, stderr } = await beginSweep(folder, [...study, ...space, ...where]).ended;
    assert.equal(status, 0, stderr);
    const { runs, best } = JSON.parse(stdout) as Results & { best: string };
    const losses = runs.map(({ figures }) => Number(Object.values(figures)[0]));
    assert.equal(new Set(losses).size, 6);
    assert.equal(
      runs.findIndex(({ id }) => id === best),
      losses.indexOf(Math.max(...losses)),
    );
  }
}

/** A study goes on, with what it knows: each trial is one run. */
async function continuedStudy(folder: string, python: string): Promise<void> {
  const study = [
    "--study",
    "swept.db",
    "--metric",
    "loss",
    "--python",
    python,
    "--vary",
    "rate=0.01..1.0:log",
  ];
  const { child, ended } = beginSweep(folder, [
    ...study,
    "--vary",
    "seed=1,2",
    "--samples",
    "40",
    "--seed",
    "1",
  ]);
  // Sooner or later there is a run of seed 1, which waits: then the sweep is stopped.
  const run = Number(await contentOf(join(folder, "waiting")));
  child.kill("SIGINT");
  const stopped = await ended;
  assert.equal(stopped.status, 130, stopped.stderr);
  assert.equal(isAlive(run), false, "a stopped sweep leaves no run");
  const before = resultsIn(folder).runs;
  const count = before.length + 2;
  const again = ["--vary", "seed=1,2", "--samples", String(count), "--seed", "1", "--json"];
  const { status, stdout, stderr } = await beginSweep(folder, [...study, ...again]).ended;
  assert.equal(status, 0, stderr);
  const { runs } = JSON.parse(stdout) as Results;
  assert.deepEqual(runs.slice(0, before.length), before);
  assert.equal(runs.length, count);
  const lost = witnessIn(folder).filter((line) => line.startsWith("ended")).length;
  assert.equal(lost, count);
}

interface Results {
  readonly runs: readonly { readonly id: string; readonly parameters: object; readonly figures: object }[];
}

const resultsIn = (folder: string): Results =>
  JSON.parse(readFileSync(join(folder, "swept.sweep/results.json"), "utf8"));

/** The parent of a process, from what Linux says after the name in brackets: state, then parent. */
const parentOf = (pid: number): number =>
  Number(
    readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")[1],
  );

async function contentOf(path: string): Promise<string> {
  await until(() => existsSync(path), path);
  return readFileSync(path, "utf8");
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + PATIENCE; !holds(); await delay(100))
    if (Date.now() > end)
      throw new Error(`Cannot wait for ${what}: it must come within ${PATIENCE / 1000} s`);
}

async function main(): Promise<number> {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !Object.hasOwn(TRIES, name));
  if (unknown !== undefined)
    throw new UsageError(`Cannot try engines: they are ${Object.keys(TRIES).join(", ")}, got ${unknown}`);
  const python = await enginesPython();
  let [passed, failed] = [0, 0];
  for (const [name, attempt] of Object.entries(TRIES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "rnnlab-engines-")));
    try {
      writeSweptNotebook(folder);
      await attempt(folder, python);
      passed++;
      console.log(`✔ ${name}`);
    } catch (error) {
      failed++;
      console.log(`✖ ${name}: ${error instanceof Error ? error.stack : error}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

runMain(main);
