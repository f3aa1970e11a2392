import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setUp, setUpEssentials } from "../../setup/index.js";
import { temporaryFolder, writeScript } from "./temporary.js";

const firstWords = (lines: readonly string[]) => lines.map((line) => line.split(/ {2,}/)[0]);

test("setUp() of the kernel alone needs no Python, and makes the snapshot and nothing else", async (context) => {
  const [root, cache] = [temporaryFolder(context), temporaryFolder(context)];
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  await setUp({ root, cache, print, extent: "kernel-only", env: { PATH: "" } });
  assert.deepEqual(firstWords(lines), ["Compiler", "On disk"]);
  assert.match(String(lines[1]), /^On disk +\d+ MB of snapshot /);
  assert.deepEqual(readdirSync(root), []);
  assert.equal(readdirSync(cache).length, 1);
});

/** A Python that is there, with a prefix of its own. */
function pretendedPython(context: TestContext) {
  const folder = temporaryFolder(context);
  const [root, cache, prefix] = ["root", "cache", "prefix"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [root, cache, prefix]) mkdirSync(each);
  const python = writeScript(
    join(folder, "python"),
    `case "$*" in *sys.executable*sys.prefix*) echo "$0"; echo 3.12.1; echo ${prefix};; *) exit 1;; esac`,
  );
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  // Compiling has tests of its own.
  const env = { ...process.env, CXX: "/no/compiler" };
  return { prefix, lines, options: { root, cache, python, env, extent: "no-venv", print } as const };
}

test("setUp() without .venv puts the kernels into the given Python's own prefix", async (context) => {
  const { prefix, lines, options } = pretendedPython(context);
  await setUp(options);
  assert.deepEqual(firstWords(lines).slice(0, 3), ["Python", "Kernels", "Compiler"]);
  assert.match(String(lines[0]), new RegExp(`Python 3\\.12\\.1 in ${prefix} `));
  assert.equal(existsSync(join(prefix, "share/jupyter/kernels/rnnlab/kernel.json")), true);
  assert.deepEqual(readdirSync(options.root), []);
});

test("setUpEssentials() goes on where cells run without what is missing, and says what that is", async (context) => {
  const { lines, options } = pretendedPython(context);
  rmSync(options.cache, { recursive: true });
  writeFileSync(options.cache, "not a folder");
  await setUpEssentials(options);
  assert.match(lines.join("\n"), /^Compiler +missing: the first cell waits/m);
  assert.match(lines.join("\n"), /EEXIST.*[\s\S]*Going on without: Compiler/);
});

test("setUpEssentials() stops where there are no kernels", async (context) => {
  const { prefix, lines, options } = pretendedPython(context);
  rmSync(prefix, { recursive: true });
  writeFileSync(prefix, "not a folder");
  await assert.rejects(setUpEssentials(options), /Cannot install the kernel/);
  assert.doesNotMatch(lines.join("\n"), /Going on/);
});
