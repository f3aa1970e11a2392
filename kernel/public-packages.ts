import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The kernel's own package. */
export const KERNEL_PACKAGE = resolve(__dirname, "../..");

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

let declared: readonly string[] | undefined;

/** What this package says that it depends on, besides types. */
export function declaredPackages(): readonly string[] {
  declared ??= Object.keys(
    (JSON.parse(readFileSync(join(KERNEL_PACKAGE, "package.json"), "utf8")) as Manifest).dependencies ?? {},
  ).filter((name) => !name.startsWith("@types/"));
  return declared;
}

/**
 * Whether cells in any folder get a package from the kernel: this one, what it says that it depends on, and the parts of
 * TensorFlow.js. What those depend on in turn is nobody's business.
 */
export function isPublicPackage(name: string): boolean {
  return (
    ["rnnlab", "tslab"].includes(name) || name.startsWith("@tensorflow/") || declaredPackages().includes(name)
  );
}

/** `lodash/fp` → `lodash`, `@scope/name/x` → `@scope/name`. */
export function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** What to do about a package that is not there. */
export function installHint(name: string, folder: string): string {
  return `run npm install ${name} in ${folder}`;
}
