import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../setup/temporary.js";
import { printedBy } from "./one-cell.js";

const CLI = resolve(__dirname, "../../../cli/main.js");

function install(prefix: string, ...args: string[]) {
  const words = [CLI, "install", "--prefix", prefix, ...args];
  return spawnSync(process.execPath, words, { encoding: "utf8" });
}

test("rnnlab install keeps variables and options of Node, and a cell sees them", async (context) => {
  const folder = temporaryFolder(context);
  const given = ["--env", "GREETING=a = b", "--env=EMPTY=", "--node-option=--max-old-space-size=777"];
  const { status, stderr } = install(folder, ...given, "--node-option=--title=two words");
  assert.equal(status, 0, stderr);
  for (const name of ["rnnlab", "rnnlab-javascript"]) {
    const spec = JSON.parse(readFileSync(join(folder, "share/jupyter/kernels", name, "kernel.json"), "utf8"));
    assert.deepEqual(spec.env, {
      GREETING: "a = b",
      EMPTY: "",
      NODE_OPTIONS: '--max-old-space-size=777 "--title=two words"',
    });
  }
  const source = `import { getHeapStatistics } from "node:v8";
    const mebibytes = Math.round(getHeapStatistics().heap_size_limit / 2 ** 20);
    console.log(process.env.GREETING, mebibytes >= 777 && mebibytes < 1000, process.title);`;
  assert.equal(await printedBy(source, folder), "a = b true two words\n");
});

test("rnnlab install refuses a variable without a name, and options that Node does not take", (context) => {
  const folder = temporaryFolder(context);
  for (const [args, pattern] of [
    [
      ["--env", "GREETING"],
      /^rnnlab: Cannot install the kernel: --env must be NAME=VALUE, got "GREETING"\n$/,
    ],
    [["--env", "1=2"], /--env must be NAME=VALUE, got "1=2"/],
    [["--node-option=--fast"], /NODE_OPTIONS must have options that Node takes there, got --fast \(.*--fast/],
    [
      ["--env", "NODE_OPTIONS=--eval=1"],
      /NODE_OPTIONS must have options that Node takes there, got --eval=1/,
    ],
  ] as const) {
    const { status, stderr } = install(folder, ...args);
    assert.equal(status, 1);
    assert.match(stderr, pattern);
  }
  assert.throws(() => readFileSync(join(folder, "share/jupyter/kernels/rnnlab/kernel.json")), /ENOENT/);
});
