// Ends the process with one sentence where Node is too old. Whatever a person or Jupyter starts loads this first: an older
// Node would fail later, in the session or with a stack. Old syntax only, which such a Node can read.
"use strict";

const { engines } = require("../package.json");

const oldest = engines.node.replace(">=", "");
const have = process.versions.node.split(".").map(Number);
const need = oldest.split(".").map(Number);

if (have[0] < need[0] || (have[0] === need[0] && have[1] < need[1])) {
  console.error(
    "Cannot run rnnlab: Node must be " + oldest + " or newer, got " + process.versions.node + " (" + process.execPath + ")",
  );
  process.exit(1);
}
