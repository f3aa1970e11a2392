import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";

const COMPILER_REPAIR = "apt-get install g++ make (or your system's equivalent); then: npx rnnlab setup";

/** How much of the output an error shows: what node-gyp says of itself comes last, after the compiler's own words. */
const SHOWN_LINES = 40;

/** What compiles an addon for this Node. */
export interface BuildTools {
  /** What is to be compiled, for messages. */
  readonly what: string;
  /** node-gyp's script. */
  readonly nodeGyp: string;
  /** The folder with Node's `include/node`, if it is on this machine. */
  readonly headers: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Finds compiler, node-gyp and Node's headers.
 *
 * @param what - what is to be compiled, for messages
 * @param python - the Python that node-gyp needs
 * @param env - the environment
 * @returns the tools
 * @throws {SetupError} when there is no compiler or no node-gyp
 */
export async function findBuildTools(
  what: string,
  python: string,
  env: NodeJS.ProcessEnv,
): Promise<BuildTools> {
  await requireCompiler(what, env);
  const nodeGyp = findNodeGyp(what, env);
  return {
    what,
    nodeGyp,
    headers: findHeaders(env),
    env: { ...env, npm_config_node_gyp: nodeGyp, npm_config_python: python },
  };
}

/**
 * Runs a script that compiles with node-gyp.
 *
 * @param tools - the tools
 * @param args - the script and its arguments
 * @param folder - where it runs
 * @param variables - variables for gyp, as "-Dname=value"
 * @throws {SetupError} when it does not compile
 */
export async function runBuild(
  { what, headers, env }: BuildTools,
  args: readonly string[],
  folder: string,
  variables: readonly string[] = [],
): Promise<void> {
  const all = [...args, ...(headers ? [`--nodedir=${headers}`] : []), ...(variables.length ? ["--"] : [])];
  try {
    // Without the headers on this machine node-gyp downloads them, which must not take for ever.
    const timeout = headers ? 600_000 : 180_000;
    await runCommand(process.execPath, [...all, ...variables], {
      cwd: folder,
      env,
      timeout,
      lines: SHOWN_LINES,
    });
  } catch (error) {
    throw new SetupError(
      `Cannot compile ${what}`,
      headers
        ? "read the compiler's message above; then: npx rnnlab setup"
        : "install Node with its headers (include/node beside bin/node), or set npm_config_nodedir to a folder that has them; then: npx rnnlab setup",
      [(error as Error).message],
      error,
    );
  }
}

async function requireCompiler(what: string, env: NodeJS.ProcessEnv): Promise<void> {
  const compiler = env.CXX || "g++";
  for (const [command, ...args] of [[compiler], ["make"]] as [string, ...string[]][]) {
    try {
      await runCommand(command, [...args, "--version"], { env, timeout: 10_000 });
    } catch (error) {
      throw new SetupError(
        `Cannot compile ${what}: ${command} does not run`,
        COMPILER_REPAIR,
        [(error as Error).message],
        error,
      );
    }
  }
}

/** npm brings node-gyp; it is looked for beside the npm in use. */
function findNodeGyp(what: string, env: NodeJS.ProcessEnv): string {
  const given = env.npm_config_node_gyp;
  if (given && existsSync(given)) return given;
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const npms = [dirname(process.execPath), ...folders]
    .map((folder) => join(folder, "npm"))
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

function findHeaders(env: NodeJS.ProcessEnv): string | undefined {
  const prefixes = [env.npm_config_nodedir, dirname(dirname(realpathSync(process.execPath)))];
  return prefixes.find((prefix) => prefix && existsSync(join(prefix, "include", "node", "node_api.h")));
}
