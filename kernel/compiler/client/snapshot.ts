import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../src/platform/package-root.js";
import { NODE_TYPES } from "../library/node-types.js";

/** The script that makes the snapshot, for `node --build-snapshot`. */
export const SNAPSHOT_SCRIPT = join(packageRoot, "kernel/resources/compiler-snapshot.cjs");
/** The file of a snapshot within its folder. */
export const SNAPSHOT_FILE = "compiler.blob";

/** Everything that a snapshot holds the code of; the packages' versions stand for their code. */
function parts(): string[] {
  return [
    SNAPSHOT_SCRIPT,
    ...["kernel/compiler", "kernel/shared"].flatMap(codeIn),
    require.resolve("typescript/package.json"),
    NODE_TYPES,
  ];
}

function codeIn(folder: string): string[] {
  const path = join(packageRoot, "dist", folder);
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .sort()
    .map((name) => join(path, name));
}

function digest(data: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const each of data) hash.update(each).update("\0");
  return hash.digest("hex").slice(0, 12);
}

/** How the folders of all snapshots of this installation begin: they hold its path, and fit one build of Node.js. */
export function snapshotPrefix(): string {
  return `compiler-node-${process.versions.node}-${process.arch}-${digest([packageRoot])}-`;
}

/** The folder, within the cache, of the snapshot of the code as it is. */
export function snapshotName(): string {
  return snapshotPrefix() + digest(parts().map((file) => readFileSync(file)));
}

/**
 * The compiler's start-up snapshot.
 *
 * @param caches - the cache directories to look in
 * @returns its path; undefined if none was made for this Node.js and the code as it is
 */
export function findSnapshot(caches: readonly string[]): string | undefined {
  const name = snapshotName();
  return caches.map((cache) => join(cache, name, SNAPSHOT_FILE)).find(existsSync);
}

/**
 * The environment of a compiler. Node.js options that are meant for user code, such as a heap size, would make a snapshot
 * unusable; and on Linux one pool for the memory outside the heap, instead of one a thread, wastes 50 MB less.
 */
export function compilerEnvironment({ NODE_OPTIONS: _, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, MALLOC_ARENA_MAX: "1" };
}
