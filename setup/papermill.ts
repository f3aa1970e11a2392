import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../src/platform/package-root.js";
import { runCommand } from "./run-command.js";

/** The Python package by which papermill sets parameters of these notebooks. */
const FOLDER = join(packageRoot, "papermill");
/** Prints the module that is installed, or nothing. */
const INSTALLED = `import importlib.metadata as m
try: print(m.distribution("rnnlab-papermill").locate_file("rnnlab_papermill.py").read_text(encoding="utf-8"), end="")
except m.PackageNotFoundError: pass`;

/**
 * Installs what papermill needs for these notebooks, if it is not there as it is now. It builds itself, from files of
 * this package: nothing is fetched.
 *
 * @param python - the Python that gets it
 * @param env - its environment
 * @returns one line about the result
 */
export async function installPapermillTranslators(python: string, env: NodeJS.ProcessEnv): Promise<string> {
  const installed = await runCommand(python, ["-c", INSTALLED], { env, timeout: 60_000 });
  if (installed !== readFileSync(join(FOLDER, "rnnlab_papermill.py"), "utf8")) {
    const options = [
      "--quiet",
      "--no-deps",
      "--no-index",
      "--force-reinstall",
      "--disable-pip-version-check",
    ];
    await runCommand(python, ["-m", "pip", "install", ...options, FOLDER], { env, timeout: 300_000 });
  }
  return "parameters of TypeScript and JavaScript notebooks";
}
