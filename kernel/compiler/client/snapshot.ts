import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../../../src/platform/package-root.js";
import { findTfjs } from "../../../src/platform/tfjs-node.js";
import { NODE_TYPES } from "../library/node-types.js";

/** A start-up snapshot knows the types that every cell needs, or also those of rnnlab and of TensorFlow.js. */
export type SnapshotKind = "compiler" | "tensors";

/** The script that makes a snapshot, for `node --build-snapshot`, with {@link snapshotEnvironment}. */
export const SNAPSHOT_SCRIPT = join(packageRoot, "kernel/resources/compiler-snapshot.cjs");
/** The file of a snapshot within its folder. */
export const SNAPSHOT_FILE = "compiler.blob";

/** What was built of the sources. */
const BUILT = join(packageRoot, "dist");

/** Everything that a snapshot holds the code or the types of; the packages' versions stand for theirs. */
function parts(kind: SnapshotKind): string[] {
  return [
    SNAPSHOT_SCRIPT,
    ...["kernel/compiler", "kernel/shared"].flatMap((folder) => filesIn(join(BUILT, folder), ".js")),
    require.resolve("typescript/package.json"),
    NODE_TYPES,
    ...(kind === "tensors" ? [...tensorPackages(), ...filesIn(join(BUILT, "src"), ".d.ts")] : []),
  ];
}

/** The `package.json` of each part of TensorFlow.js, if it is installed. */
function tensorPackages(): string[] {
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
function filesIn(folder: string, extension: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(path, extension);
      return entry.name.endsWith(extension) ? [path] : [];
    });
}

function digest(data: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const each of data) hash.update(each).update("\0");
  return hash.digest("hex").slice(0, 12);
}

/** How the folders of this installation's snapshots of a kind begin: they hold its path, and fit one build of Node.js. */
export function snapshotPrefix(kind: SnapshotKind): string {
  return `${kind}-node-${process.versions.node}-${process.arch}-${digest([packageRoot])}-`;
}

/** The folder, within the cache, of a snapshot of the code as it is. */
export function snapshotName(kind: SnapshotKind): string {
  return snapshotPrefix(kind) + digest(parts(kind).map((file) => readFileSync(file)));
}

/**
 * A start-up snapshot of the compiler.
 *
 * @param kind - which
 * @param caches - the cache directories to look in
 * @returns its path; undefined if none was made for this Node.js and the code as it is
 */
export function findSnapshot(kind: SnapshotKind, caches: readonly string[]): string | undefined {
  const name = snapshotName(kind);
  return caches.map((cache) => join(cache, name, SNAPSHOT_FILE)).find(existsSync);
}

/**
 * The environment of a compiler. Node.js options that are meant for user code, such as a heap size, would make a snapshot
 * unusable. Certificates, which Node.js reads as it starts, are for connections that a compiler never makes. And on Linux one pool for the memory outside the heap, instead of one a thread, wastes 50 MB less.
 */
export function compilerEnvironment({
  NODE_OPTIONS: _,
  NODE_EXTRA_CA_CERTS: __,
  ...env
}: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, MALLOC_ARENA_MAX: "1" };
}
