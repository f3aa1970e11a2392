import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

async function count(): Promise<number> {
  return Number((await kernel().execute("null")).reply.content.execution_count);
}

test("the execution count grows by one with each cell", async () => {
  const first = await count();
  assert.equal(await count(), first + 1);
  assert.equal(await count(), first + 2);
});

test("a cell with an error counts too", async () => {
  const before = await count();
  const failing = await kernel().execute('throw new Error("x")');
  assert.equal(failing.reply.content.execution_count, before + 1);
  assert.equal(await count(), before + 2);
});

test("a silent cell sends nothing but status and counts nothing", async () => {
  const before = await count();
  const cell = await kernel().execute('var quiet = 5;\n"shown to no one"', {
    silent: true,
    store_history: false,
  });
  assert.equal(cell.status, "ok");
  assert.deepEqual(
    cell.messages.map((message) => message.header.msg_type),
    ["status", "status"],
  );
  assert.equal(await count(), before + 1);
  assert.equal((await kernel().execute("quiet")).result, "5");
});

test("silent forces store_history off", async () => {
  const before = await count();
  await kernel().execute("1", { silent: true, store_history: true });
  assert.equal(await count(), before + 1);
});

test("a cell without store_history runs visibly and counts nothing", async () => {
  const before = await count();
  const cell = await kernel().execute("6 * 7", { store_history: false });
  assert.equal(cell.result, "42");
  assert.equal(await count(), before + 1);
});

test("user_expressions are evaluated after the cell, each with its own outcome", async () => {
  const cell = await kernel().execute("const base = 20;", {
    user_expressions: {
      sum: "base + 22",
      text: '"a" + "b"',
      thrown: '(() => { throw new RangeError("bad"); })()',
      unknown: "noSuchName",
      awaited: "await Promise.resolve(3)",
    },
  });
  const entries = cell.reply.content.user_expressions as Record<string, Dictionary>;
  assert.equal(cell.status, "ok");
  assert.equal(entries.sum?.status, "ok");
  assert.deepEqual(entries.sum?.data, { "text/plain": "42" });
  assert.equal(entries.text?.status, "ok");
  assert.equal(entries.thrown?.status, "error");
  assert.equal(entries.thrown?.ename, "RangeError");
  assert.equal(entries.thrown?.evalue, "bad");
  assert.equal(entries.unknown?.status, "error");
  assert.equal(entries.awaited?.status, "ok");
  assert.deepEqual(entries.awaited?.data, { "text/plain": "3" });
  assert.deepEqual(cell.outputs, []);
});

test("user_expressions of an empty silent cell are evaluated", async () => {
  await kernel().execute("const probe = 9;");
  const cell = await kernel().execute("", { silent: true, user_expressions: { p: "probe" } });
  const entries = cell.reply.content.user_expressions as Record<string, Dictionary>;
  assert.deepEqual(entries.p?.data, { "text/plain": "9" });
});

test("user_expressions of a silent cell print nothing, those of another do", async () => {
  const user_expressions = { p: 'console.log("from an expression"), 1' };
  const silent = await kernel().execute("", { silent: true, user_expressions });
  assert.deepEqual(silent.outputs, []);
  const loud = await kernel().execute("", { user_expressions });
  assert.equal(loud.stdout, "from an expression\n");
});

test("an error aborts the queued cells, and one sent afterwards runs", async () => {
  const failing = await kernel().submit(
    'await new Promise((resolve) => setTimeout(resolve, 200)); throw new Error("stop");',
  );
  const queued = [await kernel().submit('console.log("must not run")'), await kernel().submit("2")];
  assert.equal((await kernel().finish(failing)).status, "error");
  for (const id of queued) {
    const cell = await kernel().finish(id);
    assert.equal(cell.status, "aborted");
    assert.deepEqual(
      cell.messages.map((message) => message.content.execution_state),
      ["busy", "idle"],
    );
  }
  const after = await kernel().execute('"runs"');
  assert.equal(after.result, "'runs'");
});

test("a type error aborts the queued cells", async () => {
  const first = await kernel().submit("await new Promise((resolve) => setTimeout(resolve, 200));");
  const wrong = await kernel().submit('const no: number = "text";');
  const queued = await kernel().submit("3");
  await kernel().finish(first);
  assert.equal((await kernel().finish(wrong)).status, "error");
  assert.equal((await kernel().finish(queued)).status, "aborted");
});

test("with stop_on_error false the queued cells run", async () => {
  const failing = await kernel().submit(
    'await new Promise((resolve) => setTimeout(resolve, 200)); throw new Error("go on");',
    { stop_on_error: false },
  );
  const queued = await kernel().submit('"ran"');
  assert.equal((await kernel().finish(failing)).status, "error");
  assert.equal((await kernel().finish(queued)).result, "'ran'");
});

test("aborted cells leave the execution count alone", async () => {
  const before = await count();
  const failing = await kernel().submit(
    'await new Promise((resolve) => setTimeout(resolve, 200)); throw new Error("stop");',
  );
  const queued = await kernel().submit("1");
  await kernel().finish(failing);
  await kernel().finish(queued);
  assert.equal(await count(), before + 2);
});

test("requests other than cells are answered in the midst of an abort", async () => {
  const failing = await kernel().submit(
    'await new Promise((resolve) => setTimeout(resolve, 200)); throw new Error("stop");',
  );
  const info = await kernel().send("shell", "kernel_info_request", {});
  await kernel().finish(failing);
  assert.equal((await kernel().replyTo(info)).content.status, "ok");
  await kernel().idleOf(info);
});

test("optional fields of an execute_request may be missing", async () => {
  const id = await kernel().send("shell", "execute_request", { code: "1 + 1" });
  assert.equal((await kernel().finish(id)).result, "2");
});

test("a reply says when its cell began, which for a queued one is after the cell before", async () => {
  const first = await kernel().submit("await new Promise((resolve) => setTimeout(resolve, 20))");
  const second = await kernel().submit("1");
  const replies = [await kernel().finish(first), await kernel().finish(second)].map(({ reply }) => reply);
  const [began, ended, next] = [
    replies[0]!.metadata.started,
    replies[0]!.header.date,
    replies[1]!.metadata.started,
  ];
  assert.ok(String(began) < String(ended) && String(ended) <= String(next), `${began} ${ended} ${next}`);
});
