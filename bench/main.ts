/** `npm run bench`: measures the kernel beside ipykernel and the loading of data, in one run; the table also goes to out/bench.json. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { measureDatasets } from "./datasets.js";
import { type Contestant, type Measurement, measureKernels } from "./kernel.js";

const root = resolve(__dirname, "../..");
const python = join(root, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

const contestants: Contestant[] = [
  {
    variant: "rnnlab",
    cell: (index) => `const v${index} = ${index}; v${index}`,
    print: 'for (let i = 0; i < 100_000; i++) console.log("line", i);',
    library: 'import * as tf from "@tensorflow/tfjs-node";',
    completion: "tf.layers.",
  },
  {
    variant: "ipykernel",
    command: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    cell: (index) => `v${index} = ${index}; v${index}`,
    print: 'for i in range(100_000): print("line", i)',
    library: "import asyncio, unittest, xml.dom.minidom",
    completion: "asyncio.",
  },
];

function rowOf({ workload, variant, unit, spread }: Measurement, baseline: number): Record<string, string> {
  const text = (value: number): string => value.toFixed(1);
  return {
    workload,
    variant,
    median: `${text(spread.median)} ${unit}`,
    "min – max": `${text(spread.min)} – ${text(spread.max)}`,
    "ratio to ipykernel": (spread.median / baseline).toFixed(2),
  };
}

async function main(): Promise<void> {
  if (!existsSync(python))
    throw new Error("Cannot measure ipykernel: there is no .venv; run: npx rnnlab setup");
  const measurements = await measureKernels(contestants);
  const baselineOf = (workload: string): number =>
    measurements.find((each) => each.workload === workload && each.variant === "ipykernel")?.spread.median ??
    Number.NaN;
  console.table(measurements.map((each) => rowOf(each, baselineOf(each.workload))));
  const dataDirectory = process.env.RNNLAB_DATA;
  const loading = dataDirectory === undefined ? [] : measureDatasets(resolve(dataDirectory));
  if (loading.length === 0) console.log("Loading of data is not measured: set RNNLAB_DATA to the real files");
  else console.table(loading.map((each) => rowOf(each, Number.NaN)));
  mkdirSync(join(root, "out"), { recursive: true });
  writeFileSync(
    join(root, "out", "bench.json"),
    `${JSON.stringify([...measurements, ...loading], null, 2)}\n`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
