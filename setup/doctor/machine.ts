import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { findSnapshot, type SnapshotKind } from "../../kernel/compiler/client/snapshot.js";
import { cacheDirectories, cacheDirectory } from "../../src/platform/cache-directory.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { findTfjs } from "../../src/platform/tfjs-node.js";
import { packName } from "../module-pack.js";
import { compilerCommand, versionOf } from "../node-gyp.js";
import { sizeOf } from "../run-command.js";
import { closedAt } from "../sharing.js";
import type { Finding } from "./finding.js";

/**
 * Looks at the compiler and at the folders outside the project.
 *
 * @returns one finding a part
 */
export async function examineMachine(): Promise<Finding[]> {
  const snapshots = [
    snapshot("snapshot", "compiler", "the first cell waits a second longer"),
    ...(tensorflowLibrary() === undefined
      ? []
      : [
          snapshot("types", "tensors", "the first cell that imports rnnlab waits a second longer"),
          modules(),
        ]),
  ];
  return [await compiler(), ...snapshots, data(), cache(), ...sharing()];
}

async function compiler(): Promise<Finding> {
  const command = compilerCommand(process.env);
  try {
    return { part: "compiler", found: await versionOf(command, process.env), health: "ok" };
  } catch {
    const repair = "apt-get install g++ make";
    return { part: "compiler", found: `${command} does not run`, health: "optional", repair };
  }
}

function snapshot(part: string, kind: SnapshotKind, without: string): Finding {
  const path = findSnapshot(kind, cacheDirectories());
  if (path !== undefined) return { part, found: path, health: "ok" };
  const found = `none for Node.js ${process.versions.node}: ${without}`;
  return { part, found, health: "optional", repair: "npx rnnlab setup" };
}

function modules(): Finding {
  const part = "modules";
  const path = cacheDirectories()
    .map((cache) => join(cache, packName()))
    .find(existsSync);
  if (path !== undefined) return { part, found: path, health: "ok" };
  const found = "not compiled as they are: the first cell that imports rnnlab waits half a second longer";
  return { part, found, health: "optional", repair: "npx rnnlab setup" };
}

function data(): Finding {
  const folder = process.env.RNNLAB_DATA;
  const part = "data";
  if (!folder) return { part, found: "RNNLAB_DATA is not set: downloads, else samples", health: "ok" };
  if (existsSync(folder)) return { part, found: folder, health: "ok" };
  const repair = "set RNNLAB_DATA to a folder that exists, or unset it";
  return { part, found: `RNNLAB_DATA names ${folder}, which is not there`, health: "broken", repair };
}

function cache(): Finding {
  const folder = cacheDirectory();
  const megabytes = Math.round(sizeOf(folder) / 1e6);
  return {
    part: "cache",
    found: existsSync(folder) ? `${folder} (${megabytes} MB)` : `${folder} (empty)`,
    health: "ok",
  };
}

function tensorflowLibrary(): string | undefined {
  try {
    return join(findTfjs(join(packageRoot, "package.json")).folder, "deps");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/**
 * Notices an installation that other users can read, without TensorFlow's library.
 *
 * @param installation - the folder of rnnlab
 * @param library - the link to the folder with TensorFlow's library
 * @returns a finding, where it is so
 */
export function sharing(
  installation: string = packageRoot,
  library: string | undefined = tensorflowLibrary(),
): Finding[] {
  if (library === undefined) return [];
  const isLink = lstatSync(library, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (!isLink || closedAt(installation) !== undefined || closedAt(library) === undefined) return [];
  const found = `other users can read this installation, but not TensorFlow's library in ${readlinkSync(library)}`;
  const repair = "rnnlab setup --system, as the user who has installed it, if others shall use it";
  return [{ part: "sharing", found, health: "optional", repair }];
}
