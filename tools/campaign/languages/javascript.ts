import { javascriptHostile } from "./javascript-hostile.js";
import { javascriptLoops } from "./javascript-loops.js";
import type { Language } from "./language.js";

/** TypeScript that is also checked strictly, as notebooks are. */
export const javascript: Language = {
  loops: javascriptLoops,
  hostile: javascriptHostile,
  preamble: (scratch, server) => `
import * as fs from "node:fs";
import * as fsp from "node:fs/promises";
import * as childProcess from "node:child_process";
import { promisify } from "node:util";
import { once } from "node:events";
var turns = 0;
var held: unknown[] = [];
const scratch = ${JSON.stringify(scratch)};
const server = ${JSON.stringify(server)};
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const size = () => (fs.existsSync(scratch) ? fs.statSync(scratch).size : 0);
undefined`,
  start: 'turns = 0; held = []; console.log("started");',
  standsStill: `
var before = [turns, size()].join();
await pause(150);
before === [turns, size()].join()`,
  true: "true",

  print: (lines, stream = "stdout") =>
    lines.map((line) => `console.${stream === "stdout" ? "log" : "error"}("${line}");`).join("\n"),
  sum: (terms) => terms.join(" + "),
  declareNumber: (name, value) => `let ${name} = ${value};`,
  declareText: (name, value) => `let ${name} = "${value}";`,
  lengthOf: (name) => `${name}.length`,
  fail: (message) => `throw new RangeError("${message}");`,
  errorName: "RangeError",
  printSlowly: (lines, ms) =>
    lines
      .map((line) => `await new Promise((resolve) => setTimeout(resolve, ${ms}));\nconsole.log("${line}");`)
      .join("\n"),
  printLater: (line, ms) => `setTimeout(() => console.log("${line}"), ${ms});\nundefined`,
  printBasename: (name) => `import { basename } from "node:path";\nconsole.log(basename("/some/${name}"));`,
  showHtml: (html) => ({
    code: `({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "${html}", "text/plain": "shown" }) })`,
    type: "execute_result",
  }),
  alternate: (pairs, ms) => `
for (let i = 0; i < ${pairs}; i++) {
  console.log("out", i);
  console.error("err", i);
  ${ms > 0 ? `await new Promise((resolve) => setTimeout(resolve, ${ms}));` : ""}
}`,
  printMany: (character, count) => `console.log("${character}".repeat(${count}));`,
  busy: "for (;;) turns++;",
  printing: 'for (;;) console.log("line", turns++);',
  awaiting: "for (;;) { turns++; await pause(1); }",
  awaitSleep: (seconds) => `await promisify(childProcess.execFile)("sleep", ["${seconds}"]);`,
  startSleeps: (seconds, count) =>
    `for (let i = 0; i < ${count}; i++) childProcess.spawn("sleep", ["${seconds}"]);\nundefined`,
};
