// Where Jupyter finds the kernel: writing, finding and removing its kernelspecs.
export { installKernels, uninstallKernels } from "./install.js";
export { DEFAULT_NAME, kernelSpec } from "./kernel-spec.js";
export { type Destination, kernelFolder, searchPath } from "./locations.js";
