import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "rnnlab-magics-test-")));
after(() => rmSync(folder, { recursive: true, force: true }));
for (const [name, types] of [
  ["typed", "export declare const seven: 7;"],
  ["plain", undefined],
] as const) {
  const own = join(folder, name);
  mkdirSync(own);
  const manifest = {
    name,
    version: "1.0.0",
    scripts: { install: "echo ran > ran.txt" },
    ...(types && { types: "index.d.ts" }),
  };
  writeFileSync(join(own, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(own, "index.js"), "exports.seven = 7;");
  if (types !== undefined) writeFileSync(join(own, "index.d.ts"), types);
}
const kernel = useKernel({ cwd: folder });

test("%npm installs a package, which the code below it finds with its types", async () => {
  const cell = await kernel().execute(
    '%npm install ./typed\nimport { seven } from "typed";\nconst n: 7 = seven;\nn',
  );
  assert.equal(cell.result, "7", cell.traceback);
  assert.match(cell.stdout, /added 1 package[\s\S]*--ignore-scripts=false/);
  const wrong = await kernel().execute('import { seven as again } from "typed"; const s: string = again;');
  assert.match(wrong.traceback, /TS2322/);
});

test("%npm that fails is an error of one line, after what npm has said", async () => {
  const cell = await kernel().execute("%npm install ./missing\nconsole.log('not run')");
  assert.deepEqual([cell.status, cell.error?.ename], ["error", "CommandFailed"]);
  assert.equal(cell.traceback, `CommandFailed: ${cell.error?.evalue}`);
  assert.match(cell.stderr, /missing/);
  assert.equal(cell.stdout, "");
  assert.match((await kernel().execute("%npm")).traceback, /^MagicError: %npm must be followed by a command/);
});

test("%%bash runs its lines, shows their output in order, and fails with their exit code", async () => {
  const cell = await kernel().execute("%%bash\necho one; echo two >&2\nif true\nthen exit 3\nfi");
  assert.deepEqual([cell.stdout, cell.stderr], ["one\n", "two\n"]);
  assert.equal(cell.error?.evalue, "bash ended with exit code 3");
});

test("an interrupt ends what %%bash runs", async () => {
  const id = await kernel().submit("%%bash\necho begun\nsleep 600");
  await kernel().streamed(id, "begun");
  await kernel().request("control", "interrupt_request", {});
  assert.equal((await kernel().finish(id)).error?.ename, "KeyboardInterrupt");
});

test("%time runs code as a cell of its own, and prints how long it took after its result", async () => {
  const cell = await kernel().execute("// how long?\n%time const total: number = 20 + 22;\ntotal");
  assert.equal(cell.result, "42", cell.traceback);
  assert.match(cell.stdout, /^[\d.]+ (?:ns|µs|ms|s), processor [\d.]+ (?:ns|µs|ms|s)\n$/);
  const failed = await kernel().execute("%%time\ntotal;\nthrow new RangeError('late')");
  assert.match(failed.traceback, /^RangeError: late\n.*line 3/);
  assert.match(failed.stdout, /processor/);
});

test("%bench runs code many times, and finds what is wrong with it where it was written", async () => {
  const cell = await kernel().execute("let runs = 0;\nruns");
  assert.equal(cell.result, "0");
  const bench = await kernel().execute("%bench runs += await Promise.resolve(1)");
  assert.match(
    bench.stdout,
    /^[\d.]+ \S+ ± [\d.]+ \S+ \(mean and deviation of 7 rounds, [\d,]+ times each\)\n$/,
  );
  assert.ok(Number((await kernel().execute("runs")).result) > 7);
  const wrong = await kernel().execute("%bench runs.length");
  assert.match(wrong.traceback, /line 1\n +column 13[\s\S]*TS2339/);
  const imports = await kernel().execute('%%bench\nimport { join } from "node:path";\njoin("a");');
  assert.match(imports.traceback, /^MagicError: the code of %bench must be able to stand in a function/);
  const thrown = await kernel().execute("%%bench\nruns = 0;\nthrow new RangeError('in the bench')");
  assert.match(thrown.traceback, /^RangeError: in the bench\n.*line 3/);
  assert.doesNotMatch(thrown.traceback, /magics/);
});

test("%who lists names with their types, and %reset forgets them", async () => {
  await kernel().execute(
    [
      '%reset\nimport fs from "node:fs";\nimport * as widgets from "rnnlab/widgets";',
      "const size = 7;\nconst place = { x: 1, y: 2 };\nconst many = [1] as unknown as readonly ['a', ...string[]];",
      "function twice(x: number) { return 2 * x; }\ninterface Row { id: number }",
      `type Long = ${Array.from({ length: 99 }, (_, index) => `"word ${index}"`).join(" | ")};`,
    ].join("\n"),
  );
  const who = await kernel().execute("%who");
  const lines = who.stdout.trimEnd().split("\n");
  assert.deepEqual(
    lines.filter((line) => !line.startsWith("type Long")),
    [
      "interface Row",
      "import fs",
      'const many: readonly ["a", ...string[]]',
      "const place: { x: number; y: number; }",
      "const size: 7",
      "function twice(x: number): number",
      "import widgets",
    ],
  );
  assert.match(
    String(lines.find((line) => line.startsWith("type Long"))),
    /^type Long = "word 0" \| .{150,}…$/,
  );
  const reset = await kernel().execute("%reset\n%who\ntypeof globalThis.process");
  assert.match(reset.stdout, /There are no names yet/);
  assert.equal(reset.result, "'object'", reset.traceback);
  assert.match((await kernel().execute("size")).traceback, /TS2304/);
});

test("%env, %cd, %ls and %%writefile work on the session's process", async () => {
  assert.equal((await kernel().execute("%env MAGIC_TEST = a b")).stdout, "MAGIC_TEST=a b\n");
  assert.equal((await kernel().execute("process.env.MAGIC_TEST")).result, "'a b'");
  assert.match(
    (await kernel().execute("%env MAGIC_MISSING")).traceback,
    /name must be one that is set, got MAGIC_MISSING/,
  );
  await kernel().execute("%%writefile written.txt\nfirst\n% second");
  await kernel().execute("%%writefile -a written.txt\nthird");
  assert.equal(readFileSync(join(folder, "written.txt"), "utf8"), "first\n% second\nthird\n");
  const moved = await kernel().execute("%cd typed\n%ls");
  assert.equal(moved.stdout, `${join(folder, "typed")}\nindex.d.ts\nindex.js\npackage.json\n`);
  await kernel().execute(`%cd ${folder}`);
});

test("%%html, %%markdown and %%javascript show their lines", async () => {
  for (const [magic, type] of [
    ["html", "text/html"],
    ["markdown", "text/markdown"],
    ["javascript", "application/javascript"],
  ] as const) {
    const cell = await kernel().execute(`%%${magic}\n<b>x</b>\n/// not code`);
    const [shown] = cell.messages.filter(({ header }) => header.msg_type === "display_data");
    assert.deepEqual(shown?.content.data, { [type]: "<b>x</b>\n/// not code" });
  }
});

test("an unknown magic is an error that lists the others, and code is never taken for one", async () => {
  const unknown = await kernel().execute("%matplotlib inline");
  assert.match(unknown.traceback, /^MagicError: There is no magic %matplotlib\. There are .*%npm/);
  for (const wrong of ["const count = 7\n%time count", "7\n%who"])
    assert.match(
      (await kernel().execute(wrong)).traceback,
      /\n%(?:time|who) is a magic only before the code of a cell$/,
    );
  const takesNothing = await kernel().execute("%bash echo hello");
  assert.match(takesNothing.traceback, /%bash must have nothing after it on its line, got echo hello/);
  const code = await kernel().execute("const value = 17\n% 5;\nvalue");
  assert.equal(code.result, "2", code.traceback);
  assert.match((await kernel().execute("%lsmagic")).stdout, /^%%bash +Runs/);
  assert.match((await kernel().execute("%time?")).stdout, /^%time CODE, %%time +Says/);
});

test("completion, inspection and consoles know magics", async () => {
  const completed = await kernel().request("shell", "complete_request", {
    code: "%npm ls\n%ti",
    cursor_pos: 11,
  });
  assert.deepEqual(completed.content.matches, ["%time"]);
  assert.deepEqual([completed.content.cursor_start, completed.content.cursor_end], [8, 11]);
  const code = await kernel().request("shell", "complete_request", { code: "%time Mat", cursor_pos: 9 });
  assert.ok((code.content.matches as string[]).includes("Math"));
  const help = await kernel().request("shell", "inspect_request", {
    code: "%%bash\nls",
    cursor_pos: 3,
    detail_level: 0,
  });
  assert.match(JSON.stringify(help.content.data), /in Bash/);
  for (const [text, status] of [
    ["%%bash\nls", "incomplete"],
    ["%%bash\nls\n", "complete"],
    ["%npm ls", "complete"],
    ["%time f(", "incomplete"],
  ]) {
    const reply = await kernel().request("shell", "is_complete_request", { code: text });
    assert.equal(reply.content.status, status, text);
  }
});
