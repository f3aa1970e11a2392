import { copyFileSync, cpSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Tfjs } from "../src/platform/tfjs-node.js";
import { cacheEntry } from "./cache-entry.js";
import { findBuildTools, runBuild } from "./node-gyp.js";
import { inPlainFolder } from "./plain-folder.js";
import type { Note } from "./venv.js";

const WHAT = "tfjs-node's binding";

/**
 * The cache entry of the binding.
 *
 * @param tfjs - the package
 * @param libraryName - the cache entry of the library that it is compiled against
 * @returns the entry's name
 */
export const bindingEntry = (tfjs: Tfjs, libraryName: string): string =>
  `tfjs-binding-${tfjs.key}-${libraryName}`;

/**
 * Says what is missing for the compilation, before anything big is downloaded for it.
 *
 * @param python - the Python that node-gyp needs
 * @param cache - the cache directory
 * @param env - the environment
 * @throws {SetupError} when there is no compiler, no node-gyp, or no Node headers
 */
export async function requireBuildTools(
  python: string,
  cache: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await findBuildTools(WHAT, python, cache, env);
}

/**
 * Compiles tfjs-node's binding against a TensorFlow library, once for this user and Node-API level.
 *
 * @param tfjs - the package, whose sources are used
 * @param library - a folder with `lib/` and `include/`
 * @param libraryName - what the result depends on besides tfjs-node: the library's cache entry
 * @param python - the Python that node-gyp needs
 * @param cache - the cache directory
 * @param note - shows what is going on
 * @param env - the environment
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
  return cacheEntry(cache, bindingEntry(tfjs, libraryName), async (folder) => {
    const tools = await findBuildTools(WHAT, python, cache, env);
    note(`compiling ${WHAT}`);
    const preGyp = createRequire(join(tfjs.folder, "package.json")).resolve(
      "@mapbox/node-pre-gyp/bin/node-pre-gyp",
    );
    await inPlainFolder(WHAT, async (work) => {
      for (const part of ["package.json", "binding.gyp", "binding"])
        cpSync(join(tfjs.folder, part), join(work, part), { recursive: true });
      symlinkSync(library, join(work, "deps"), "junction");
      await runBuild(
        { ...tools, env: findingLibrary(tools.env) },
        [preGyp, "install", "--build-from-source"],
        work,
      );
      const binding = "tfjs_binding.node";
      copyFileSync(join(work, "lib", tfjs.label, binding), join(folder, binding));
    });
  });
}

/**
 * On macOS tfjs-node's project replaces the path of a library that is called libtensorflow. The wheel's calls itself
 * libtensorflow_cc, so the binding has to look for it in the package's `deps/lib`.
 */
function findingLibrary(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (process.platform !== "darwin") return env;
  return { ...env, LDFLAGS: `${env.LDFLAGS ?? ""} -Wl,-rpath,@loader_path/../../deps/lib`.trim() };
}
