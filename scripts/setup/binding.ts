import { cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { cacheEntry } from "./cache-entry.js";
import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";
import type { Tfjs } from "./tfjs.js";
import type { Note } from "./venv.js";

const COMPILER_REPAIR = "apt-get install g++ make (or your system's equivalent); then: npx rnnlab setup";

/**
 * Compiles tfjs-node's binding against a TensorFlow library, once for this user and Node-API level.
 *
 * @param tfjs the package, whose sources are used
 * @param library a folder with `lib/` and `include/`
 * @param libraryName what the result depends on besides tfjs-node: the library's cache entry
 * @param python the Python that node-gyp needs
 * @param cache the cache directory
 * @param note shows what is going on
 * @param env the environment
 * @returns the folder that holds `tfjs_binding.node`
 * @throws {SetupError} when there is no compiler, no node-gyp, no Node headers, or it does not compile
 */
export function compileBinding(
  tfjs: Tfjs,
  library: string,
  libraryName: string,
  python: string,
  cache: string,
  note: Note,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  return cacheEntry(cache, `tfjs-binding-${tfjs.key}-${libraryName}`, async (folder) => {
    await requireCompiler(env);
    const nodeGyp = findNodeGyp(env);
    note("compiling tfjs-node's binding");
    const work = join(folder, "work");
    mkdirSync(work);
    for (const part of ["package.json", "binding.gyp", "binding"])
      cpSync(join(tfjs.folder, part), join(work, part), { recursive: true });
    symlinkSync(library, join(work, "deps"));
    const preGyp = createRequire(join(tfjs.folder, "package.json")).resolve(
      "@mapbox/node-pre-gyp/bin/node-pre-gyp",
    );
    const headers = findHeaders(env);
    const args = [preGyp, "install", "--build-from-source", ...(headers ? [`--nodedir=${headers}`] : [])];
    try {
      await runCommand(process.execPath, args, {
        cwd: work,
        env: { ...env, npm_config_node_gyp: nodeGyp, npm_config_python: python },
        // Without the headers on this machine node-gyp downloads them, which must not take for ever.
        timeout: headers ? 600_000 : 180_000,
      });
    } catch (error) {
      throw new SetupError(
        "Cannot compile tfjs-node's binding",
        headers
          ? "read the compiler's message above; then: npx rnnlab setup"
          : "install Node with its headers (include/node beside bin/node), or set npm_config_nodedir to a folder that has them; then: npx rnnlab setup",
        [(error as Error).message],
        error,
      );
    }
    renameSync(join(work, "lib", tfjs.label, "tfjs_binding.node"), join(folder, "tfjs_binding.node"));
    rmSync(work, { recursive: true });
  });
}

async function requireCompiler(env: NodeJS.ProcessEnv): Promise<void> {
  const compiler = env.CXX || "g++";
  for (const [command, ...args] of [[compiler], ["make"]] as [string, ...string[]][]) {
    try {
      await runCommand(command, [...args, "--version"], { env, timeout: 10_000 });
    } catch (error) {
      throw new SetupError(
        `Cannot compile tfjs-node's binding: ${command} does not run`,
        COMPILER_REPAIR,
        [(error as Error).message],
        error,
      );
    }
  }
}

/** npm brings node-gyp; it is looked for beside the npm in use. */
function findNodeGyp(env: NodeJS.ProcessEnv): string {
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
    "Cannot compile tfjs-node's binding: npm's node-gyp was not found",
    "npm install --global npm; then: npx rnnlab setup",
    npms.map((npm) => `beside ${npm}`),
  );
}

function findHeaders(env: NodeJS.ProcessEnv): string | undefined {
  const prefixes = [env.npm_config_nodedir, dirname(dirname(realpathSync(process.execPath)))];
  return prefixes.find((prefix) => prefix && existsSync(join(prefix, "include", "node", "node_api.h")));
}
