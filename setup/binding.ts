import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Tfjs } from "../src/platform/tfjs-node.js";
import { cacheEntry } from "./cache-entry.js";
import { findBuildTools, runBuild } from "./node-gyp.js";
import type { Note } from "./venv.js";

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
  return cacheEntry(cache, `tfjs-binding-${tfjs.key}-${libraryName}`, async (folder) => {
    const tools = await findBuildTools("tfjs-node's binding", python, env);
    note("compiling tfjs-node's binding");
    const work = join(folder, "work");
    mkdirSync(work);
    for (const part of ["package.json", "binding.gyp", "binding"])
      cpSync(join(tfjs.folder, part), join(work, part), { recursive: true });
    symlinkSync(library, join(work, "deps"));
    const preGyp = createRequire(join(tfjs.folder, "package.json")).resolve(
      "@mapbox/node-pre-gyp/bin/node-pre-gyp",
    );
    await runBuild(tools, [preGyp, "install", "--build-from-source"], work);
    renameSync(join(work, "lib", tfjs.label, "tfjs_binding.node"), join(folder, "tfjs_binding.node"));
    rmSync(work, { recursive: true });
  });
}
