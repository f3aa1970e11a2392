import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import process from "node:process";

/** The installed package @tensorflow/tfjs-node and what its native part is called. */
export interface Tfjs {
  /** The package's folder. */
  readonly folder: string;
  /** Its version. */
  readonly version: string;
  /** The folder name of its binding for this Node, as "napi-v8". */
  readonly label: string;
  /** Version, Node-API level, platform and processor: what a built binding depends on. */
  readonly key: string;
}

/**
 * Finds tfjs-node as a package resolves it.
 *
 * @param from - a file of the package that depends on it
 * @returns where it is and which binding it loads in this Node
 * @throws {Error} when it is not installed
 */
export function findTfjs(from: string): Tfjs {
  const manifest = createRequire(from).resolve("@tensorflow/tfjs-node/package.json");
  const { version, binary } = JSON.parse(readFileSync(manifest, "utf8"));
  const supported = (binary.napi_versions as number[]).filter((n) => n <= Number(process.versions.napi));
  const label = `napi-v${Math.max(...supported)}`;
  const folder = dirname(manifest);
  return { folder, version, label, key: `${version}-${label}-${process.platform}-${process.arch}` };
}
