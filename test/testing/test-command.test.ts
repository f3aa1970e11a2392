import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { notebookFolder, python } from "../../tools/kernel-client/index.js";

const CLI = resolve(__dirname, "../../cli/main.js");
const folder = notebookFolder("rnnlab-test-");

const cell = (source: string, ...tags: string[]): object => ({
  cell_type: "code",
  id: Math.random().toString(36).slice(2, 10),
  metadata: { tags },
  source,
  execution_count: null,
  outputs: [],
});

function write(name: string, cells: readonly object[], language = "typescript"): void {
  const metadata = { kernelspec: { name: "rnnlab", display_name: "rnnlab", language } };
  folder.write(name, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
}

function runTest(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "test", ...args], {
    cwd: folder.path,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const IMPORTS = 'import assert from "node:assert/strict";\nimport { test } from "rnnlab/testing";';

test("rnnlab test reports the tests of cells, those of tagged cells, and JUnit's XML", () => {
  const before = [
    cell(IMPORTS),
    cell(
      'test("holds", () => assert.ok(true));\ntest("is <wrong>", () => assert.equal(1, 2, "one \\u001b[31m& two\\r\\n]]> three"));',
    ),
    cell("// Tagged cells are tests\nconst n = 3;", "test"),
    cell("// This one throws\nthrow new Error('tagged');", "test"),
    cell("test.skip('later', () => {});\ntest.todo('some day');"),
    cell(
      "console.log('printed'); test('slow', async () => { await new Promise((done) => setTimeout(done, 50)); }); 1",
    ),
  ];
  write("all.ipynb", before);
  const text = readFileSync(join(folder.path, "all.ipynb"), "utf8");
  const { status, stdout, stderr } = runTest("all.ipynb", "--junit", "junit.xml");
  assert.equal(status, 1, stderr);
  assert.match(
    stdout,
    /^all\.ipynb\n {2}✔ holds \(cell 2, \d+ ms\)\n {2}✖ is <wrong> \(cell 2, \d+ ms\)\n {6}one .*& two\n[\s\S]* {2}✔ Tagged cells are tests \(cell 3, \d+ ms\)\n {2}✖ This one throws \(cell 4, \d+ ms\)\n[\s\S]*Error: tagged[\s\S]* {2}– later \(cell 5, skipped\)\n {2}… some day \(cell 5, todo\)\n {2}✔ slow \(cell 6, \d+ ms\)\n\n3 passed, 2 failed, 1 skipped, 1 todo\n$/,
  );
  assert.equal(stderr, "printed\n");
  assert.equal(readFileSync(join(folder.path, "all.ipynb"), "utf8"), text);
  const script = `
import sys, json, xml.etree.ElementTree as tree
[suite] = tree.parse(sys.argv[1]).getroot()
cases = [[case.get("name"), case.get("classname"), [child.tag for child in case]] for case in suite.iter("testcase")]
names = [child.tag for child in suite]
print(json.dumps([dict(suite.attrib), names, cases, suite.find(".//failure").text]))`;
  const parsed = spawnSync(python(), ["-c", script, join(folder.path, "junit.xml")], { encoding: "utf8" });
  const [attributes, names, cases, failure] = JSON.parse(parsed.stdout);
  const { name, tests, failures, errors, skipped, timestamp, time } = attributes;
  assert.deepEqual(
    { name, tests, failures, errors, skipped },
    { name: "all.ipynb", tests: "7", failures: "2", errors: "0", skipped: "2" },
  );
  assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.match(time, /^\d+\.\d{3}$/);
  assert.deepEqual(names, ["properties", ...cases.map(() => "testcase"), "system-out", "system-err"]);
  assert.deepEqual(cases.slice(0, 2), [
    ["holds", "all.ipynb.cell 2", []],
    ["is <wrong>", "all.ipynb.cell 2", ["failure"]],
  ]);
  assert.match(failure, /^one .*& two\r\n\]\]> three/);
});

test("rnnlab test writes JSON, and stops at a cell that fails and is no test", () => {
  write("stops.ipynb", [
    cell(`${IMPORTS}\ntest.only("a", () => {});`),
    cell('test("b", () => {});'),
    cell("throw new Error('here');"),
    cell('test("c", () => {});'),
  ]);
  const { status, stdout } = runTest("stops.ipynb", "--json");
  assert.equal(status, 1);
  const { notebooks, passed, failed, skipped } = JSON.parse(stdout);
  assert.deepEqual({ passed, failed, skipped }, { passed: 1, failed: 1, skipped: 1 });
  assert.deepEqual(
    notebooks[0].tests.map(({ cell, name, status }: Record<string, unknown>) => [cell, name, status]),
    [
      [1, "a", "passed"],
      [2, "b", "skipped"],
      [3, "cell 3 runs", "failed"],
    ],
  );
  assert.match(notebooks[0].tests[2].error, /Error: here/);
});

test("rnnlab test exits with 0 if all pass, ends cells that take too long, and knows JavaScript", () => {
  write(
    "good.ipynb",
    [cell('const { test } = require("rnnlab/testing");\ntotal = 1;\ntest("sum", () => {});')],
    "javascript",
  );
  const good = runTest("good.ipynb");
  assert.equal(good.status, 0, good.stdout + good.stderr);
  assert.match(good.stdout, /\n1 passed, 0 failed\n$/);
  write("long.ipynb", [cell("// Takes long\nawait new Promise(() => {});", "test")]);
  const long = runTest("long.ipynb", "--timeout", "0.5");
  assert.equal(long.status, 1);
  assert.match(long.stdout, /✖ Takes long \(cell 1[\s\S]*TimeoutError[\s\S]*\n0 passed, 1 failed\n$/);
});

test("rnnlab test refuses what it cannot test", () => {
  folder.write("text.ipynb", "hello");
  folder.write("old.ipynb", '{"worksheets":[],"nbformat":3}');
  write("python.ipynb", [cell("1")], "python");
  write("empty.ipynb", [cell("1")]);
  for (const [args, expected, pattern] of [
    [[], 2, /^rnnlab: test takes notebooks or folders\n/],
    [["--fast", "a.ipynb"], 2, /^rnnlab: Unknown option '--fast'/],
    [["--timeout", "soon", "a.ipynb"], 2, /^rnnlab: --timeout must be /],
    [["none.ipynb"], 1, /^rnnlab: Cannot find notebooks: there is no none\.ipynb\n/],
    [["text.ipynb"], 1, /^rnnlab: Cannot read text\.ipynb: .*JSON/],
    [["old.ipynb"], 1, /^rnnlab: Cannot read old\.ipynb: .*got format 3/],
    [["python.ipynb"], 1, /^rnnlab: Cannot read python\.ipynb: .*got "python"/],
    [["empty.ipynb"], 1, /^rnnlab: no notebook has a test; rnnlab\/testing declares them\n$/],
    [
      ["empty.ipynb", "--junit", "no/such/folder.xml"],
      1,
      /^rnnlab: Cannot write no\/such\/folder\.xml: ENOENT/,
    ],
  ] as const) {
    const { status, stderr } = runTest(...args);
    assert.match(stderr, pattern);
    assert.equal(status, expected, args.join(" "));
  }
});
