import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheDirectories } from "./cache-directory.js";
import { packageRoot } from "./package-root.js";
import { findTfjs } from "./tfjs-node.js";

/** The folder with the C++ sources of the fused ops. */
export const nativeOpsSources = join(packageRoot, "src/native");

/** The addon beside the fused ops that has a thread open TensorFlow's library. */
export const LIBRARY_LOADER = "rnnlab_loader.node";

/** The name against which addons link. */
const LIBRARY: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "libtensorflow.dylib",
  win32: "tensorflow.lib",
};

const isSource = (name: string) => /\.(cc|h|gyp)$/.test(name);

/**
 * The cache entry of the fused ops: another one for other sources, another TensorFlow library, system or processor.
 *
 * @param deps - the folder with TensorFlow's `lib/` and `include/`
 * @param sources - the folder with what is compiled
 * @returns the entry's name
 */
export function nativeOpsEntry(deps: string, sources: string = nativeOpsSources): string {
  const hash = createHash("sha256");
  // Not the README beside them.
  for (const name of readdirSync(sources).filter(isSource).sort())
    hash
      .update(name)
      .update("\0")
      .update(readFileSync(join(sources, name)))
      .update("\0");
  const library = basename(realpathSync(join(deps, "lib", LIBRARY[process.platform] ?? "libtensorflow.so")));
  return `native-ops-${hash.digest("hex").slice(0, 16)}-${library}-${process.platform}-${process.arch}`;
}

/**
 * Where set-up puts the addon with the fused ops for the installed tfjs-node.
 *
 * @param caches - the cache directories, that of set-up first
 * @returns the path of the first file that is there, else of the one to make
 */
export function nativeOpsFile(caches: readonly string[] = cacheDirectories()): string {
  const { folder } = findTfjs(join(packageRoot, "package.json"));
  const entry = nativeOpsEntry(join(folder, "deps"));
  const files = caches.map((cache) => join(cache, entry, "rnnlab_native.node"));
  return files.find(existsSync) ?? (files[0] as string);
}
