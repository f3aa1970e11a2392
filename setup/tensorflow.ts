import { existsSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { findTfjs, type Tfjs } from "../src/platform/tfjs-node.js";
import { bindingEntry, compileBinding, requireBuildTools } from "./binding.js";
import { libtensorflow } from "./libtensorflow.js";
import { withLock } from "./lock.js";
import { officialEntry, runOfficialInstaller } from "./official-installer.js";
import { isWritable } from "./paths.js";
import { thisPlatform } from "./platform.js";
import { CommandError, runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";
import { unwritable } from "./steps.js";
import { bindingPath, displace, markProven, type NativeParts, place, provenBefore } from "./tfjs.js";
import type { Note } from "./venv.js";
import { libraryEntry, type Wheel, wheelFor } from "./wheels.js";

/** What the TensorFlow step works with. */
export interface TensorFlowOptions {
  /** A file of the package that depends on tfjs-node. */
  readonly from: string;
  /** The module through which the project loads TensorFlow. */
  readonly entry: string;
  /** The cache directory. */
  readonly cache: string;
  /** A Python with pip. */
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
  readonly note: Note;
  /** Whether all users must be able to read the library: one that is elsewhere than in the cache directory is replaced. */
  readonly forAll?: boolean;
  /** The wheel with the library, by default the pinned one of this platform. */
  readonly wheel?: Wheel;
}

interface Source {
  readonly name: string;
  /** The cache entry that tells that this source has worked before. */
  readonly entry: string;
  readonly get: () => Promise<NativeParts>;
}

/**
 * Gives tfjs-node its native part, from the first source that works: what is in place, its own installer, or
 * TensorFlow's wheel for this platform with a binding compiled here. What is in the user's cache comes first.
 * Nothing is believed before a process has computed with it.
 *
 * @param options - where things are
 * @returns one line about the result
 * @throws {SetupError} when no source works; nothing is left in the package then
 */
export async function prepareTensorFlow(options: TensorFlowOptions): Promise<string> {
  const tfjs = installed(options.from);
  if (options.forAll && !libraryIsIn(tfjs, options.cache)) displace(tfjs);
  const before = provenBefore(tfjs);
  if (before !== undefined) return before;
  if (!isWritable(dirname(tfjs.folder))) return await believeAsItIs(tfjs, options);
  return withLock(
    join(dirname(tfjs.folder), ".rnnlab-setup.lock"),
    async () => provenBefore(tfjs) ?? (await prepare(tfjs, options)),
    (pid) => options.note(`waiting for another set-up (process ${pid})`),
  );
}

function installed(from: string): Tfjs {
  try {
    return findTfjs(from);
  } catch (error) {
    throw new SetupError(
      "Cannot prepare TensorFlow: the package @tensorflow/tfjs-node must be installed",
      "npx rnnlab setup, which adds it to your project (in a checkout: npm ci)",
      [],
      error,
    );
  }
}

function libraryIsIn(tfjs: Tfjs, cache: string): boolean {
  const deps = join(tfjs.folder, "deps");
  return existsSync(deps) && realpathSync(deps).startsWith(join(realpathSync(cache), sep));
}

/** Somebody else has installed the package: what is there may compute all the same. */
async function believeAsItIs(tfjs: Tfjs, { entry, env }: TensorFlowOptions): Promise<string> {
  const folder = dirname(tfjs.folder);
  if (!existsSync(bindingPath(tfjs))) throw unwritable("TensorFlow", folder);
  try {
    return description(tfjs, await prove(entry, env));
  } catch (error) {
    throw unwritable("TensorFlow", folder, error as Error);
  }
}

async function prepare(tfjs: Tfjs, options: TensorFlowOptions): Promise<string> {
  const tried: string[] = [];
  const repairs: string[] = [];
  if (existsSync(bindingPath(tfjs))) {
    try {
      return await believe(tfjs, options);
    } catch (error) {
      tried.push(`what was in ${tfjs.folder}: ${(error as Error).message}`);
    }
  }
  for (const source of sources(tfjs, options)) {
    try {
      place(tfjs, await source.get());
      return await believe(tfjs, options);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof SetupError) repairs.push(error.repair);
      const reason =
        error instanceof SetupError
          ? [error.message.split("\n")[0], ...error.tried].join("; ")
          : error.message;
      tried.push(`${source.name}: ${reason}`);
      displace(tfjs);
    }
  }
  throw new SetupError(
    "Cannot prepare TensorFlow: no source of its native library works",
    repairs[0] ?? "check the connection to the Python package index; then: npx rnnlab setup",
    tried,
  );
}

function sources(tfjs: Tfjs, options: TensorFlowOptions): Source[] {
  const { cache, env, note } = options;
  const from = options.wheel ?? wheelFor(thisPlatform);
  const official: Source = {
    name: "its own installer",
    entry: officialEntry(tfjs),
    get: () => runOfficialInstaller(tfjs, cache, note, env),
  };
  const possible = from === undefined ? [official] : [official, wheelSource(tfjs, from, options)];
  const isCached = (source: Source) => existsSync(join(cache, source.entry));
  return [...possible.filter(isCached), ...possible.filter((source) => !isCached(source))];
}

function wheelSource(tfjs: Tfjs, from: Wheel, { cache, python, env, note }: TensorFlowOptions): Source {
  const entry = libraryEntry(from);
  return {
    name: "TensorFlow's wheel",
    entry,
    get: async () => {
      const compiled = existsSync(join(cache, bindingEntry(tfjs, entry)));
      if (!compiled) await requireBuildTools(python, cache, env);
      const deps = await libtensorflow(python, cache, note, env, from);
      return { deps, binding: await compileBinding(tfjs, deps, entry, python, cache, note, env) };
    },
  };
}

async function believe(tfjs: Tfjs, { entry, env }: TensorFlowOptions): Promise<string> {
  const line = description(tfjs, await prove(entry, env));
  markProven(tfjs, line);
  return line;
}

const description = ({ version }: Tfjs, { library }: { library: string }) =>
  `tfjs-node ${version} on TensorFlow ${library}`;

/**
 * Computes with TensorFlow in a process of its own.
 *
 * @param entry - the module through which TensorFlow is loaded
 * @param env - the environment
 * @returns the versions of tfjs-node and of TensorFlow's library
 * @throws {CommandError} when it does not load, crashes or miscalculates
 */
export async function prove(
  entry: string,
  env: NodeJS.ProcessEnv,
): Promise<{ tfjs: string; library: string }> {
  const output = await runCommand(process.execPath, [join(__dirname, "prove.js"), entry], {
    env: { ...env, TF_CPP_MIN_LOG_LEVEL: "2" },
    timeout: 120_000,
  });
  const line = output.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new CommandError(`The proof printed no result: ${line}`);
  return JSON.parse(line);
}
