import { copyFileSync, cpSync, existsSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { LIBRARY_LOADER, nativeOpsEntry, nativeOpsSources } from "../src/platform/native-ops-entry.js";
import { packageRoot } from "../src/platform/package-root.js";
import { findTfjs } from "../src/platform/tfjs-node.js";
import { cacheEntry } from "./cache-entry.js";
import { type FailedBuild, readFailure, unlessFailedBefore } from "./failed-build.js";
import { type BuildTools, findBuildTools, runBuild } from "./node-gyp.js";
import { inPlainFolder } from "./plain-folder.js";
import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";
import type { Note } from "./venv.js";

const WHAT = "the fused ops";

/** What the step works with. */
export interface NativeOpsOptions {
  /** The module through which the project loads TensorFlow. */
  readonly entry: string;
  /** The cache directory. */
  readonly cache: string;
  /** Other cache directories, in which they may be. */
  readonly shared?: readonly string[];
  /** The Python that node-gyp needs. */
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
  readonly note: Note;
  /** The folder with TensorFlow's `lib/` and `include/`, by default that of the installed tfjs-node. */
  readonly deps?: string;
}

/**
 * Compiles the fused recurrent ops against the TensorFlow library that tfjs-node loads, once for this user and these
 * sources. Everything works without them, only slower: where they cannot be compiled the step says how to change that
 * and does not fail.
 *
 * @param options - where things are
 * @returns one line about the result
 */
export async function prepareNativeOps(options: NativeOpsOptions): Promise<string> {
  try {
    return await build(options);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    options.note(error.message);
    return "not built: TensorFlow's own ops serve";
  }
}

async function build(options: NativeOpsOptions): Promise<string> {
  const { cache, python, env, note } = options;
  const deps = options.deps ?? join(findTfjs(join(packageRoot, "package.json")).folder, "deps");
  const entry = nativeOpsEntry(deps);
  const shared = options.shared?.some((each) => existsSync(join(each, entry)));
  if (shared) return "fused recurrent ops, in the cache that all users share";
  const isNew = !existsSync(join(cache, entry));
  await cacheEntry(cache, entry, async (folder) => {
    const tools = await findBuildTools(WHAT, python, cache, env);
    await unlessFailedBefore(failureFile(cache, entry), tools, async () => {
      note("compiling the fused recurrent ops");
      const addon = join(folder, "rnnlab_native.node");
      await compile(tools, deps, addon);
      await proveNativeOps(options.entry, addon, env);
    });
  });
  return `fused recurrent ops, ${isNew ? "compiled" : "in the cache"}`;
}

async function compile(tools: BuildTools, deps: string, addon: string): Promise<void> {
  await inPlainFolder(WHAT, async (work) => {
    cpSync(nativeOpsSources, work, { recursive: true });
    const linked = join(work, "tensorflow");
    symlinkSync(deps, linked, "junction");
    await runBuild(tools, [tools.nodeGyp, "rebuild"], work, [`-Dtensorflow=${linked}`]);
    copyFileSync(join(work, "build/Release/rnnlab_native.node"), addon);
    const loader = join(work, "build/Release", LIBRARY_LOADER);
    if (existsSync(loader)) copyFileSync(loader, join(dirname(addon), LIBRARY_LOADER));
  });
}

const failureFile = (cache: string, entry: string) => join(cache, `${entry}.failed.json`);

/**
 * Whether the fused ops were compiled here without success.
 *
 * @param cache - the cache directory
 * @param deps - the folder with TensorFlow's `lib/` and `include/`
 * @returns with which compiler
 */
export function nativeOpsFailure(cache: string, deps: string): FailedBuild | undefined {
  return readFailure(failureFile(cache, nativeOpsEntry(deps)));
}

/**
 * Computes with the fused ops in a process of its own.
 *
 * @param entry - the module through which TensorFlow is loaded
 * @param addon - the addon's file
 * @param env - the environment
 * @returns the instruction sets that they can use on this machine, the best first
 * @throws {SetupError} when they do not load, crash or miscalculate
 */
export async function proveNativeOps(
  entry: string,
  addon: string,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  try {
    const output = await runCommand(
      process.execPath,
      [join(__dirname, "prove-native-ops.js"), entry, addon],
      {
        env: { ...env, TF_CPP_MIN_LOG_LEVEL: "2" },
        timeout: 120_000,
      },
    );
    return JSON.parse(output.trim().split("\n").at(-1) ?? "");
  } catch (error) {
    throw new SetupError(
      "Cannot use the fused ops that were compiled",
      "npx rnnlab setup, with another compiler in CXX",
      [(error as Error).message],
      error,
    );
  }
}
