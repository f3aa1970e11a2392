import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../src/platform/package-root.js";
import { BUILT, digest, entriesOf, entryPrefix, filesIn, tensorPackages } from "../../shared/built-parts.js";
import { NODE_TYPES } from "../library/node-types.js";

/** A start-up snapshot knows the types that every cell needs, or also those of rnnlab and of TensorFlow.js. */
export type SnapshotKind = "compiler" | "tensors";

/** The script that makes a snapshot, for `node --build-snapshot`, with {@link snapshotEnvironment}. */
export const SNAPSHOT_SCRIPT = join(packageRoot, "kernel/resources/compiler-snapshot.cjs");
/** The file of a snapshot within its folder. */
export const SNAPSHOT_FILE = "compiler.blob";

/**
 * The flags of V8 with which a snapshot is made, and started again: they must be the same.
 *
 * - `--no-rehash-snapshot`: else V8 sorts all tables anew by the hashes of another seed, which takes a tenth of the start.
 *   That protects programs whose input may be made to collide.
 * - `--initial-heap-size`, in MB: a snapshot's heap is so large that V8 would look for garbage during the first cells, where
 *   there is little.
 */
export const SNAPSHOT_FLAGS: readonly string[] = ["--no-rehash-snapshot", "--initial-heap-size=256"];

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

/** How the folders of this installation's snapshots of a kind begin. */
export const snapshotPrefix = (kind: SnapshotKind): string => entryPrefix(kind);

/** The folder, within the cache, of a snapshot of the code as it is. */
export function snapshotName(kind: SnapshotKind): string {
  return snapshotPrefix(kind) + digest(parts(kind).map((file) => readFileSync(file)));
}

/** Looks for a start-up snapshot in cache directories; returns its path. */
export type SnapshotSearch = (kind: SnapshotKind, caches: readonly string[]) => string | undefined;

/** Finds the one that was made for this Node.js and the code as it is. To read all of that takes some 30 ms. */
export const findSnapshot: SnapshotSearch = (kind, caches) => {
  const name = snapshotName(kind);
  return caches.map((cache) => join(cache, name, SNAPSHOT_FILE)).find(existsSync);
};

/** Finds at once one that was made for this Node.js, and for the code as it is or was. */
export const guessSnapshot: SnapshotSearch = (kind, caches) =>
  entriesOf(kind, caches)
    .map((folder) => join(folder, SNAPSHOT_FILE))
    .find(existsSync);

/** Makes the C library of Linux ask for memory in large pages: a snapshot is in them sooner. */
const LARGE_PAGES = "glibc.malloc.hugetlb=1";

/**
 * The environment of a compiler. Node.js options that are meant for user code, such as a heap size, would make a snapshot
 * unusable. Certificates, which Node.js reads as it starts, are for connections that a compiler never makes. And on Linux one pool for the memory outside the heap, instead of one a thread, wastes 50 MB less.
 */
export function compilerEnvironment({
  NODE_OPTIONS: _,
  NODE_EXTRA_CA_CERTS: __,
  GLIBC_TUNABLES: tunables,
  ...env
}: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const GLIBC_TUNABLES = tunables === undefined ? LARGE_PAGES : `${tunables}:${LARGE_PAGES}`;
  return { ...env, MALLOC_ARENA_MAX: "1", GLIBC_TUNABLES };
}
