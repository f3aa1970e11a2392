import { existsSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { cacheEntry } from "./cache-entry.js";
import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";

const COMPILER_REPAIRS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "xcode-select --install; then: npx rnnlab setup",
  win32:
    'install Visual Studio\'s Build Tools with "Desktop development with C++" and its clang tools; then: npx rnnlab setup',
};
const COMPILER_REPAIR =
  COMPILER_REPAIRS[process.platform] ??
  "apt-get install g++ make (or your system's equivalent); then: npx rnnlab setup";

/** How much of the output an error shows: what node-gyp says of itself comes last, after the compiler's own words. */
const SHOWN_LINES = 40;

/** What compiles an addon for this Node. */
export interface BuildTools {
  /** What is to be compiled, for messages. */
  readonly what: string;
  /** What the compiler says of itself. */
  readonly compiler: string;
  /** node-gyp's script. */
  readonly nodeGyp: string;
  /** The folder with Node's `include/node`. */
  readonly headers: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Finds compiler, node-gyp and Node's headers. Headers that are not on this machine are downloaded into the cache.
 *
 * @param what - what is to be compiled, for messages
 * @param python - the Python that node-gyp needs
 * @param cache - the cache directory
 * @param env - the environment
 * @returns the tools
 * @throws {SetupError} when there is no compiler, no node-gyp or no headers
 */
export async function findBuildTools(
  what: string,
  python: string,
  cache: string,
  env: NodeJS.ProcessEnv,
): Promise<BuildTools> {
  const compiler = await requireCompiler(what, env);
  const nodeGyp = findNodeGyp(what, env);
  return {
    what,
    compiler,
    nodeGyp,
    headers: findHeaders(env) ?? (await downloadHeaders(what, nodeGyp, cache, env)),
    env: { ...env, npm_config_node_gyp: nodeGyp, npm_config_python: python },
  };
}

/**
 * Runs a script that compiles with node-gyp.
 *
 * @param tools - the tools
 * @param args - the script and its arguments
 * @param folder - where it runs, a path without spaces and the like
 * @param variables - variables for gyp, as "-Dname=value"
 * @throws {SetupError} when it does not compile
 */
export async function runBuild(
  { what, headers, env }: BuildTools,
  args: readonly string[],
  folder: string,
  variables: readonly string[] = [],
): Promise<void> {
  const nodedir = join(folder, "node");
  symlinkSync(headers, nodedir, "junction");
  const all = [...args, `--nodedir=${nodedir}`, ...(variables.length ? ["--"] : []), ...variables];
  // node-gyp prefers the variable to the argument, node-pre-gyp hands on the argument only.
  const plain = { ...env, npm_config_nodedir: nodedir };
  try {
    await runCommand(process.execPath, all, {
      cwd: folder,
      env: plain,
      timeout: 600_000,
      lines: SHOWN_LINES,
    });
  } catch (error) {
    throw new SetupError(
      `Cannot compile ${what}`,
      `read the compiler's message above (if it is missing: ${COMPILER_REPAIR.split(";")[0]}); then: npx rnnlab setup`,
      [(error as Error).message],
      error,
    );
  }
}

async function requireCompiler(what: string, env: NodeJS.ProcessEnv): Promise<string> {
  // There node-gyp itself looks for Visual Studio, and says where it looked.
  if (process.platform === "win32") return "Visual Studio";
  const compiler = compilerCommand(env);
  const answers: string[] = [];
  for (const command of [compiler, "make"]) {
    try {
      answers.push(await versionOf(command, env));
    } catch (error) {
      throw new SetupError(
        `Cannot compile ${what}: ${command} does not run`,
        COMPILER_REPAIR,
        [(error as Error).message],
        error,
      );
    }
  }
  return answers[0] as string;
}

/**
 * What compiles C++.
 *
 * @param env - the environment, whose CXX counts
 * @returns a command, which may have arguments, as `ccache g++`
 */
export const compilerCommand = (env: NodeJS.ProcessEnv): string =>
  env.CXX || (process.platform === "darwin" ? "c++" : "g++");

/**
 * The first line of what a command says of its version. It is run by the shell, as make runs it.
 *
 * @param command - the command with its arguments
 * @param env - the environment
 * @returns the line
 * @throws {CommandError} when it does not run
 */
export async function versionOf(command: string, env: NodeJS.ProcessEnv): Promise<string> {
  const [program, args] =
    process.platform === "win32" ? [command, ["--version"]] : ["/bin/sh", ["-c", `${command} --version`]];
  const [line = ""] = (await runCommand(program, args, { env, timeout: 10_000 })).split("\n");
  return line;
}

/** npm brings node-gyp. It is looked for from the npm in use: a link into its package, or on Windows a script beside it. */
function findNodeGyp(what: string, env: NodeJS.ProcessEnv): string {
  const given = env.npm_config_node_gyp;
  if (given && existsSync(given)) return given;
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const npms = [dirname(process.execPath), ...folders]
    .flatMap((folder) => [join(folder, "npm"), join(folder, "node_modules/npm/package.json")])
    .filter(existsSync);
  for (const npm of npms) {
    try {
      return createRequire(realpathSync(npm)).resolve("node-gyp/bin/node-gyp.js");
    } catch {
      // This npm does not bring one; the next may.
    }
  }
  throw new SetupError(
    `Cannot compile ${what}: npm's node-gyp was not found`,
    "npm install --global npm; then: npx rnnlab setup",
    npms.map((npm) => `beside ${npm}`),
  );
}

/** npm names the folder of its own Node to all that it runs: where another Node runs, that one's headers come first. */
function findHeaders(env: NodeJS.ProcessEnv): string | undefined {
  const named = [env.npm_config_nodedir, dirname(dirname(realpathSync(process.execPath)))];
  const found = named.flatMap((prefix) => {
    const headers = prefix ? join(prefix, "include", "node") : "";
    return prefix && existsSync(join(headers, "node_api.h")) ? [{ prefix, headers }] : [];
  });
  return (found.find(({ headers }) => areOfThisNode(headers)) ?? found[0])?.prefix;
}

function areOfThisNode(headers: string): boolean {
  const file = join(headers, "node_version.h");
  if (!existsSync(file)) return false;
  const major = /^#define NODE_MAJOR_VERSION (\d+)/m.exec(readFileSync(file, "utf8"))?.[1];
  return major === process.versions.node.split(".")[0];
}

async function downloadHeaders(
  what: string,
  nodeGyp: string,
  cache: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { node } = process.versions;
  try {
    const entry = await cacheEntry(cache, `node-headers-${node}-${process.arch}`, async (folder) => {
      const args = [nodeGyp, "install", "--ensure", `--devdir=${folder}`];
      await runCommand(process.execPath, args, { env, timeout: 180_000 });
    });
    return join(entry, node);
  } catch (error) {
    throw new SetupError(
      `Cannot compile ${what}: the headers of Node ${node} are not on this machine and cannot be downloaded`,
      "install Node with its headers (include/node beside bin/node), or set npm_config_nodedir to a folder that has them; then: npx rnnlab setup",
      [(error as Error).message],
      error,
    );
  }
}
