import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { installKernel, python, run } from "../../tools/kernel-client/index.js";
import { CLI, kernel, notebookProject, type WrittenCell } from "./notebook-project.js";

const OUTPUTS = [
  "console.log('one'); console.error('two'); console.log('three\\nfour')",
  `import { display } from "rnnlab/display";
display({ "text/html": "<b>x</b>\\n<i>y</i>", "application/json": { b: [1], a: null }, "image/png": new Uint8Array([1, 2, 3]), "image/svg+xml": "<svg>\\n</svg>" });`,
  'display({ "text/plain": "first" }, { displayId: "d" });',
  'display({ "text/plain": "second" }, { displayId: "d", update: true }); ({ a: [1, 2] })',
  "throw new RangeError('no')",
  "",
  "await input('name?')",
];

test("rnnlab run writes the outputs that nbconvert writes, in valid notebooks", async (context) => {
  const home = await installKernel();
  context.after(() => home.remove());
  const { folder, write, rnnlab, cells } = notebookProject(context);
  const sources = OUTPUTS.map((source, index) =>
    index === 4 || index === 6 ? { source, tags: ["raises-exception"] } : { source },
  );
  write("shown.ipynb", sources, {
    kernelspec: { name: "rnnlab", display_name: "x", language: "typescript" },
  });
  const { status, stdout } = rnnlab("run", "shown.ipynb");
  assert.equal(status, 0);
  assert.match(stdout, /\[cell 1 of 7\] console\.log\('one'\)/);
  assert.match(stdout, /\nnotebook +cells +seconds +outcome\nshown\.ipynb +6 of 6 +[\d.]+ +ok\n$/);
  const args = [
    "-m",
    "nbconvert",
    "--to",
    "notebook",
    "--execute",
    "--output",
    "theirs.ipynb",
    "shown.ipynb",
  ];
  const theirs = await run(python(), args, { cwd: folder, env: home.env });
  assert.equal(theirs.status, 0, theirs.stderr);
  const essential = ({ outputs, execution_count, id, source }: WrittenCell) => ({
    outputs: outputs?.map((output) => (output.ename === undefined ? output : output.ename)),
    execution_count,
    id,
    source,
  });
  assert.deepEqual(cells("shown.executed.ipynb").map(essential), cells("theirs.ipynb").map(essential));
  const validate = "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], nbformat.NO_CONVERT))";
  const valid = await run(python(), ["-c", validate, "shown.executed.ipynb"], { cwd: folder });
  assert.equal(valid.status, 0, valid.stderr);
});

test("rnnlab run ends at the first cell that fails, at its time limit too, and goes on if it may", (context) => {
  const { write, rnnlab, cells } = notebookProject(context);
  write("slow.ipynb", [
    { source: "1" },
    { source: "await new Promise(() => setInterval(() => {}, 1000))" },
    { source: "2" },
  ]);
  const args = ["run", "slow.ipynb", "--timeout", "3", "--json"];
  const ended = rnnlab(...args);
  assert.equal(ended.status, 1);
  const [report] = JSON.parse(ended.stdout).notebooks;
  assert.equal(report.outcome, "failed");
  assert.equal(report.error.ename, "TimeoutError");
  assert.deepEqual(
    cells("slow.executed.ipynb").map(({ outputs }) => outputs?.map((each) => each.ename)),
    [[undefined], ["TimeoutError"], []],
  );
  const wentOn = rnnlab(...args, "--allow-errors");
  assert.deepEqual(
    JSON.parse(wentOn.stdout).notebooks[0].cells.map((cell: { outcome: string }) => cell.outcome),
    ["ok", "failed", "ok"],
  );
});

for (const [signal, code, ename] of [
  ["SIGINT", 130, "KeyboardInterrupt"],
  ["SIGTERM", 143, undefined],
] as const) {
  test(`${signal} ends rnnlab run, which writes what was done`, async (context) => {
    const { folder, write, cells } = notebookProject(context);
    write("long.ipynb", [
      { source: "console.log('begun'); await new Promise(() => setInterval(() => {}, 1000));" },
      { source: "'never'" },
    ]);
    const child = spawn(process.execPath, [CLI, "run", "long.ipynb"], { cwd: folder });
    let shown = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const begun = shown.includes("\nbegun\n");
      shown += text;
      if (!begun && shown.includes("\nbegun\n")) child.kill(signal);
    });
    assert.deepEqual(await once(child, "close"), [code, null]);
    const [first, second] = cells("long.executed.ipynb");
    assert.deepEqual(first?.outputs?.[0]?.text, ["begun\n"]);
    assert.equal(first?.outputs?.[1]?.ename, ename);
    assert.deepEqual(second?.outputs, []);
  });
}

test("rnnlab run bounds what it keeps of a cell's output, and marks what it has cut", (context) => {
  const { write, rnnlab, cells } = notebookProject(context);
  write("loud.ipynb", [
    { source: 'for (let i = 0; i < 200; i++) process.stdout.write(i + ":" + "x".repeat(2 ** 16) + "\\n");' },
  ]);
  assert.equal(rnnlab("run", "loud.ipynb", "--json").status, 0);
  const texts = cells("loud.executed.ipynb")[0]?.outputs?.map(({ text }) => text.join("")) ?? [];
  assert.equal(texts.length, 3);
  assert.match(texts[0] ?? "", /^0:x/);
  assert.match(texts[1] ?? "", /\[\d+ characters are cut here: .* 4 MiB are kept\]/);
  assert.match(texts[2] ?? "", /\n199:x+\n$/);
  assert.ok(texts.join("").length < 10 * 2 ** 20);
});

test("rnnlab run says what is wrong with its input, and keeps a good notebook", (context) => {
  const { folder, write, rnnlab } = notebookProject(context);
  write("good.ipynb", [{ source: "1" }]);
  write("python.ipynb", [{ source: "1" }], kernel("python"));
  writeFileSync(join(folder, "text.ipynb"), "hello");
  mkdirSync(join(folder, "locked"));
  chmodSync(join(folder, "locked"), 0o555);
  writeFileSync(join(folder, "file"), "");
  for (const [args, status, pattern] of [
    [["python.ipynb"], 1, /^rnnlab: Cannot read python\.ipynb: .*got "python"\n/],
    [["text.ipynb"], 1, /^rnnlab: Cannot read text\.ipynb: .*JSON/],
    [["missing.ipynb"], 1, /^rnnlab: Cannot read missing\.ipynb: ENOENT/],
    [["good.ipynb", "--output", "file/out.ipynb"], 1, /^rnnlab: Cannot write file\/out\.ipynb: /],
    [["good.ipynb", "--output", "/dev/full"], 1, /^rnnlab: Cannot write \/dev\/full: ENOSPC/],
    [
      ["good.ipynb", "text.ipynb", "--output", "file"],
      2,
      /^rnnlab: --output must be a folder for 2 notebooks/,
    ],
    [["good.ipynb", "./good.ipynb"], 2, /^rnnlab: each notebook must have an output of its own/],
    [["good.ipynb", "-p", "x"], 2, /^rnnlab: -p takes NAME=VALUE, got "x"/],
    [["good.ipynb", "--timeout", "soon"], 2, /^rnnlab: --timeout must be a number of seconds/],
    [[], 2, /^rnnlab: run takes notebooks\n/],
  ] as const) {
    const { status: got, stderr } = rnnlab("run", ...args);
    assert.match(stderr, pattern);
    assert.equal(got, status, args.join(" "));
  }
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes("saving")),
    [],
  );
  assert.equal(JSON.parse(readFileSync(join(folder, "good.ipynb"), "utf8")).cells.length, 1);
});
