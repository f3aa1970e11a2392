import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Contestant } from "./kernel.js";

const python = join(packageRoot, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/**
 * Our kernel and ipykernel, with cells that mean the same in TypeScript and Python.
 *
 * @throws {Error} when ipykernel is not there
 */
export function kernelContestants(): Contestant[] {
  if (!existsSync(python))
    throw new Error("Cannot measure ipykernel: there is no .venv; run: npx rnnlab setup");
  return [
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
}
