import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of the rnnlab package: the checkout, or `node_modules/rnnlab` where it was installed. */
export const packageRoot = findPackageRoot(__dirname);

function findPackageRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("Cannot find the rnnlab package: no package.json above its code");
  return findPackageRoot(parent);
}
