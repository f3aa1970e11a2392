// Set-up: everything that `npm ci` cannot do by itself, so that the notebooks run. Each step can be repeated.
export { labCommand, projectRoot, venvDirectory, venvPython } from "./paths.js";
export { type SetUpOptions, setUp, setUpEssentials } from "./set-up.js";
export { SetupError } from "./setup-error.js";
