import type { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { packageRoot } from "../../src/platform/package-root.js";
import { findTfjs } from "../../src/platform/tfjs-node.js";

/** What was built of the sources. */
export const BUILT = join(packageRoot, "dist");

/** The `package.json` of each part of TensorFlow.js, if it is installed. */
export function tensorPackages(): string[] {
  const scope = tensorScope();
  if (scope === undefined) return [];
  return readdirSync(scope)
    .sort()
    .map((name) => join(scope, name, "package.json"))
    .filter(existsSync);
}

function tensorScope(): string | undefined {
  try {
    return dirname(findTfjs(join(packageRoot, "package.json")).folder);
  } catch {
    // The kernel alone works without it.
    return undefined;
  }
}

/** The files of a folder and of those in it. A recursive `readdirSync` of Node.js 20 takes ten times as long. */
export function filesIn(folder: string, extension: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(path, extension);
      return entry.name.endsWith(extension) ? [path] : [];
    });
}

/** Twelve digits that stand for some content. */
export function digest(data: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const each of data) hash.update(each).update("\0");
  return hash.digest("hex").slice(0, 12);
}

/** How the cache entries of this installation begin that fit one build of Node.js: they hold its path. */
export function entryPrefix(kind: string): string {
  return `${kind}-node-${process.versions.node}-${process.arch}-${digest([packageRoot])}-`;
}

/**
 * The cache entries of this installation, whatever build of it they are of, and none that is being made.
 *
 * @param kind - what they are
 * @param caches - the cache directories to look in
 * @returns the paths of their folders
 */
export function entriesOf(kind: string, caches: readonly string[]): string[] {
  const prefix = entryPrefix(kind);
  return caches.filter(existsSync).flatMap((cache) =>
    readdirSync(cache)
      .filter((name) => name.startsWith(prefix) && !name.includes(".", prefix.length))
      .map((name) => join(cache, name)),
  );
}
