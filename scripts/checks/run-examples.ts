// Run as a process of its own: imports each given module in turn and prints what they printed as one line of JSON.
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import type { ExampleRun } from "./examples.js";

async function main(files: readonly string[]): Promise<void> {
  const runs: ExampleRun[] = [];
  const print = console.log;
  for (const file of files) {
    const output: string[] = [];
    console.log = (...values: unknown[]) => output.push(...format(...values).split("\n"));
    try {
      await import(pathToFileURL(file).href);
      runs.push({ file, output });
    } catch (error) {
      runs.push({
        file,
        output,
        error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      });
    }
  }
  console.log = print;
  console.log(JSON.stringify(runs));
}

void main(process.argv.slice(2));
