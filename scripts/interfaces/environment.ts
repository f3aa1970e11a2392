import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { type JupyterHome, run } from "../../tools/kernel-client/index.js";

/** A way to the kernel. */
export interface Interface {
  readonly name: string;
  /** Runs cells in this way; throws if they do not do what they should. */
  drive(home: JupyterHome): Promise<void>;
}

/** pip and npm on a slow connection. */
const INSTALL_LIMIT = 15 * 60_000;

/** A command that must exit with 0. */
export async function succeed(
  command: string,
  args: readonly string[],
  options: Parameters<typeof run>[2] = {},
): ReturnType<typeof run> {
  const outcome = await run(command, args, { milliseconds: 300_000, ...options });
  if (outcome.status === 0) return outcome;
  throw new Error(
    `Cannot run ${command}: it must exit with 0, got ${outcome.status}\n${outcome.stdout}${outcome.stderr}`,
  );
}

/** A folder in the cache that is made once for what is to be in it. */
async function madeOnce(
  content: readonly string[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const key = createHash("sha256").update(content.join("\n")).digest("hex").slice(0, 12);
  const folder = join(cacheDirectory(), "interfaces", key);
  const marker = join(folder, "complete");
  if (existsSync(marker)) return folder;
  mkdirSync(folder, { recursive: true });
  console.log(`  … installing ${content.join(", ") || "Python"}`);
  await make(folder);
  writeFileSync(marker, `${content.join("\n")}\n`);
  return folder;
}

/**
 * An environment of Python with some packages.
 *
 * @param packages - with their versions
 * @returns its folder of programs
 */
export async function pythonWith(...packages: string[]): Promise<string> {
  const python = process.env.RNNLAB_PYTHON ?? "python3";
  const folder = await madeOnce(packages, async (path) => {
    await succeed(python, ["-m", "venv", path], { milliseconds: INSTALL_LIMIT });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    if (packages.length > 0)
      await succeed(join(path, "bin/python"), [...pip, ...packages], { milliseconds: INSTALL_LIMIT });
  });
  return join(folder, "bin");
}

/**
 * Some packages of npm.
 *
 * @param packages - with their versions
 * @returns the folder of their programs
 */
export async function npmWith(...packages: string[]): Promise<string> {
  const folder = await madeOnce(packages, async (path) => {
    const options = ["--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", path];
    await succeed("npm", ["install", ...options, ...packages], { milliseconds: INSTALL_LIMIT });
  });
  return join(folder, "node_modules/.bin");
}

/**
 * The files that a package of Python is made from, which have more than what is installed.
 *
 * @param name - the package with its version
 * @returns their folder
 */
export function pythonSource(name: string): Promise<string> {
  return madeOnce([`the source of ${name}`], async (folder) => {
    const pip = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check"];
    const archive = ["--no-deps", "--no-binary", ":all:", "--dest", folder, name];
    const python = join(await pythonWith(), "python");
    await succeed(python, [...pip, ...archive], { milliseconds: INSTALL_LIMIT });
    const files = readdirSync(folder).filter((each) => each.endsWith(".tar.gz"));
    await succeed("tar", ["-xzf", ...files, "--strip-components=1"], { cwd: folder });
  });
}
