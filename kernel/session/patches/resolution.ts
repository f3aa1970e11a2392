import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { packageRoot } from "../../../src/platform/package-root.js";
import { skipAbsentPackages } from "../imports/absent-packages.js";
import { isLocal } from "../imports/compiled-modules.js";
import { isFoundFrom, TSLAB } from "../imports/kernel-packages.js";
import { isBare, packageFile, REQUIRE_CONDITIONS } from "../imports/package-resolution.js";
import { packedTarget } from "../imports/packed-modules.js";
import { cells } from "../realm/cell-realm.js";

const kernelRequire = createRequire(join(packageRoot, "cell.js"));

interface Resolver {
  _resolveFilename(request: string, parent: NodeJS.Module | undefined, ...rest: unknown[]): string;
}

/**
 * Has `require`, in cells and in modules, find this kernel's `tslab`, and in the user's own modules the kernel's packages
 * where their folder has none of the name.
 */
export function installResolution(): void {
  const resolver = cells.modules.Module as unknown as Resolver;
  skipAbsentPackages(cells.modules.Module as unknown as Parameters<typeof skipAbsentPackages>[0]);
  const { _resolveFilename: resolveFilename } = resolver;
  resolver._resolveFilename = (request, parent, ...rest) => {
    if (request === "tslab") return TSLAB;
    const from = parent?.filename;
    const target = packedTarget(request, from);
    if (target !== undefined) return target;
    if (from && isLocal(from) && !from.startsWith(packageRoot) && !isFoundFrom(dirname(from), request))
      return kernelRequire.resolve(request);
    try {
      return Reflect.apply(resolveFilename, resolver, [request, parent, ...rest]);
    } catch (error) {
      // Its package.json may have been mended since Node has read it.
      const file = from && isBare(request) && packageFile(request, dirname(from), REQUIRE_CONDITIONS);
      if (file) return file;
      throw error;
    }
  };
}
