import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compilerEnvironment } from "../kernel/compiler/client/snapshot.js";
import { BUILT, digest, entryPrefix, filesIn, tensorPackages } from "../kernel/shared/built-parts.js";
import { PACK } from "../kernel/shared/module-pack.js";
import { LIBRARY_LOADER, nativeOpsFile } from "../src/platform/native-ops-entry.js";
import { packageRoot } from "../src/platform/package-root.js";
import { findTfjs } from "../src/platform/tfjs-node.js";
import { cacheEntry } from "./cache-entry.js";
import { OWNER_FILE, removeEarlier } from "./owned-entries.js";
import { runCommand } from "./run-command.js";

/** The addon that opens TensorFlow's library, and the library, if set-up has built the one for the other. */
function libraryAhead(): string[] {
  const addon = join(dirname(nativeOpsFile()), LIBRARY_LOADER);
  const library = join(findTfjs(join(packageRoot, "package.json")).folder, "deps/lib/libtensorflow.so.2");
  return existsSync(addon) && existsSync(library) ? [addon, library] : [];
}

/** The entry, within the cache, with the modules as they are. */
export function packName(): string {
  const parts = [
    ...filesIn(join(BUILT, "src"), ".js"),
    join(BUILT, "kernel/shared/module-pack.js"),
    join(BUILT, "setup/pack-modules.js"),
    ...tensorPackages(),
  ];
  return entryPrefix(PACK) + digest([...libraryAhead(), ...parts.map((file) => readFileSync(file))]);
}

/**
 * Compiles the modules of rnnlab and TensorFlow.js for sessions, unless that is done, and removes what was made of earlier
 * builds.
 *
 * @param cache - the cache directory
 * @param caches - others, in which they may be
 * @returns one line about the result
 * @throws {CommandError} when they cannot be loaded
 */
export async function makeModulePack(cache: string, caches: readonly string[] = []): Promise<string> {
  const name = packName();
  const line = `compiled for Node.js ${process.versions.node}`;
  if (caches.some((each) => existsSync(join(each, name)))) return line;
  mkdirSync(cache, { recursive: true });
  await cacheEntry(cache, name, async (folder) => {
    await runCommand(process.execPath, [join(__dirname, "pack-modules.js"), folder, ...libraryAhead()], {
      // Options that are meant for user code would have V8 refuse it elsewhere.
      env: { ...compilerEnvironment(process.env), TF_CPP_MIN_LOG_LEVEL: "2" },
    });
    writeFileSync(join(folder, OWNER_FILE), packageRoot);
  });
  removeEarlier(cache, entryPrefix(PACK), name);
  return line;
}
