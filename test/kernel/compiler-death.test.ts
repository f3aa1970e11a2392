import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, processTree, SLOW_TO_CHECK, useKernel } from "./client";

const kernel = useKernel();

test("a compiler that dies fails the cell that it was at; what others declared is kept and what was asked meanwhile answered", async () => {
  await kernel().execute("interface Kept { n: number }\nconst kept: Kept = { n: 1 };");
  const session = Number((await kernel().execute("process.pid")).result);
  const { pid } = kernel().process;
  const compiler = processTree(pid).find((each) => each !== pid && each !== session);
  const id = await kernel().submit(SLOW_TO_CHECK);
  const asked = await kernel().send("shell", "complete_request", { code: "kep", cursor_pos: 3 });
  const started = (message: Message): boolean =>
    message.header.msg_type === "execute_input" && message.parent.msg_id === id;
  await kernel().waitFor(started, "execute_input");
  process.kill(compiler!, "SIGKILL");
  const cell = await kernel().finish(id);
  assert.equal(cell.error?.ename, "CompilerError");
  assert.match(cell.traceback, /SIGKILL/);
  assert.deepEqual((await kernel().replyTo(asked)).content.matches, ["kept"]);
  assert.equal((await kernel().execute("kept.n + ({ n: 1 } satisfies Kept).n")).result, "2");
  assert.match((await kernel().execute("kept.m")).traceback, /TS2339/);
});

test("an interrupt ends a cell while it is compiled, and the next one runs", async () => {
  await kernel().execute("const kept = 2;");
  const id = await kernel().submit(SLOW_TO_CHECK);
  await kernel().request("control", "interrupt_request");
  const cell = await kernel().finish(id, 3_000);
  assert.equal(cell.error?.ename, "KeyboardInterrupt");
  assert.equal((await kernel().execute("kept + 1")).result, "3");
});

test("what a cell declares is known to completion while it runs, and no longer once its session has ended", async () => {
  const id = await kernel().submit('const transient = 1;\nconsole.log("started");\nawait input("?");', {
    allow_stdin: true,
  });
  await kernel().streamed(id, "started");
  const complete = async (): Promise<unknown> =>
    (await kernel().request("shell", "complete_request", { code: "transi", cursor_pos: 6 })).content.matches;
  assert.deepEqual(await complete(), ["transient"]);
  await kernel().request("control", "interrupt_request");
  await kernel().finish(id);
  assert.equal((await kernel().execute("const dying = transient;\nprocess.exit()")).status, "error");
  assert.match((await kernel().execute("dying")).traceback, /Cannot find name/);
  assert.deepEqual(await complete(), []);
});
