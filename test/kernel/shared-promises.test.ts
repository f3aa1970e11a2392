import assert from "node:assert/strict";
import { test } from "node:test";
import { interrupted, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

const waits = {
  "a cell": "await p; console.log('never');",
  "a loop": "for (;;) await p;",
  "a chain": "await p.then((value) => value + 1).then((value) => value + 1);",
  "a callback": "p.then(() => console.log('never')); await p;",
  "a function that others call": "await load(); console.log('never');",
};

const again = ["await p", "await p.then((value) => value)", "(await Promise.all([p, 1]))[0]", "await load()"];

for (const [what, wait] of Object.entries(waits)) {
  test(`what ${what} was interrupted at can be awaited again`, async () => {
    for (const code of again) {
      const begun = await kernel().execute(`
var p = new Promise<number>((resolve) => setTimeout(() => resolve(5), 400));
var load = async () => { const value = await p; return value; };
undefined`);
      assert.equal(begun.status, "ok", begun.traceback);
      const cell = await interrupted(kernel(), `console.log("started"); ${wait}`);
      assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
      const next = await kernel().execute(code);
      assert.equal(next.result, "5", next.traceback);
      assert.equal(next.stdout, "");
    }
  });
}

const settlers = {
  "a timer": "setTimeout(() => settle(), 5)",
  "a file": 'require("node:fs").stat(".", () => settle())',
  "the next turn": "setImmediate(() => settle())",
  "the next tick": "process.nextTick(() => settle())",
};

for (const [what, settler] of Object.entries(settlers)) {
  for (const order of ["resolve(0); open();", "open(); resolve(0);"]) {
    test(`a cell goes on when ${what} calls ${order} and an interrupted one has awaited that, too`, async () => {
      await kernel().execute("var open = () => {};");
      await interrupted(
        kernel(),
        'await new Promise<void>((resolve) => { open = resolve; console.log("started"); });',
      );
      const next = await kernel().execute(
        `await new Promise((resolve) => { const settle = () => { ${order} }; ${settler}; }); 7`,
      );
      assert.equal(next.result, "7", next.traceback);
    });
  }
}

test("an interrupted loop does not run on while a cell waits for a promise that follows another", async () => {
  await kernel().execute('import { readFile } from "node:fs/promises"; var n = 0;');
  await interrupted(kernel(), 'console.log("started"); for (;;) { n++; await readFile("/dev/null"); }');
  const next = await kernel().execute(`
const before = n;
const later = async () => new Promise((resolve) => setTimeout(resolve, 200));
await later();
n - before`);
  assert.equal(next.result, "0", next.traceback);
});

const goingOn = {
  "after an await": "await p; gone++;",
  "in the next turn of a loop": "for (;;) { await p; gone++; }",
  "in a handler of errors": "try { await failing; } catch { gone++; } finally { gone++; }",
  "in a loop over what comes": "for await (const _ of [p, p]) gone++;",
};

for (const [where, code] of Object.entries(goingOn)) {
  test(`an interrupted cell does not go on ${where} when others have awaited the same`, async () => {
    await kernel().execute(`
var gone = 0;
var p = new Promise<number>((resolve) => setTimeout(() => resolve(5), 300));
var failing = p.then(() => { throw new Error("late"); });
undefined`);
    await interrupted(kernel(), `console.log("started"); ${code}`);
    const next = await kernel().execute(
      "await p; await failing.catch(() => {}); await new Promise((resolve) => setTimeout(resolve, 20)); gone",
    );
    assert.equal(next.result, "0", next.traceback);
  });
}

test("a cell that has settled what an interrupted one awaits leaves nothing that ends the session later", async () => {
  const waits = ["await p;", "await p.then((value) => value + 1).then((value) => value + 1);"];
  const settles = ["open(5); 5", "setTimeout(() => open(5), 20); await p"];
  for (const wait of waits) {
    for (const code of settles) {
      await kernel().execute(
        "var open = (_value: number) => {}; var p = new Promise<number>((resolve) => { open = resolve; }); undefined",
      );
      await interrupted(kernel(), `console.log("started"); ${wait}`);
      assert.equal((await kernel().execute(code)).result, "5");
      // Garbage is collected several times.
      const next = await kernel().execute(
        "for (let round = 0; round < 200; round++) Array.from({ length: 20_000 }, () => ({}));\n6",
      );
      assert.equal(next.result, "6", next.traceback);
    }
  }
});
