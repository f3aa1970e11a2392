import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { LANGUAGES, type Language, TRAITS } from "../shared/language.js";
import { type KernelEnvironment, kernelEnvironment } from "./kernel-environment.js";
import { DEFAULT_NAME, type KernelSpec, kernelSpec, logosOf, startsRnnlab } from "./kernel-spec.js";
import { type Destination, kernelFolder } from "./locations.js";

/** How kernelspecs are written. */
export interface InstallOptions {
  /** The name of TypeScript's; JavaScript's is this with `-javascript`. */
  readonly name?: string | undefined;
  /** Whether another program's kernel of that name may be replaced. */
  readonly replace?: boolean | undefined;
  /** What the kernels are started with. */
  readonly environment?: KernelEnvironment;
  readonly env?: NodeJS.ProcessEnv;
}

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
 * @param options - the name, and whether to replace another program's
 * @returns the folders and the names that front ends show, TypeScript's first
 * @throws {Error} when a folder cannot be written or holds another program's kernel; nothing is written then
 * @throws {RangeError} when the environment is wrong
 */
export function installKernels(
  destination: Destination,
  { name = DEFAULT_NAME, replace = false, environment = {}, env = process.env }: InstallOptions = {},
): InstalledKernel[] {
  const variables = kernelEnvironment(environment);
  const places = LANGUAGES.map((language) => ({
    language,
    folder: folderOf(destination, name, language, env),
  }));
  const foreign = replace ? undefined : places.find(({ folder }) => isForeign(folder));
  if (foreign !== undefined) {
    throw new Error(
      `Cannot install the kernel: ${foreign.folder} must be rnnlab's own, got another program's; choose another name with --name NAME, or replace it with rnnlab install --replace`,
    );
  }
  return places.map(({ language, folder }) =>
    install(folder, kernelSpec(name, language, variables), language),
  );
}

/** Whether there is something that rnnlab has not written. */
function isForeign(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const file = join(folder, "kernel.json");
  if (!existsSync(file)) return readdirSync(folder).length > 0;
  try {
    const spec = JSON.parse(readFileSync(file, "utf8"));
    // One that starts nothing is nobody's.
    return Array.isArray(spec?.argv) && spec.argv.length > 0 && !startsRnnlab(spec);
  } catch (error) {
    if (error instanceof SyntaxError) return true;
    throw error;
  }
}

function folderOf(
  destination: Destination,
  name: string,
  language: Language,
  env: NodeJS.ProcessEnv,
): string {
  return kernelFolder(destination, `${name}${TRAITS[language].suffix}`, env);
}

function install(folder: string, spec: KernelSpec, language: Language): InstalledKernel {
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
 * @throws {Error} when a folder holds another program's kernel; nothing is removed then
 */
export function uninstallKernels(
  destination: Destination,
  name: string = DEFAULT_NAME,
  env: NodeJS.ProcessEnv = process.env,
): string[] {
  const folders = LANGUAGES.map((language) => folderOf(destination, name, language, env));
  const installed = folders.filter((folder) => existsSync(join(folder, "kernel.json")));
  const foreign = installed.find(isForeign);
  if (foreign !== undefined) {
    throw new Error(`Cannot uninstall the kernel: ${foreign} must be rnnlab's own, got another program's`);
  }
  for (const folder of installed) rmSync(folder, { recursive: true });
  return installed;
}

function isInPlace(folder: string, json: string, logos: readonly string[]): boolean {
  const path = join(folder, "kernel.json");
  if (!existsSync(path) || readFileSync(path, "utf8") !== json) return false;
  return logos.every((logo) => existsSync(join(folder, basename(logo))));
}
