import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { findTfjs, type Tfjs } from "../src/platform/tfjs-node.js";
import { compileBinding } from "./binding.js";
import { libraryEntry, libtensorflow, type Wheel, wheel } from "./libtensorflow.js";
import { withLock } from "./lock.js";
import { officialEntry, runOfficialInstaller } from "./official-installer.js";
import { CommandError, runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";
import { bindingPath, displace, markProven, type NativeParts, place, provenBefore } from "./tfjs.js";
import type { Note } from "./venv.js";

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
  /** The wheel with the library, by default the pinned one. */
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
 * (Linux on x64) TensorFlow's wheel with a binding compiled here. What is in the user's cache comes first.
 * Nothing is believed before a process has computed with it.
 *
 * @param options - where things are
 * @returns one line about the result
 * @throws {SetupError} when no source works; nothing is left in the package then
 */
export async function prepareTensorFlow(options: TensorFlowOptions): Promise<string> {
  const tfjs = findTfjs(options.from);
  const before = provenBefore(tfjs);
  if (before !== undefined) return before;
  return withLock(
    join(dirname(tfjs.folder), ".rnnlab-setup.lock"),
    async () => provenBefore(tfjs) ?? (await prepare(tfjs, options)),
    (pid) => options.note(`waiting for another set-up (process ${pid})`),
  );
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
  const { cache, python, env, note } = options;
  const from = options.wheel ?? wheel;
  const official: Source = {
    name: "its own installer",
    entry: officialEntry(tfjs),
    get: () => runOfficialInstaller(tfjs, cache, note, env),
  };
  const fromWheel: Source = {
    name: "TensorFlow's wheel",
    entry: libraryEntry(from),
    get: async () => {
      const deps = await libtensorflow(python, cache, note, env, from);
      const binding = await compileBinding(tfjs, deps, libraryEntry(from), python, cache, note, env);
      return { deps, binding };
    },
  };
  const possible =
    process.platform === "linux" && process.arch === "x64" ? [official, fromWheel] : [official];
  const isCached = (source: Source) => existsSync(join(cache, source.entry));
  return [...possible.filter(isCached), ...possible.filter((source) => !isCached(source))];
}

async function believe(tfjs: Tfjs, { entry, env }: TensorFlowOptions): Promise<string> {
  const { library } = await prove(entry, env);
  const description = `tfjs-node ${tfjs.version} on TensorFlow ${library}`;
  markProven(tfjs, description);
  return description;
}

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
