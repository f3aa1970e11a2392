import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { venvPython } from "../../setup/paths.js";
import { findPython } from "../../setup/python.js";
import { runCommand } from "../../setup/run-command.js";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { packageRoot } from "../../src/platform/package-root.js";

/** How long pip may take, in ms. */
const INSTALLATION = 900_000;

/**
 * Installs Dask, Ray and Optuna in an environment of their own, which stays in the cache.
 *
 * @returns its Python
 */
export async function enginesPython(): Promise<string> {
  const requirements = join(packageRoot, "scripts/sweep-engines/requirements.txt");
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const venv = join(cacheDirectory(), `sweep-engines-${hash}`);
  const python = venvPython(venv);
  const complete = join(venv, "complete");
  if (existsSync(complete)) return python;
  console.log("  … installing Dask, Ray and Optuna");
  const options = { env: process.env, timeout: INSTALLATION };
  await runCommand((await findPython()).path, ["-m", "venv", "--clear", venv], options);
  await runCommand(python, ["-m", "pip", "install", "--quiet", "--requirement", requirements], options);
  writeFileSync(complete, "");
  return python;
}
