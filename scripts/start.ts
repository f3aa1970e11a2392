// `npm start -- [NOTEBOOK…] [--size quick|full] [--data DIR]`: sets up, runs the notebooks through the kernel, writes out/
// and prints what came of them. A notebook is a path, a name, or the start of a name: all of them, unless some are named.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setUpEssentials, venvPython } from "../setup/index.js";
import { packageRoot } from "../src/platform/package-root.js";
import { executeNotebook } from "./notebooks/execute.js";
import { galleryPage, readLecture } from "./notebooks/gallery-page.js";
import { reportPage } from "./notebooks/report-page.js";
import { type Result, readReport, table } from "./notebooks/result.js";
import { type Selection, select } from "./notebooks/selection.js";
import { runMain } from "./run-main.js";

async function main(): Promise<number> {
  const selection = select(process.argv.slice(2), join(packageRoot, "notebooks"), process.env);
  await setUpEssentials();
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => stop.abort());
  }
  const results = await runAll(selection, stop.signal);
  if (stop.signal.aborted) {
    console.log("\nInterrupted");
    return 130;
  }
  console.log(`\n${table(results).join("\n")}`);
  console.log(`\nThe executed lectures, with a report: ${join(packageRoot, "out", "index.html")}`);
  return results.every((result) => result.passed) ? 0 : 1;
}

async function runAll(selection: Selection, signal: AbortSignal): Promise<Result[]> {
  const { notebooks, size, data } = selection;
  const out = join(packageRoot, "out");
  const file = join(out, "results.json");
  mkdirSync(out, { recursive: true });
  const page = join(out, "report.html");
  const gallery = join(out, "index.html");
  for (const each of [file, page, gallery]) rmSync(each, { force: true });
  const env: NodeJS.ProcessEnv = { ...process.env, RNNLAB_SIZE: size };
  if (data !== undefined) env.RNNLAB_DATA = data;
  const write = (text: string) => process.stdout.write(text);
  const results: Result[] = [];
  for (const [index, notebook] of notebooks.entries()) {
    write(`\n${basename(notebook, ".ipynb")} (${index + 1} of ${notebooks.length}, ${size} size)\n`);
    const result = await executeNotebook(notebook, { python: venvPython(), out, size, env, write, signal });
    if (signal.aborted) return results;
    write(`  ${result.passed ? "passed" : `failed: ${result.error}`} after ${result.seconds.toFixed(1)} s\n`);
    results.push(result);
    // After each notebook, so that what is known survives whatever happens to the next.
    writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
    const executed = ({ notebook: name }: Result): string => join(out, `${name}.ipynb`);
    writeFileSync(
      page,
      reportPage(results.map((each) => ({ result: each, report: readReport(executed(each)) }))),
    );
    writeFileSync(gallery, galleryPage(results.map((each) => readLecture(each, executed(each)))));
  }
  return results;
}

runMain(main);
