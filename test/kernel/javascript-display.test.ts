import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, type Execution, useKernel } from "../../tools/kernel-client/index.js";
import { interrupted } from "../../tools/kernel-client/interrupted.js";

const kernel = useKernel({ language: "javascript" });

async function run(code: string): Promise<Execution> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "ok", `${code}\n${cell.traceback}`);
  return cell;
}

/** The data of all results of a cell that must succeed. */
async function results(code: string): Promise<unknown[]> {
  return (await run(code)).contents("execute_result").map(({ data }) => data);
}

const PICTURE = "iVBORw0KGgo=";

test("each kind of content is a cell's result, in the place of its last value", async () => {
  const kinds: Record<string, Dictionary> = {
    '$$.text("plain"); 5': { "text/plain": "plain" },
    "$$.text(42)": { "text/plain": "42" },
    '$$.html("<b>x</b>")': { "text/html": "<b>x</b>" },
    '$$.svg("<svg></svg>")': { "image/svg+xml": "<svg></svg>" },
    [`$$.png("${PICTURE}")`]: { "image/png": PICTURE },
    [`$$.jpeg(Buffer.from("${PICTURE}", "base64"))`]: { "image/jpeg": PICTURE },
    "$$.json({ a: [1] })": { "application/json": { a: [1] } },
    '$$.mime({ "text/html": "<i>", "text/plain": "i" })': { "text/html": "<i>", "text/plain": "i" },
    "$$.sendResult(7)": { "text/plain": "7" },
  };
  for (const [code, data] of Object.entries(kinds)) {
    assert.deepEqual(await results(code), [data], code);
  }
});

test("a cell with $$.async() goes on until $$.done() ends it with a result", async () => {
  const cell = await run(
    'console.log("first"); $$.async(); setTimeout(() => { console.log("second"); $$.done("end"); }, 20); 5',
  );
  assert.equal(cell.result, "'end'");
  assert.equal(cell.stdout, "first\nsecond\n");
  assert.deepEqual(await results("$$.async(); setTimeout($$.done, 1); 5"), []);
  assert.deepEqual(await results("$$.async(); $$.async(false); 5"), [{ "text/plain": "5" }]);
});

test("any result ends a cell with $$.async(), also from a callback of Node's and from a promise", async () => {
  const file = "require('fs').readFile(__filename + '.none', (error) => $$.text(error.code))";
  assert.deepEqual(await results(`$$.async(); ${file}; 1`), [{ "text/plain": "ENOENT" }]);
  assert.deepEqual(await results("$$.async(); Promise.resolve('<p>').then($$.html); 1"), [
    { "text/html": "<p>" },
  ]);
  assert.deepEqual(await results("const $ = $$; (async () => { $.async(); await 0; $.json([1]) })(); 1"), [
    { "application/json": [1] },
  ]);
});

test("a cell that waits is ended by a callback of an earlier cell, too", async () => {
  const twice =
    "const { parentPort } = require('worker_threads'); parentPort.on('message', (x) => parentPort.postMessage(2 * x))";
  await run(
    `var { Worker } = require("worker_threads"), worker = new Worker(${JSON.stringify(twice)}, { eval: true });
worker.on("message", (value) => { $$.text("on the way", true); $$.done(value) });`,
  );
  const cell = await run("$$.async(); worker.postMessage(21)");
  assert.deepEqual(
    cell.contents("execute_result").map(({ data }) => data),
    [{ "text/plain": "on the way" }, { "text/plain": "42" }],
  );
  await run("await worker.terminate()");
});

test("a promise of a result keeps the cell open, and one that fails is its error", async () => {
  const later = (what: string) => `new Promise((resolve, reject) => setTimeout(() => ${what}, 5))`;
  assert.deepEqual(await results(`$$.html(${later("resolve('<p>')")})`), [{ "text/html": "<p>" }]);
  assert.equal((await run(`$$.sendResult(${later("resolve(6)")})`)).result, "6");
  const failed = await kernel().execute(`$$.sendResult(\n${later("reject(new RangeError('no'))")})`);
  assert.equal(failed.reply.content.ename, "RangeError");
  assert.match(failed.traceback, /RangeError: no\n {2}Cell In\[\d+\], line 2/);
});

test("$$.sendError() ends the cell with an error, at its place", async () => {
  const now = await kernel().execute('const made = new TypeError("bad");\n$$.sendError(made)');
  assert.deepEqual([now.reply.content.ename, now.reply.content.evalue], ["TypeError", "bad"]);
  assert.match(now.traceback, /line 1\n +column 14/);
  const later = await kernel().execute('$$.async(); setTimeout(() => $$.sendError("a text"), 1)');
  assert.equal(later.status, "error");
  assert.match(String(later.reply.content.evalue), /a text/);
});

test("what a waiting cell throws in a callback ends it, since nothing else may", async () => {
  const thrown = await kernel().execute(
    '$$.async();\nsetTimeout(() => { throw new Error("in a timer") }, 1)',
  );
  assert.equal(thrown.reply.content.evalue, "in a timer");
  assert.match(thrown.traceback, /line 2/);
  const rejected = await kernel().execute('$$.async(); Promise.reject(new Error("unheard"))');
  assert.equal(rejected.reply.content.evalue, "unheard");
  const sync = await kernel().execute('$$.async(); throw new Error("at once")');
  assert.equal(sync.reply.content.evalue, "at once");
});

test("with keepAlive a cell has several results, in order", async () => {
  const shown = await results(
    '$$.text("one", true); $$.html("two", true); setTimeout(() => { $$.sendResult(3, true); $$.done() }, 1)',
  );
  assert.deepEqual(shown, [{ "text/plain": "one" }, { "text/html": "two" }, { "text/plain": "3" }]);
  const cell = await run('$$.sendError(new Error("goes on"), true); setTimeout(() => $$.done(1), 1)');
  assert.match(cell.stderr, /^Error: goes on\n/);
  assert.equal(cell.result, "1");
});

test("a result that comes too late is not shown, and the person is told why, once", async () => {
  const cell = await run('$$.html("a"); $$.html("b"); $$.text("c"); console.log("goes on")');
  assert.deepEqual(
    cell.contents("execute_result").map(({ data }) => data),
    [{ "text/html": "a" }],
  );
  assert.match(
    cell.stderr,
    /^Cannot show a result by \$\$\.html\(\): .*\$\$\.async\(\).*\$\$\.display\(\)\n$/,
  );
  assert.equal(cell.stdout, "goes on\n");
  const id = await kernel().submit('setTimeout(() => $$.done("late"), 1); 7');
  assert.equal((await kernel().finish(id)).result, "7");
  await kernel().streamed(id, "Cannot show a result by $$.done()");
});

test("wrong content is refused where it is shown, and the cell may still have a result", async () => {
  const wrong: Record<string, RegExp> = {
    "$$.html()": /^Cannot display by \$\$\.html\(\): it needs something, got undefined$/,
    "$$.html({})": /^Cannot display it by \$\$\.html\(\): the data of "text\/html" must be text or bytes/,
    '$$.mime("text")': /^Cannot display it by \$\$\.mime\(\): it must be an object from MIME types to data/,
    "$$.mime({ html: 1 })": /its keys must be MIME types such as "text\/html", got "html"$/,
    '$$.display("d").svg()': /^Cannot display by \$\$\.svg\(\)/,
  };
  for (const [code, expected] of Object.entries(wrong)) {
    const cell = await kernel().execute(code);
    assert.equal(cell.reply.content.ename, "TypeError", code);
    assert.match(String(cell.reply.content.evalue), expected, code);
  }
  assert.equal((await run("try { $$.html() } catch {}\n$$.sendResult(1)")).result, "1");
});

test("$$.display() shows anything below the cell, by its name one thing at a time, in later cells too", async () => {
  const cell = await run(
    'var named = $$.display("place"); named.text("first"); $$.display("place").html("second"); $$.display().svg("<svg/>"); 5',
  );
  assert.deepEqual(cell.outputs, ["display_data", "update_display_data", "display_data", "execute_result"]);
  const [first, unnamed] = cell.contents("display_data");
  assert.deepEqual([first?.data, first?.transient], [{ "text/plain": "first" }, { display_id: "place" }]);
  assert.deepEqual([unnamed?.data, unnamed?.transient], [{ "image/svg+xml": "<svg/>" }, {}]);
  const later = await run('named.mime({ "text/html": "third" }); named.close(); named.text("alone")');
  assert.deepEqual(later.outputs, ["update_display_data", "display_data"]);
  assert.deepEqual((await run('$$.display("place").text("anew")')).outputs, ["display_data"]);
});

test("$$.clear() clears the cell's outputs, at once or with the next one", async () => {
  const cell = await run("$$.clear(); $$.clear({ wait: true })");
  assert.deepEqual(cell.contents("clear_output"), [{ wait: false }, { wait: true }]);
});

test("$$.input() asks, by callback and by promise, while the cell waits", async () => {
  const codes = [
    '$$.input({ prompt: "Who?", password: true }, (error, reply) => $$.done([error, reply]))',
    '$$.input({ prompt: "Who?", password: true }).then((reply) => $$.done([null, reply]))',
  ];
  for (const code of codes) {
    const id = await kernel().submit(code, { allow_stdin: true });
    const question = await kernel().waitFor(
      ({ header, parent }) => header.msg_type === "input_request" && parent.msg_id === id,
      "input_request",
    );
    assert.deepEqual(question.content, { prompt: "Who?", password: true });
    await kernel().send("stdin", "input_reply", { status: "ok", value: "Ada" }, { parent: question.header });
    assert.equal((await kernel().finish(id)).result, "[ null, 'Ada' ]");
  }
  const refused = await run("$$.input({}, (error, reply) => $$.done([error.name, reply]))");
  assert.equal(refused.result, "[ 'StdinNotImplementedError', undefined ]");
});

test("values say by ijavascript's methods how they are shown", async () => {
  assert.deepEqual(
    (await results("({ _toHtml() { return '<p>' } })")).map((data) => (data as Dictionary)["text/html"]),
    ["<p>"],
  );
  assert.deepEqual(await results("({ _toMime() { return { 'text/html': 'm', 'text/plain': 'p' } } })"), [
    { "text/html": "m", "text/plain": "p" },
  ]);
  const [both] = await results(
    "class Drawing { _toSvg() { return '<svg/>' } _toPng() { return 'eA==' } }\nnew Drawing",
  );
  assert.deepEqual(
    [(both as Dictionary)["image/svg+xml"], (both as Dictionary)["image/png"]],
    ["<svg/>", "eA=="],
  );
  const broken = await run("({ _toHtml() { throw new Error('own') } })");
  assert.match(broken.stderr, /^Cannot show the value in its own way:\nError: own/);
  assert.match(String(broken.result), /_toHtml/);
});

test("$$mimer$$ decides how values are shown, with the help of $$defaultMimer$$", async () => {
  await run(
    '$$mimer$$ = (value) => Object.assign($$defaultMimer$$(value), { "text/html": "<u>" + value + "</u>" })',
  );
  assert.deepEqual(await results("5"), [{ "text/plain": "5", "text/html": "<u>5</u>" }]);
  assert.deepEqual(await results("$$.sendResult(6)"), [{ "text/plain": "6", "text/html": "<u>6</u>" }]);
  await run("$$mimer$$ = $$defaultMimer$$");
  assert.deepEqual(await results("5"), [{ "text/plain": "5" }]);
});

test("the former variables show what is assigned to them and end the cell", async () => {
  for (const [kind, type] of [
    ["html", "text/html"],
    ["svg", "image/svg+xml"],
    ["png", "image/png"],
    ["jpeg", "image/jpeg"],
  ] as const) {
    assert.deepEqual(await results(`$$${kind}$$ = "eA=="`), [{ [type]: "eA==" }]);
  }
  assert.deepEqual(await results('$$mime$$ = { "text/plain": "m" }'), [{ "text/plain": "m" }]);
  assert.deepEqual(await results("$$async$$ = true; setTimeout(() => $$done$$($$async$$), 1); 5"), [
    { "text/plain": "true" },
  ]);
});

test("a promise is shown as one, unless $$.config.awaitExecution is set", async () => {
  assert.equal((await run("Promise.resolve(9)")).result, "Promise { 9 }");
  await run("$$.config.awaitExecution = true");
  assert.equal((await run("Promise.resolve(9)")).result, "9");
  assert.equal((await kernel().execute("Promise.reject(new Error('w'))")).reply.content.evalue, "w");
  await run("$$.config.awaitExecution = false");
});

test("a cell that is never done can be interrupted, and the next one runs", async () => {
  const cell = await interrupted(kernel(), '$$.async(); console.log("started"); setInterval(() => {}, 5)');
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  assert.equal((await run("1 + 1")).result, "2");
});

test("a cell that blocks in a callback while it waits, or while a value is shown, can be interrupted", async () => {
  for (const code of [
    '$$.async(); setTimeout(() => { console.log("started"); for (;;); }, 1)',
    '$$.sendResult({ get [Symbol.toStringTag]() { console.log("started"); for (;;); } })',
  ]) {
    const cell = await interrupted(kernel(), code);
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt", code);
  }
});

test("a session that takes the place of one that has ended is one of plain JavaScript, too", async () => {
  assert.equal((await kernel().execute("process.exit()")).reply.content.ename, "SessionEnded");
  assert.deepEqual(await results("again = 1; $$.text(again)"), [{ "text/plain": "1" }]);
});

test("tslab's display and the Console of Node work beside it", async () => {
  const cell = await run('const tslab = require("tslab"); tslab.display.html("<b>"); 1');
  assert.deepEqual(cell.contents("display_data")[0]?.data, { "text/html": "<b>" });
  assert.equal((await run("new console.Console(process.stdout).log({ a: 1 })")).stdout, "{ a: 1 }\n");
});

test("completion and help know $$ and its methods", async () => {
  const { content } = await kernel().request("shell", "complete_request", { code: "$$.se", cursor_pos: 5 });
  assert.deepEqual(content.matches, ["sendError", "sendResult"]);
  const inspected = await kernel().request("shell", "inspect_request", {
    code: "$$.async()",
    cursor_pos: 6,
    detail_level: 0,
  });
  assert.match(JSON.stringify(inspected.content.data), /go on after its last statement/);
});
