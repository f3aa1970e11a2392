import { join, resolve } from "node:path";
import ts from "typescript";

/** The kernel's own package, whose dependencies every cell can import. */
export const KERNEL_PACKAGE = resolve(__dirname, "../../..");

/** Whether a file belongs to a package: such files do not change while a kernel runs. */
export const isInPackages = (name: string): boolean =>
  name.includes("/node_modules/") || name.startsWith(`${KERNEL_PACKAGE}/dist/`);

/** What cells can import from any folder: this package's modules and what it depends on. */
export function kernelSpecifiers(): string[] {
  const manifest = JSON.parse(ts.sys.readFile(join(KERNEL_PACKAGE, "package.json")) ?? "{}") as {
    dependencies?: Record<string, string>;
  };
  const modules = ts.sys.getDirectories(join(KERNEL_PACKAGE, "dist", "src"));
  const packages = Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith("@types/"));
  return ["rnnlab", ...modules.map((name) => `rnnlab/${name}`), ...packages, "tslab"];
}
