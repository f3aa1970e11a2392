import type { Language } from "./language.js";
import { pythonHostile } from "./python-hostile.js";
import { pythonLoops } from "./python-loops.js";

const file = (stream: "stdout" | "stderr") => (stream === "stdout" ? "" : ", file=sys.stderr");

/** Python as ipykernel runs it, with top-level await. */
export const python: Language = {
  loops: pythonLoops,
  hostile: pythonHostile,
  preamble: (scratch, server) => `
import asyncio, os, subprocess, sys, threading, time
turns = 0
held = []
scratch = ${JSON.stringify(scratch)}
server = ${JSON.stringify(server)}
def size():
    return os.path.getsize(scratch) if os.path.exists(scratch) else 0`,
  start: 'turns = 0\nheld = []\nprint("started", flush=True)',
  standsStill: `
before = (turns, size())
await asyncio.sleep(0.15)
before == (turns, size())`,
  true: "True",

  print: (lines, stream = "stdout") =>
    ["import sys", ...lines.map((line) => `print("${line}"${file(stream)})`)].join("\n"),
  sum: (terms) => terms.join(" + "),
  declareNumber: (name, value) => `${name} = ${value}`,
  declareText: (name, value) => `${name} = "${value}"`,
  lengthOf: (name) => `len(${name})`,
  fail: (message) => `raise ValueError("${message}")`,
  errorName: "ValueError",
  printSlowly: (lines, ms) =>
    ["import asyncio", ...lines.map((line) => `await asyncio.sleep(${ms / 1000})\nprint("${line}")`)].join(
      "\n",
    ),
  printLater: (line, ms) =>
    `import asyncio\n_ = asyncio.get_running_loop().call_later(${ms / 1000}, print, "${line}")`,
  printBasename: (name) => `from os.path import basename\nprint(basename("/some/${name}"))`,
  showHtml: (html) => ({
    code: `from IPython.display import HTML, display\ndisplay(HTML("${html}"))`,
    type: "display_data",
  }),
  alternate: (pairs, ms) => `
import asyncio, sys
for i in range(${pairs}):
    print("out", i)
    print("err", i, file=sys.stderr)
    ${ms > 0 ? `await asyncio.sleep(${ms / 1000})` : "pass"}`,
  printMany: (character, count) => `print("${character}" * ${count})`,
  busy: "while True: turns += 1",
  printing: 'while True:\n    turns += 1\n    print("line", turns)',
  awaiting: "while True:\n    turns += 1\n    await asyncio.sleep(0.001)",
  awaitSleep: (seconds) =>
    `process = await asyncio.create_subprocess_exec("sleep", "${seconds}")\nawait process.wait()`,
  startSleeps: (seconds, count) =>
    `sleeps = [subprocess.Popen(["sleep", "${seconds}"]) for _ in range(${count})]`,
};
