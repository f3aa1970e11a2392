import { join } from "node:path";
import ts from "typescript";
import { KERNEL_PACKAGE, PUBLIC_PACKAGES } from "../public-packages.js";

/** Whether a file belongs to a package: such files seldom change while a kernel runs. */
export const isInPackages = (name: string): boolean =>
  name.includes("/node_modules/") || name.startsWith(`${KERNEL_PACKAGE}/dist/`);

/** What cells can import from any folder: this package's modules and what it offers besides. */
export function kernelSpecifiers(): string[] {
  const modules = ts.sys.getDirectories(join(KERNEL_PACKAGE, "dist", "src"));
  return [...PUBLIC_PACKAGES, ...modules.map((name) => `rnnlab/${name}`)];
}
