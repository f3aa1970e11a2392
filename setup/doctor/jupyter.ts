import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_NAME, searchPath } from "../../kernel/install/index.js";
import { LANGUAGES, type Language, TRAITS } from "../../kernel/shared/language.js";
import { venvDirectory, venvPython } from "../paths.js";
import { findPython } from "../python.js";
import { runCommand } from "../run-command.js";
import type { Finding } from "./finding.js";

const SETUP = "npx rnnlab setup";
const PACKAGES = ["jupyterlab", "nbconvert"];
const VERSIONS = `
import json, sys
from importlib.metadata import PackageNotFoundError, version
def find(name):
    try: return version(name)
    except PackageNotFoundError: return None
print(json.dumps([sys.version.split()[0]] + [find(name) for name in sys.argv[1:]]))
`;

/**
 * Looks at the project's Python environment and at every kernelspec that starts rnnlab. Without an environment the
 * Python that `rnnlab setup --no-venv` gives the kernels to counts.
 *
 * @param python - its path, if it is not the one that is found
 * @returns one finding a part
 */
export async function examineJupyter(python: string | undefined): Promise<Finding[]> {
  const specs = kernelSpecs(existsSync(venvPython()) ? venvDirectory() : await prefixOf(python));
  // A Jupyter that has the kernel is all that somebody needs who has not asked for one of ours.
  const elsewhere = specs.some(({ health }) => health === "ok");
  return [...(await environment(elsewhere)), ...specs];
}

async function prefixOf(python: string | undefined): Promise<string | undefined> {
  try {
    const env = python === undefined ? process.env : { ...process.env, RNNLAB_PYTHON: python };
    return (await findPython(env)).prefix;
  } catch (error) {
    // There need be none. One that was named must be there.
    if (python !== undefined) throw error;
    return undefined;
  }
}

async function environment(elsewhere: boolean): Promise<Finding[]> {
  const venv = venvDirectory();
  if (!existsSync(venvPython(venv))) {
    const health = elsewhere ? "optional" : "broken";
    return [{ part: "python", found: `no environment at ${venv}`, health, repair: SETUP }];
  }
  try {
    const output = await runCommand(venvPython(venv), ["-c", VERSIONS, ...PACKAGES], { timeout: 30_000 });
    const [python, ...versions] = JSON.parse(output) as [string, ...(string | null)[]];
    return [
      { part: "python", found: `${python} (${venv})`, health: "ok" },
      ...PACKAGES.map((part, index): Finding => {
        const found = versions[index];
        return found
          ? { part, found, health: "ok" }
          : { part, found: "not installed", health: "broken", repair: SETUP };
      }),
    ];
  } catch (error) {
    const [found = ""] = (error as Error).message.split("\n");
    return [{ part: "python", found, health: "broken", repair: SETUP }];
  }
}

function kernelSpecs(prefix: string | undefined): Finding[] {
  const folders = searchPath(process.env, prefix === undefined ? [] : [prefix]);
  const found = folders.flatMap(ours);
  const missing = LANGUAGES.filter((language) => !found.some((each) => each.language === language));
  const nowhere = missing.map(
    (language): Finding => ({
      part: "kernelspec",
      found: `${TRAITS[language].title}'s is not found by any Jupyter that is known here`,
      health: language === "typescript" ? "broken" : "optional",
      repair: SETUP,
    }),
  );
  return [...found.map(({ finding }) => finding), ...nowhere];
}

/** A kernelspec of rnnlab's. */
interface Found {
  readonly language: Language;
  readonly finding: Finding;
}

function ours(kernels: string): Found[] {
  if (!existsSync(kernels)) return [];
  return readdirSync(kernels).flatMap((name): Found[] => {
    const folder = join(kernels, name);
    const file = join(folder, "kernel.json");
    if (!existsSync(file)) return [];
    const part = "kernelspec";
    const remove = `rm -r ${JSON.stringify(folder)}`;
    try {
      const { argv = [], language } = JSON.parse(readFileSync(file, "utf8"));
      const command = argv.indexOf("kernel");
      if (!LANGUAGES.includes(language) || command < 2) return [];
      const missing = [argv[0], argv[command - 1]].find((path: string) => !existsSync(path));
      if (missing === undefined) return [{ language, finding: { part, found: folder, health: "ok" } }];
      const found = `${folder} starts ${missing}, which is gone`;
      const repair = `${remove}, then npx rnnlab install`;
      return [{ language, finding: { part, found, health: "broken", repair } }];
    } catch (error) {
      const found = `${file}: ${(error as Error).message}`;
      return LANGUAGES.filter((language) => name === `${DEFAULT_NAME}${TRAITS[language].suffix}`).map(
        (language) => ({ language, finding: { part, found, health: "broken", repair: remove } }),
      );
    }
  });
}
