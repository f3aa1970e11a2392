import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageName } from "../../shared/public-packages.js";
import { isBare } from "./package-resolution.js";

/** The part of Node's CommonJS loader that looks for packages. */
interface Finder {
  readonly _extensions: object;
  _findPath(request: string, folders: readonly string[], ...rest: unknown[]): string | false;
}

/**
 * Keeps Node from asking for the package.json of a package that is not there. All but Node 22 remember that there is none
 * for as long as they run, and load the package wrongly or not at all once it is installed.
 *
 * @param loader - the class `Module` of the thread
 */
export function skipAbsentPackages(loader: Finder): void {
  const { _findPath: findPath } = loader;
  const endings = (): string[] => Object.keys(loader._extensions);
  loader._findPath = (request, folders, ...rest) => {
    const mayHave = (folder: string): boolean =>
      existsSync(join(folder, packageName(request))) ||
      (existsSync(folder) && endings().some((ending) => existsSync(join(folder, request + ending))));
    return Reflect.apply(findPath, loader, [
      request,
      isBare(request) ? folders.filter(mayHave) : folders,
      ...rest,
    ]);
  };
}
