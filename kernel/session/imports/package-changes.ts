import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/*
 * Node keeps what it has loaded, and packages keep each other: one that is installed anew while the session runs cannot
 * take the place of the one that is there. Its types could, so the two would no longer go together.
 */

interface LoadedPackage {
  readonly at: number;
  readonly version: string;
}

/** By folder, the packages that code outside of them has loaded. */
const loaded = new Map<string, LoadedPackage>();

const FOLDER = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/;

/** The folder of the package that a file belongs to. */
const folderOf = (file: string): string | undefined => FOLDER.exec(file)?.[0];

/**
 * Notes that a package has been loaded.
 *
 * @param file - one of its modules
 * @param importer - the file that has asked for it, where that is known
 */
export function rememberPackage(file: string, importer?: string): void {
  const folder = folderOf(file);
  if (folder === undefined || loaded.has(folder) || folder === folderOf(importer ?? "")) return;
  loaded.set(folder, { at: Date.now(), version: versionOf(folder) });
}

/**
 * Forgets what a package has loaded of itself before it failed: the next try is to find nothing of this one.
 *
 * @param file - the module that the importer has asked for
 */
export function forgetFailedPackage(
  file: string,
  importer: string | undefined,
  cache: NodeJS.Dict<NodeJS.Module>,
): void {
  const folder = folderOf(file);
  if (folder === undefined || loaded.has(folder) || folder === folderOf(importer ?? "")) return;
  for (const each of Object.keys(cache)) if (folderOf(each) === folder) delete cache[each];
}

/**
 * Refuses a package that is not the one that was loaded.
 *
 * @param file - the module that an import means
 * @throws {Error} when the package has been installed anew, or this module has been changed
 */
export function refuseChanged(specifier: string, file: string): void {
  const folder = folderOf(file);
  const before = loaded.get(folder ?? "");
  if (folder === undefined || before === undefined) return;
  const isNewer = (path: string): boolean =>
    (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > before.at;
  const version = versionOf(folder);
  if (version === before.version && !isNewer(file) && !isNewer(join(folder, "package.json"))) return;
  throw new Error(
    `Cannot import "${specifier}": the package must be the one that the session has loaded (${before.version}), got ${version === before.version ? `another ${version}` : version} in ${folder}; restart the kernel to use it`,
  );
}

function versionOf(folder: string): string {
  try {
    const text = readFileSync(join(folder, "package.json"), "utf8");
    return (JSON.parse(text) as { readonly version?: string }).version ?? "no version";
  } catch {
    // Node has loaded it without one, or it is just being written.
    return "no version";
  }
}
