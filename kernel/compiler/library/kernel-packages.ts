import { join } from "node:path";
import ts from "typescript";
import { packageRoot } from "../../../src/platform/package-root.js";
import { PUBLIC_PACKAGES } from "../../shared/public-packages.js";

/** Whether a file belongs to a package: such files seldom change while a kernel runs. */
export const isInPackages = (name: string): boolean =>
  name.includes("/node_modules/") || name.startsWith(`${packageRoot}/dist/`);

/** What cells can import from any folder: this package's modules and what it offers besides. */
export function kernelSpecifiers(): string[] {
  const folder = join(packageRoot, "dist", "src");
  const modules = ts.sys.getDirectories(folder);
  // Those without an index are for the package itself.
  const open = modules.filter((name) => ts.sys.fileExists(join(folder, name, "index.d.ts")));
  return [...PUBLIC_PACKAGES, ...open.map((name) => `rnnlab/${name}`)];
}
