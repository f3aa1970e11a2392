import assert from "node:assert/strict";
import { test } from "node:test";
import { type Execution, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** All that a cell printed and showed, in the order in which it came. */
function shown(cell: Execution): string {
  return cell.messages
    .map(({ header, content }) => {
      if (header.msg_type === "stream") return content.text;
      const isData = header.msg_type === "display_data" || header.msg_type === "execute_result";
      return isData ? `${(content.data as Record<string, string>)["text/plain"]}\n` : "";
    })
    .join("");
}

const PRELUDE = `
import { execSync, spawn } from "node:child_process";
const shell = (command: string) => execSync(command, { stdio: "inherit" });
const show = (text: string) =>
  Reflect.get(globalThis, Symbol.for("rnnlab.displayHost")).publish({ data: { "text/plain": text } });`;

const turns: Record<string, [code: string, lines: readonly string[]]> = {
  "a child's stdout between two lines": [
    'console.log("a"); shell("echo b"); console.log("c");',
    ["a", "b", "c"],
  ],
  "a child's stderr between two lines": [
    'console.log("a"); shell("echo b >&2"); console.log("c");',
    ["a", "b", "c"],
  ],
  "a child's stdout between two lines of stderr": [
    'console.error("a"); shell("echo b"); console.error("c");',
    ["a", "b", "c"],
  ],
  "two children, the first on stderr": [
    'shell("echo a >&2"); shell("echo b"); console.log("c");',
    ["a", "b", "c"],
  ],
  "two children, one on each stream": [
    'shell("echo a"); shell("echo b >&2"); console.log("c");',
    ["a", "b", "c"],
  ],
  "a child between two displays": ['show("a"); shell("echo b"); show("c");', ["a", "b", "c"]],
  "an awaited child": [
    'console.log("a"); await new Promise((end) => spawn("echo", ["b"], { stdio: "inherit" }).on("exit", end)); console.log("c");',
    ["a", "b", "c"],
  ],
};

for (const [what, [code, lines]] of Object.entries(turns)) {
  test(`what is printed keeps its order: ${what}`, async () => {
    const cell = await kernel().execute(`${PRELUDE}\nfor (let turn = 0; turn < 20; turn++) { ${code} }`);
    assert.equal(cell.status, "ok", cell.traceback);
    assert.equal(shown(cell), `${lines.join("\n")}\n`.repeat(20));
  });
}

test("what a native library writes keeps its order with lines and displays", async () => {
  const cell = await kernel().execute(`${PRELUDE}
import * as tf from "@tensorflow/tfjs-node";
interface NodeBackend {
  readonly binding: { readonly TF_ATTR_STRING: number };
  executeMultipleOutputs(name: string, attributes: object[], inputs: tf.Tensor[], outputs: number): unknown;
}
const backend = tf.backend() as tf.KernelBackend & NodeBackend;
const print = (text: string) =>
  backend.executeMultipleOutputs(
    "PrintV2",
    [
      { name: "output_stream", type: backend.binding.TF_ATTR_STRING, value: "stdout" },
      { name: "end", type: backend.binding.TF_ATTR_STRING, value: "\\n" },
    ],
    [tf.scalar(text)],
    0,
  );
for (let turn = 0; turn < 20; turn++) { console.error("a"); print("b"); console.log("c"); show("d"); print("e"); }`);
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal(shown(cell), "a\nb\nc\nd\ne\n".repeat(20));
});

test("a child's output comes before the result that follows it", async () => {
  const cell = await kernel().execute(`${PRELUDE}\nshell("echo first; echo second >&2");\n"third"`);
  assert.match(shown(cell), /^(first\nsecond|second\nfirst)\n'third'\n$/);
});

test("a character whose bytes come from a child in two parts, with a line of the cell between them, is whole", async () => {
  const cell = await kernel().execute(`
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
const child = spawn(
  process.execPath,
  ["-e", \`
    const { writeSync } = require("node:fs");
    const bytes = Buffer.from("😀");
    writeSync(1, bytes.subarray(0, 2));
    writeSync(3, "half\\\\n");
    process.stdin.once("data", () => { writeSync(1, bytes.subarray(2)); process.exit(); });\`],
  { stdio: ["pipe", "inherit", "inherit", "pipe"] },
);
await new Promise((resolve) => child.stdio[3]!.once("data", resolve));
console.error("between");
child.stdin!.write("go");
await new Promise((resolve) => child.once("exit", resolve));`);
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal(cell.stdout, "😀");
  assert.equal(cell.stderr, "between\n");
});

test("lines that go to stdout and stderr in turns for a long time keep their order", async () => {
  const cell = await kernel().execute(
    `for (let i = 0; i < 1000; i++) {
      console.log("out " + i);
      console.error("err " + i);
      await new Promise((end) => setTimeout(end, 10));
    }`,
  );
  const lines = Array.from({ length: 1000 }, (_, i) => `out ${i}\nerr ${i}\n`).join("");
  assert.ok(shown(cell) === lines, "lines are out of order");
});

test("after thousands of messages that do not alternate, lines that do keep their order", async () => {
  const flood = await kernel().execute(`${PRELUDE}
    for (let i = 0; i < 3000; i++) { console.log("line " + i); show("shown " + i); }`);
  assert.equal(flood.contents("display_data").length, 3000);
  const cell = await kernel().execute('console.log("a"); console.error("b"); console.log("c");');
  assert.equal(shown(cell), "a\nb\nc\n");
});
