import { join } from "node:path";
import { isPublicPackage, packageName } from "../../shared/public-packages.js";
import { isBare, packageFolder } from "./package-resolution.js";

/** What cells get under the name of tslab's package, installed or not. */
export const TSLAB = join(__dirname, "../hosts/tslab.js");

/** Whether a folder's own packages are to be asked, and not the kernel's. */
export function isFoundFrom(folder: string, specifier: string): boolean {
  if (!isBare(specifier)) return true;
  const name = packageName(specifier);
  return !isPublicPackage(name) || packageFolder(folder, name) !== undefined;
}
