import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { DEFAULT_NAME, kernelSpec, LOGOS } from "./kernel-spec.js";
import { type Destination, kernelFolder } from "./locations.js";

/** A kernelspec that is in place. */
export interface InstalledKernel {
  readonly folder: string;
  readonly displayName: string;
}

/**
 * Writes the kernelspec: kernel.json and the logos. The folder appears complete or not at all, and nothing is
 * written when it is there already.
 *
 * @param destination where Jupyter shall find it
 * @param name the kernelspec's name
 * @param env the environment
 * @returns the folder and the name that front ends show
 * @throws {Error} when the folder cannot be written
 */
export function installKernel(
  destination: Destination,
  name: string = DEFAULT_NAME,
  env: NodeJS.ProcessEnv = process.env,
): InstalledKernel {
  const folder = kernelFolder(destination, name, env);
  const spec = kernelSpec(name);
  const json = `${JSON.stringify(spec, null, 2)}\n`;
  const installed = { folder, displayName: spec.display_name };
  if (isInPlace(folder, json)) return installed;
  const draft = `${folder}.${process.pid}`;
  try {
    mkdirSync(draft, { recursive: true });
  } catch (cause) {
    throw refusal(folder, cause);
  }
  try {
    writeFileSync(join(draft, "kernel.json"), json);
    for (const logo of LOGOS) copyFileSync(logo, join(draft, basename(logo)));
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    throw refusal(folder, cause);
  }
  return installed;
}

function refusal(folder: string, cause: unknown): Error {
  return new Error(
    `Cannot install the kernel: ${dirname(folder)} cannot be written; choose another place with rnnlab install --prefix DIR`,
    { cause },
  );
}

/**
 * Removes the kernelspec.
 *
 * @param destination where it was installed
 * @param name the kernelspec's name
 * @param env the environment
 * @returns the folder that was removed, or undefined when there was none
 */
export function uninstallKernel(
  destination: Destination,
  name: string = DEFAULT_NAME,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const folder = kernelFolder(destination, name, env);
  if (!existsSync(join(folder, "kernel.json"))) return undefined;
  rmSync(folder, { recursive: true });
  return folder;
}

function isInPlace(folder: string, json: string): boolean {
  const path = join(folder, "kernel.json");
  if (!existsSync(path) || readFileSync(path, "utf8") !== json) return false;
  return LOGOS.every((logo) => existsSync(join(folder, basename(logo))));
}
