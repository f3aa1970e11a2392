import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { packageRoot } from "../src/platform/package-root.js";
import { findManifest } from "./find-manifest.js";
import { NPM, packageManagerOf } from "./package-manager.js";
import { isWritable, projectAbove } from "./paths.js";
import { type RunOptions, runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";
import { unwritable } from "./steps.js";
import type { Note } from "./venv.js";

/** What only those need who compute with tensors: 300 MB, which nobody shall carry for the kernel alone. */
const NAMES = ["@tensorflow/tfjs-node", "h5wasm"];

const AGAIN = "then: npx rnnlab setup";
const BY_HAND = `install them with what has installed rnnlab; ${AGAIN}`;

/** What the step works with. */
export interface TensorPackagesOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly note: Note;
  /** The folder of rnnlab. */
  readonly copy?: string;
  /** The folder in which the command was given. */
  readonly current?: string;
}

/** A folder whose `node_modules` has rnnlab, and the command that adds packages there. */
interface Place {
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Which of the packages that compute with tensors are not installed.
 *
 * @param copy - the folder of rnnlab
 * @returns each with its version, as a package manager takes it
 */
export function missingTensorPackages(copy: string = packageRoot): string[] {
  const manifest = join(copy, "package.json");
  const { peerDependencies } = JSON.parse(readFileSync(manifest, "utf8"));
  return NAMES.filter((name) => findManifest(name, manifest) === undefined).map(
    (name) => `${name}@${peerDependencies[name]}`,
  );
}

/**
 * Adds the packages that compute with tensors to the project that has rnnlab, with the project's package manager. They
 * are optional peers of rnnlab, so no package manager brings them by itself.
 *
 * @param options - where rnnlab is
 * @returns the folder of rnnlab, which is another one afterwards where the package manager has moved it
 * @throws {SetupError} when they cannot be added
 */
export async function addTensorPackages(options: TensorPackagesOptions): Promise<string> {
  const { env, note, copy = packageRoot, current = process.cwd() } = options;
  const missing = missingTensorPackages(copy);
  if (missing.length === 0) return copy;
  const what = missing.join(" and ");
  const place = await placeOf(copy, current, env, what);
  const args = [...place.args, ...missing];
  const line = [place.command, ...args].join(" ");
  if (!isWritable(join(place.folder, "node_modules"))) throw unwritable("TensorFlow", place.folder);
  note(`adding ${what} to ${place.folder} with ${place.command} (300 MB on disk)`);
  try {
    await run(place.command, args, {
      cwd: place.folder,
      env: { ...env, ...place.env },
      timeout: 1_800_000,
    });
  } catch (error) {
    const repair = `check the connection to the registry, or run ${line} in ${place.folder}; ${AGAIN}`;
    throw new SetupError(`Cannot add ${what}`, repair, [(error as Error).message], error);
  }
  const moved = realpathSync(join(place.folder, "node_modules", basename(copy)));
  if (missingTensorPackages(moved).length === 0) return moved;
  throw new SetupError(`Cannot use ${what}: rnnlab must find them from ${moved}`, BY_HAND, [line]);
}

async function placeOf(copy: string, current: string, env: NodeJS.ProcessEnv, what: string): Promise<Place> {
  if (basename(dirname(copy)) !== "node_modules")
    throw new SetupError(`Cannot use ${what}: this checkout must have its packages`, `npm ci; ${AGAIN}`);
  const [project] = [projectAbove(current, copy), dirname(dirname(copy))].filter(
    (folder) => folder !== undefined && existsSync(join(folder, "package.json")),
  );
  if (project !== undefined) {
    const { command, add, env: more = {} } = packageManagerOf(project);
    return { folder: project, command, args: isForDevelopment(project) ? [...add, "-D"] : add, env: more };
  }
  const [root, folder] = [dirname(copy), dirname(dirname(copy))];
  if (root !== (await globalRoot(env)))
    throw new SetupError(`Cannot add ${what}: ${root} must belong to a project or to npm`, BY_HAND);
  return { folder, command: NPM.command, args: [...NPM.add, "--global"] };
}

function isForDevelopment(project: string): boolean {
  const { devDependencies = {} } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  return "rnnlab" in devDependencies;
}

/** Where npm installs packages that belong to no project. */
async function globalRoot(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const folder = (await run(NPM.command, ["root", "--global"], { env, timeout: 60_000 })).trim();
  return existsSync(folder) ? realpathSync(folder) : undefined;
}

/** On Windows package managers are scripts, which only a shell runs. */
function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  return process.platform === "win32"
    ? runCommand("cmd", ["/d", "/c", command, ...args], options)
    : runCommand(command, args, options);
}
