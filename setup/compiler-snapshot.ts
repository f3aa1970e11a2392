import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  SNAPSHOT_FILE,
  SNAPSHOT_FLAGS,
  SNAPSHOT_SCRIPT,
  type SnapshotKind,
  snapshotName,
  snapshotPrefix,
} from "../kernel/compiler/client/snapshot.js";
import { snapshotEnvironment } from "../kernel/compiler/client/snapshot-environment.js";
import { packageRoot } from "../src/platform/package-root.js";
import { cacheEntry } from "./cache-entry.js";
import { OWNER_FILE, removeEarlier } from "./owned-entries.js";
import { runCommand } from "./run-command.js";

/**
 * Makes a start-up snapshot of the kernel's compiler, unless it is there, and removes those of earlier builds
 * and of installations that are gone.
 *
 * @param kind - which
 * @param cache - the cache directory
 * @param caches - others, in which it may be
 * @returns one line about the result
 * @throws {CommandError} when Node.js cannot make it
 */
export async function makeCompilerSnapshot(
  kind: SnapshotKind,
  cache: string,
  caches: readonly string[] = [],
): Promise<string> {
  const name = snapshotName(kind);
  const line = `start-up snapshot for Node.js ${process.versions.node}`;
  // Whoever prepared this installation for all users has made it for them.
  if (caches.some((each) => existsSync(join(each, name)))) return line;
  mkdirSync(cache, { recursive: true });
  await cacheEntry(cache, name, async (folder) => {
    const blob = join(folder, SNAPSHOT_FILE);
    const options = [...SNAPSHOT_FLAGS, "--snapshot-blob", blob, "--build-snapshot", SNAPSHOT_SCRIPT];
    await runCommand(process.execPath, options, { env: snapshotEnvironment(kind) });
    writeFileSync(join(folder, OWNER_FILE), packageRoot);
  });
  removeEarlier(cache, snapshotPrefix(kind), name);
  return line;
}
