import { lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { packageRoot } from "../src/platform/package-root.js";
import { findManifest } from "./find-manifest.js";

/** The size of the blocks that a file's status counts, on every platform that counts them. */
const BLOCK = 512;

/**
 * What a file or folder takes on the disk, where a small file takes a block.
 *
 * @param path - its path
 * @param isCounted - whether an entry of this folder counts
 * @returns bytes
 */
export function diskUse(path: string, isCounted: (name: string) => boolean = () => true): number {
  const stat = lstatSync(path);
  // Windows counts no blocks.
  const own = stat.blocks === undefined ? stat.size : stat.blocks * BLOCK;
  if (!stat.isDirectory()) return own;
  return readdirSync(path)
    .filter(isCounted)
    .reduce((sum, name) => sum + diskUse(join(path, name)), own);
}

/**
 * What rnnlab takes on the disk with the packages that it depends on. In a checkout that is no sum that anybody else has.
 *
 * @param copy - the folder of rnnlab
 * @returns bytes, or undefined in a checkout
 */
export function packagesUse(copy: string = packageRoot): number | undefined {
  if (basename(dirname(copy)) !== "node_modules") return undefined;
  const folders = [...packagesFrom(copy)];
  return folders.reduce((sum, folder) => sum + diskUse(folder, (name) => name !== "node_modules"), 0);
}

/** The folder of a package and of those that it needs, each once. */
function packagesFrom(folder: string, known: Set<string> = new Set()): Set<string> {
  known.add(folder);
  const manifest = join(folder, "package.json");
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, "utf8")) as { dependencies?: object };
  for (const name of Object.keys(dependencies)) {
    const found = findManifest(name, manifest);
    const next = found === undefined ? undefined : realpathSync(dirname(found));
    if (next !== undefined && !known.has(next)) packagesFrom(next, known);
  }
  return known;
}
