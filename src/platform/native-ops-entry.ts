import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheDirectory } from "./cache-directory.js";
import { packageRoot } from "./package-root.js";
import { findTfjs } from "./tfjs-node.js";

/** The folder with the C++ sources of the fused ops. */
export const nativeOpsSources = join(packageRoot, "src/native");

/**
 * The cache entry of the fused ops: another one for other sources, another TensorFlow library, system or processor.
 *
 * @param deps - the folder with TensorFlow's `lib/` and `include/`
 * @returns the entry's name
 */
export function nativeOpsEntry(deps: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(nativeOpsSources).sort())
    hash
      .update(name)
      .update("\0")
      .update(readFileSync(join(nativeOpsSources, name)))
      .update("\0");
  const library = basename(realpathSync(join(deps, "lib", "libtensorflow.so")));
  return `native-ops-${hash.digest("hex").slice(0, 16)}-${library}-${process.platform}-${process.arch}`;
}

/**
 * Where set-up puts the addon with the fused ops for the installed tfjs-node.
 *
 * @param cache - the cache directory
 * @returns the path of a file that need not exist, or undefined where set-up builds none
 */
export function nativeOpsFile(cache: string = cacheDirectory()): string | undefined {
  if (process.platform !== "linux") return undefined;
  const { folder } = findTfjs(join(packageRoot, "package.json"));
  return join(cache, nativeOpsEntry(join(folder, "deps")), "rnnlab_native.node");
}
