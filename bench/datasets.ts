import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import type { Measurement } from "./kernel.js";
import { spreadOf } from "./statistics.js";

const root = resolve(__dirname, "../..");
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
 * @param dataDirectory directory of the real files
 * @returns milliseconds from the call to the data, checksum included, and the process's peak of resident memory
 */
export function measureDatasets(dataDirectory: string): Measurement[] {
  return Object.entries(loaders).flatMap(([loader, file]) => {
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
}

function loadOnce(loader: string, dataDirectory: string): { ms: number; mebibytes: number } {
  const script = `
    const datasets = require("rnnlab/datasets");
    const begun = performance.now();
    datasets[${JSON.stringify(loader)}]({ source: "real", dataDirectory: ${JSON.stringify(dataDirectory)} }).then(() => {
      const ms = performance.now() - begun;
      console.log(JSON.stringify({ ms, mebibytes: process.resourceUsage().maxRSS / 1024 }));
    });`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", script], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Cannot measure ${loader}: it must load, got: ${stderr}`);
  return JSON.parse(stdout);
}
