import { existsSync } from "node:fs";
import { findSnapshot } from "../../kernel/compiler/snapshot.js";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { runCommand, sizeOf } from "../run-command.js";
import type { Finding } from "./finding.js";

/**
 * Looks at the compiler and at the folders outside the project.
 *
 * @returns one finding a part
 */
export async function examineMachine(): Promise<Finding[]> {
  return [await compiler(), snapshot(), data(), cache()];
}

async function compiler(): Promise<Finding> {
  const command = process.env.CXX || "g++";
  try {
    const [found = ""] = (await runCommand(command, ["--version"], { timeout: 10_000 })).split("\n");
    return { part: "compiler", found, health: "ok" };
  } catch {
    const repair = "apt-get install g++ make";
    return { part: "compiler", found: `${command} does not run`, health: "optional", repair };
  }
}

function snapshot(): Finding {
  const part = "snapshot";
  const path = findSnapshot(cacheDirectory());
  if (path !== undefined) return { part, found: path, health: "ok" };
  const found = `none for Node.js ${process.versions.node}: the first cell waits a second longer`;
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
