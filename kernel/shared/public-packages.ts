/** What cells in any folder get from the kernel. What else is in its folder are its own means, and may go at any time. */
export const PUBLIC_PACKAGES = ["rnnlab", "@tensorflow/tfjs-node", "danfojs-node", "plotly.js-dist", "tslab"];

/** Whether cells in any folder get a package from the kernel: also the parts of TensorFlow.js. */
export function isPublicPackage(name: string): boolean {
  return PUBLIC_PACKAGES.includes(name) || name.startsWith("@tensorflow/");
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
  return `run %npm install ${name} in a cell, or npm install ${name} in ${folder}`;
}
