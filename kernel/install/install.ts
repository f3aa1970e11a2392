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
import { LANGUAGES, type Language, TRAITS } from "../language.js";
import { DEFAULT_NAME, kernelSpec, logosOf } from "./kernel-spec.js";
import { type Destination, kernelFolder } from "./locations.js";

/** A kernelspec that is in place. */
export interface InstalledKernel {
  readonly folder: string;
  readonly displayName: string;
}

/**
 * Writes the kernelspecs, one a language: kernel.json and the logos. A folder appears complete or not at all, and
 * nothing is written when it is there already.
 *
 * @param destination - where Jupyter shall find them
 * @param name - the name of TypeScript's; JavaScript's is this with `-javascript`
 * @param env - the environment
 * @returns the folders and the names that front ends show, TypeScript's first
 * @throws {Error} when a folder cannot be written
 */
export function installKernels(
  destination: Destination,
  name: string = DEFAULT_NAME,
  env: NodeJS.ProcessEnv = process.env,
): InstalledKernel[] {
  return LANGUAGES.map((language) => install(folderOf(destination, name, language, env), name, language));
}

function folderOf(
  destination: Destination,
  name: string,
  language: Language,
  env: NodeJS.ProcessEnv,
): string {
  return kernelFolder(destination, `${name}${TRAITS[language].suffix}`, env);
}

function install(folder: string, name: string, language: Language): InstalledKernel {
  const spec = kernelSpec(name, language);
  const logos = logosOf(language);
  const json = `${JSON.stringify(spec, null, 2)}\n`;
  const installed = { folder, displayName: spec.display_name };
  if (isInPlace(folder, json, logos)) return installed;
  const draft = `${folder}.${process.pid}`;
  try {
    mkdirSync(draft, { recursive: true });
  } catch (cause) {
    throw refusal(folder, cause);
  }
  try {
    writeFileSync(join(draft, "kernel.json"), json);
    for (const logo of logos) copyFileSync(logo, join(draft, basename(logo)));
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
 * Removes the kernelspecs.
 *
 * @param destination - where they were installed
 * @param name - the name that they were installed under
 * @param env - the environment
 * @returns the folders that were removed
 */
export function uninstallKernels(
  destination: Destination,
  name: string = DEFAULT_NAME,
  env: NodeJS.ProcessEnv = process.env,
): string[] {
  const folders = LANGUAGES.map((language) => folderOf(destination, name, language, env));
  const installed = folders.filter((folder) => existsSync(join(folder, "kernel.json")));
  for (const folder of installed) rmSync(folder, { recursive: true });
  return installed;
}

function isInPlace(folder: string, json: string, logos: readonly string[]): boolean {
  const path = join(folder, "kernel.json");
  if (!existsSync(path) || readFileSync(path, "utf8") !== json) return false;
  return logos.every((logo) => existsSync(join(folder, basename(logo))));
}
