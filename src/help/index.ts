// Documentation of what rnnlab exports, shown in the notebook.
export { help } from "./help.js";
