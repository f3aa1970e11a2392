import assert from "node:assert/strict";
import { test } from "node:test";
import { type Execution, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

async function assertFreshSession(cell: Execution): Promise<void> {
  assert.equal(cell.status, "error");
  const { ename, evalue, traceback } = cell.reply.content;
  assert.deepEqual(cell.error, { ename, evalue, traceback });
  assert.match(String(evalue), /its variables are gone, a fresh session is ready/);
  const next = await kernel().execute("1 + 1");
  assert.equal(next.result, "2", next.traceback);
  const gone = await kernel().execute('typeof Reflect.get(globalThis, "mark")');
  assert.equal(gone.result, "'undefined'");
}

const deaths: Record<string, [string, RegExp]> = {
  "process.exit()": ["process.exit(3)", /exit|3/],
  "process.exit() after an await": ["await null; process.exit(0)", /exit/],
  "process.exit() in a timer": [
    "setTimeout(() => process.exit(5), 20); await new Promise(() => {});",
    /exit|5/,
  ],
  "process.abort()": ["process.abort()", /SIGABRT|abort/i],
  "a signal": ['process.kill(process.pid, "SIGTERM"); await new Promise(() => {});', /SIGTERM/],
  "kill -9": ['process.kill(process.pid, "SIGKILL"); await new Promise(() => {});', /SIGKILL/],
};

for (const [what, [code, message]] of Object.entries(deaths)) {
  test(`${what} in a cell ends it with an error that says so, and the next cell runs`, async () => {
    await kernel().execute('Reflect.set(globalThis, "mark", 1); undefined');
    const cell = await kernel().execute(code);
    assert.match(cell.traceback, message);
    assert.doesNotMatch(cell.stderr, /debugger/);
    await assertFreshSession(cell);
  });
}

test("names of the lost session are not known to the checker any more", async () => {
  await kernel().execute("const lostName = 1;");
  await kernel().execute("process.exit()");
  const cell = await kernel().execute("lostName");
  assert.equal(cell.status, "error");
  assert.match(cell.traceback, /lostName/);
});

test("output before the session's death is kept", async () => {
  const cell = await kernel().execute('console.log("last words"); process.exit(1)');
  assert.equal(cell.stdout, "last words\n");
  assert.equal(cell.status, "error");
});

test("queued cells after the session's death are aborted", async () => {
  const dying = await kernel().submit(
    "await new Promise((resolve) => setTimeout(resolve, 200)); process.exit(1)",
  );
  const queued = await kernel().submit("1");
  assert.equal((await kernel().finish(dying)).status, "error");
  assert.equal((await kernel().finish(queued)).status, "aborted");
  assert.equal((await kernel().execute("2")).result, "2");
});

test("a session that dies between cells is replaced; its loss is announced at once and to the next cell", async () => {
  const last = await kernel().execute("var kept = 1; process.pid");
  process.kill(Number(last.result), "SIGKILL");
  await kernel().streamed(last.id, "SessionEnded");
  const cell = await kernel().execute('"after"');
  assert.equal(cell.result, "'after'", cell.traceback);
  assert.match(cell.stderr, /session ended .*SIGKILL.*variables are gone/);
  assert.equal((await kernel().execute('"later"')).stderr, "");
});

test("out of memory ends the cell, not the kernel", async () => {
  const cell = await kernel().execute(
    'import v8 from "node:v8";\nv8.setFlagsFromString("--max-old-space-size=100");\nconst hog: number[][] = [];\nfor (;;) hog.push(new Array(100_000).fill(1.5));',
    { timeout: 120_000 },
  );
  assert.match(cell.traceback, /ran out of memory.*--max-old-space-size/);
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("an exit listener that never ends can be interrupted", async () => {
  const id = await kernel().submit(
    'process.on("exit", () => { console.log("started"); for (;;); });\nprocess.exit()',
  );
  await kernel().streamed(id, "started");
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(id)).status, "error");
  const next = await kernel().execute('await new Promise((resolve) => setTimeout(resolve, 1)); "after"');
  const working = next.status === "ok" ? next : await kernel().execute('"after"');
  assert.equal(working.result, "'after'", working.traceback);
});

test("the kernel can lose many sessions", async () => {
  for (let i = 0; i < 5; i++) {
    assert.equal((await kernel().execute("process.exit(1)")).status, "error");
    assert.equal((await kernel().execute(String(i))).result, String(i));
  }
  assert.ok(kernel().process.tree().length <= 4, `${kernel().process.tree().length} processes`);
});
