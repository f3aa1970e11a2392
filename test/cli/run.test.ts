import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
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

test("a second Ctrl-C ends rnnlab run at once, which writes what was done", async (context) => {
  const { folder, write, cells } = notebookProject(context);
  // What waits for a child that minds no interrupt cannot be interrupted.
  const blocked = `import { spawnSync } from "node:child_process";
spawnSync("sh", ["-c", "trap '' INT; echo begun; sleep 1000"], { stdio: "inherit" });`;
  write("blocked.ipynb", [{ source: "1" }, { source: blocked }, { source: "'never'" }]);
  const child = spawn(process.execPath, [CLI, "run", "blocked.ipynb"], { cwd: folder });
  let shown = "";
  const signalAfter = (stream: typeof child.stdout, text: string): void => {
    let sent = false;
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      shown += chunk;
      if (sent || !shown.includes(text)) return;
      sent = true;
      child.kill("SIGINT");
    });
  };
  signalAfter(child.stdout, "\nbegun\n");
  signalAfter(child.stderr, "Ctrl-C again ends the run at once");
  assert.deepEqual(await once(child, "close"), [130, null], shown);
  assert.doesNotMatch(shown, /has had no effect/);
  const written = cells("blocked.executed.ipynb").map(({ outputs }) =>
    outputs?.map(({ text, data }) => text ?? data),
  );
  assert.deepEqual(written, [[{ "text/plain": ["1"] }], [["begun\n"]], []]);
});

test("rnnlab run keeps the notebook that is there where no more can be written", (context) => {
  const { folder, write, rnnlab, cells } = notebookProject(context);
  write("large.ipynb", [{ source: "process.stdout.write('x'.repeat(400_000));" }]);
  const before = readFileSync(join(folder, "large.ipynb"), "utf8");
  // No file may have more than 200 KiB, as if the disk had no more.
  const command = `ulimit -f 200; exec "$@"`;
  const args = [
    "-c",
    command,
    "bash",
    process.execPath,
    CLI,
    "run",
    "large.ipynb",
    "--output",
    "large.ipynb",
  ];
  const { status, stdout, stderr } = spawnSync("bash", args, { cwd: folder, encoding: "utf8" });
  assert.match(stderr, /^rnnlab: Cannot write large\.ipynb: EFBIG: /);
  assert.match(stdout, /\nlarge\.ipynb +1 of 1 .*Cannot write large\.ipynb: EFBIG/);
  assert.equal(status, 1);
  assert.equal(readFileSync(join(folder, "large.ipynb"), "utf8"), before);
  assert.deepEqual(readdirSync(folder), ["large.ipynb"]);
  assert.equal(rnnlab("run", "large.ipynb", "--output", "large.ipynb").status, 0);
  const printed = cells("large.ipynb")[0]
    ?.outputs?.flatMap(({ text }) => text)
    .join("");
  assert.equal(printed?.length, 400_000);
});

test("rnnlab run and check take all notebooks of format 4, and write 4.5", async (context) => {
  const { folder, write, rnnlab, cells } = notebookProject(context);
  const names = [0, 1, 2, 3, 4].map((minor) => {
    const name = write(`of-4.${minor}.ipynb`, [{ type: "markdown", source: "# Sum" }, { source: "1 +\n1" }]);
    const notebook = JSON.parse(readFileSync(join(folder, name), "utf8"));
    for (const cell of notebook.cells) delete cell.id;
    notebook.nbformat_minor = minor;
    writeFileSync(join(folder, name), JSON.stringify(notebook));
    return name;
  });
  const checked = rnnlab("check", ".");
  assert.deepEqual([checked.status, checked.stdout], [0, "0 errors in 5 notebooks\n"]);
  assert.equal(rnnlab("run", ...names, "--output", "done").status, 0);
  const validate = `
import nbformat, sys
for path in sys.argv[1:]:
    notebook = nbformat.read(path, nbformat.NO_CONVERT)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5), path
    nbformat.validate(notebook)`;
  const paths = names.map((name) => join("done", name));
  const valid = await run(python(), ["-c", validate, ...paths], { cwd: folder });
  assert.equal(valid.status, 0, valid.stderr);
  for (const path of paths) assert.deepEqual(cells(path)[1]?.outputs?.[0]?.data, { "text/plain": ["2"] });
  const whole = rnnlab("run", "done");
  assert.deepEqual(
    [whole.status, whole.stderr.split("\n")[0]],
    [2, "rnnlab: run takes notebooks, got the folder done"],
  );
});

test("rnnlab run --html also writes a page, and says before anything runs that it cannot", (context) => {
  const { folder, write, rnnlab } = notebookProject(context);
  write("page.ipynb", [
    { source: "import { writeFileSync } from 'node:fs';\nwriteFileSync('ran', '');\n'to ' + 'be seen'" },
    {
      source:
        "import { interact } from 'rnnlab/widgets';\ninteract(({ alpha }) => 'alpha is ' + alpha, { alpha: [0, 1] })",
    },
    { type: "markdown", source: "## A formula\n\n$a^2 < b$" },
  ]);
  const run = (python: string) => {
    const env = { ...process.env, RNNLAB_PYTHON: python };
    const args = [CLI, "run", "page.ipynb", "--html", "--json"];
    return spawnSync(process.execPath, args, { cwd: folder, env, encoding: "utf8" });
  };
  const without = run("/nowhere/python");
  assert.equal(without.status, 1);
  assert.match(without.stderr, /^rnnlab: Cannot write HTML: \/nowhere\/python must have nbconvert; /);
  assert.deepEqual(readdirSync(folder), ["page.ipynb"]);
  const { status, stdout, stderr } = run(python());
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout).notebooks[0].html, "page.executed.html");
  const page = readFileSync(join(folder, "page.executed.html"), "utf8");
  assert.match(page, /<html[\s\S]*to be seen[\s\S]*alpha is 0/);
  assert.match(page, /<nav class="contents">[\s\S]*<a href="#A-formula">A formula/);
  assert.match(page, /<span class="katex">/);
  assert.doesNotMatch(page, /<script[^>]* src=|<link[^>]* href="http/);
  assert.equal(rnnlab("check", "page.executed.ipynb").status, 0);
});

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
