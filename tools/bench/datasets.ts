import { spawnSync } from "node:child_process";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Measurement } from "./kernel.js";
import { spreadOf } from "./statistics.js";

const ROUNDS = 5;

/** What is loaded, and the file it is loaded from. */
const loaders = {
  loadImdb: "imdb.npz, whole",
  loadMnist: "mnist.npz",
  loadImdbText: "aclImdb_v1.tar.gz, 50,000 texts",
};

/**
 * Loads each real data set several times, every time in a process of its own, so that its peak memory is its own.
 *
 * @param dataDirectory - directory of the real files
 * @returns milliseconds from the call to the data, checksum included, and the process's peak of resident memory;
 *   and from the first review to the vocabulary
 */
export function measureDatasets(dataDirectory: string): Measurement[] {
  const rows = Object.entries(loaders).flatMap(([loader, file]) => {
    const runs = Array.from({ length: ROUNDS }, () => loadOnce(loader, dataDirectory));
    const row = (unit: "ms" | "MiB", name: string, values: number[]): Measurement => ({
      workload: `datasets: ${file}${name}`,
      variant: "rnnlab",
      unit,
      spread: spreadOf(values),
    });
    return [
      row(
        "ms",
        "",
        runs.map(({ ms }) => ms),
      ),
      row(
        "MiB",
        ", peak memory",
        runs.map(({ mebibytes }) => mebibytes),
      ),
    ];
  });
  const adaptations = Array.from({ length: ROUNDS }, () => adaptOnce(dataDirectory));
  return [
    ...rows,
    {
      workload: "datasets: vocabulary of 25,000 reviews",
      variant: "rnnlab",
      unit: "ms",
      spread: spreadOf(adaptations),
    },
  ];
}

function loadOnce(loader: string, dataDirectory: string): { ms: number; mebibytes: number } {
  const script = `
    const datasets = require("rnnlab/datasets");
    const begun = performance.now();
    datasets[${JSON.stringify(loader)}]({ source: "real", dataDirectory: ${JSON.stringify(dataDirectory)} }).then(() => {
      const ms = performance.now() - begun;
      console.log(JSON.stringify({ ms, mebibytes: process.resourceUsage().maxRSS / 1024 }));
    });`;
  return measure(loader, script);
}

function adaptOnce(dataDirectory: string): number {
  return measure(
    "TextVectorization",
    `
    const { loadImdbText } = require("rnnlab/datasets");
    const { TextVectorization } = require("rnnlab/preprocessing");
    loadImdbText({ source: "real", dataDirectory: ${JSON.stringify(dataDirectory)} }).then(({ train }) => {
      const begun = performance.now();
      new TextVectorization().adapt(train.reviews);
      console.log(JSON.stringify(performance.now() - begun));
    });`,
  );
}

/** Runs a script in a process of its own and reads the JSON that it prints. */
function measure<Result>(what: string, script: string): Result {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", script], {
    cwd: packageRoot,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Cannot measure ${what}: it must run, got: ${stderr}`);
  return JSON.parse(stdout);
}
