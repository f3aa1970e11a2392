import assert from "node:assert/strict";
import { test } from "node:test";
import { interrupted, processorTime, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Ways to print for ever. Each is interrupted many times, since it is chance where in the printing that strikes. */
const loops: Record<string, string> = {
  "console.log": 'for (let i = 0; ; i++) console.log("started", i);',
  "console.error": 'console.log("started"); for (let i = 0; ; i++) console.error("line", i);',
  "console.table": 'console.log("started"); for (;;) console.table([{ a: 1 }]);',
  "process.stdout.write": 'for (;;) process.stdout.write("started\\n");',
  "pieces of characters":
    'console.log("started"); const bytes = Buffer.from("ä"); for (;;) { process.stdout.write(bytes.subarray(0, 1)); process.stdout.write(bytes.subarray(1)); }',
  "both streams": 'for (;;) { console.log("started"); console.error("error"); }',
  "fs.writeSync": 'import { writeSync } from "node:fs"; for (;;) writeSync(1, "started\\n");',
  "console.log after an await": 'for (;;) { console.log("started"); await null; }',
  "console.log in a timer":
    'await new Promise(() => setTimeout(() => { for (;;) console.log("started"); }, 1));',
  "console.log of a value that prints":
    'const value = { get a() { console.log("started"); return 1; } }; for (;;) console.log(value.a);',
};

for (const [what, code] of Object.entries(loops)) {
  test(`both streams live after a loop of ${what} was interrupted`, async () => {
    for (let turn = 0; turn < 8; turn++) {
      const cell = await interrupted(kernel(), code);
      assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
      const next = await kernel().execute('console.log("ä out"); console.error("err"); 5');
      assert.equal(next.result, "5", next.traceback);
      assert.equal(next.stdout, "ä out\n");
      assert.equal(next.stderr, "err\n");
    }
  });
}

test("timers live after loops that make and clear them were interrupted", async () => {
  const making = [
    "setTimeout(() => {}, 1e6 + turn++ % 100);",
    "clearTimeout(setTimeout(() => {}, 1e6 + turn++ % 100));",
    "setImmediate(() => {});",
    "clearImmediate(setImmediate(() => {}));",
    "timer.refresh();",
    "process.nextTick(() => {}); if (turn++ > 1e5) { turn = 0; await null; }",
  ];
  await kernel().execute("var turn = 0; const timer = setTimeout(() => {}, 1e6);");
  for (let turn = 0; turn < 4; turn++) {
    for (const make of making) {
      const cell = await interrupted(kernel(), `console.log("started"); for (;;) { ${make} }`);
      assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
      const next = await kernel().execute(`
const order: number[] = [];
await Promise.all([20, 10, 1].map((ms) => new Promise<void>((resolve) => setTimeout(() => { order.push(ms); resolve(); }, ms))));
await new Promise((resolve) => setImmediate(resolve));
order.join()`);
      assert.equal(next.result, "'1,10,20'", next.traceback);
    }
  }
});

test("a cell that prints for ever works on for a moment at most when it is interrupted", async () => {
  const session = Number((await kernel().execute("process.pid")).result);
  const times: number[] = [];
  for (let turn = 0; turn < 9; turn++) {
    const id = await kernel().submit('for (let i = 0; ; i++) console.log("started", i);');
    await kernel().streamed(id, "started");
    const start = processorTime(session);
    await kernel().request("control", "interrupt_request");
    await kernel().finish(id);
    times.push(processorTime(session) - start);
  }
  const median = times.sort((a, b) => a - b)[4]!;
  assert.ok(median < 0.2, `the median of ${times.join()} s`);
});
