import assert from "node:assert/strict";
import { test } from "node:test";
import { filesOf, otherFormats } from "../../../scripts/checks/formatters.js";

test("C++ and Python are formatted, and Python is linted", async () => {
  const languages = await otherFormats();
  const of = (path: string) => languages.find(({ files }) => files.test(path))!;
  assert.equal(of("a.cc").format("int  main( ) {return 0;}\n", "a.cc"), "int main() { return 0; }\n");
  assert.equal(of("a.h").format("int * a;\n", "a.h"), "int* a;\n");
  assert.equal(of("a.py").format("a = { 'b':1 }\n", "a.py"), 'a = {"b": 1}\n');
  assert.deepEqual(of("a.py").lint("import os\n"), ["1: F401 `os` imported but unused"]);
  assert.deepEqual(of("a.py").lint("f = lambda x: x\n"), []);
  assert.deepEqual(
    languages.filter(({ files }) => files.test("a.ts")),
    [],
  );
});

test("the files of these languages are found wherever the project has code", async () => {
  const paths = filesOf(await otherFormats()).map(({ path }) => path);
  for (const path of [
    "src/native/ops.cc",
    "test/native/programs.cc",
    "test/golden/layers.py",
    "scripts/notebooks/execute.py",
  ])
    assert.ok(paths.includes(path), path);
});
