// What the magics of a cell do in the session: the kernel calls these functions for `%npm`, `%%bash` and the others.
export { bench } from "./bench.js";
export { startClock, stopClock } from "./clock.js";
export { bash, CommandFailed, npm } from "./commands.js";
export { cd, env, ls, writeFile } from "./files.js";
