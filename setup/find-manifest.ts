import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageRoot } from "../src/platform/package-root.js";

/**
 * A package's manifest, which its `exports` may hide from require().
 *
 * @param name - the package
 * @param from - the file of a package that uses it, by default rnnlab's own manifest
 * @returns the path of its package.json, or undefined where it is not installed
 */
export function findManifest(
  name: string,
  from: string = join(packageRoot, "package.json"),
): string | undefined {
  const folders = createRequire(from).resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name, "package.json")).find(existsSync);
}
