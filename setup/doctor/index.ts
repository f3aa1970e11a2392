// What `rnnlab doctor` shows: each part with its version, its health and the command that repairs it.
export { examine } from "./examine.js";
