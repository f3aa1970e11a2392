import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Waits for a cell's question number `index`. */
async function question(id: string, index = 0): Promise<Message> {
  const asked = () =>
    kernel().received.filter(
      ({ header, parent }) => header.msg_type === "input_request" && parent.msg_id === id,
    );
  await kernel().waitFor(() => asked().length > index, `question ${index} of ${id}`);
  return asked()[index]!;
}

async function answer(to: Message | undefined, value: string): Promise<void> {
  const parent = to === undefined ? {} : { parent: to.header };
  await kernel().send("stdin", "input_reply", { status: "ok", value }, parent);
}

test("an answer to the question of an interrupted cell is not taken for the next one's", async () => {
  const first = await kernel().submit('prompt("old")', { allow_stdin: true });
  const old = await question(first);
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(first)).status, "error");
  const second = await kernel().submit('prompt("new")', { allow_stdin: true });
  const fresh = await question(second);
  await answer(old, "late");
  await answer(fresh, "right");
  assert.equal((await kernel().finish(second)).result, "'right'");
});

test("an answer without a parent, as jupyter_client sends it, counts", async () => {
  const id = await kernel().submit('prompt("?")', { allow_stdin: true });
  await question(id);
  await answer(undefined, "orphan");
  assert.equal((await kernel().finish(id)).result, "'orphan'");
});

test("several questions at once are asked one after the other", async () => {
  const id = await kernel().submit('(await Promise.all([input("a"), input("b")])).join()', {
    allow_stdin: true,
  });
  const first = await question(id);
  assert.equal(first.content.prompt, "a");
  await answer(first, "1");
  const second = await question(id, 1);
  assert.equal(second.content.prompt, "b");
  await answer(second, "2");
  assert.equal((await kernel().finish(id)).result, "'1,2'");
});

test("a synchronous question waits behind an asynchronous one and both are answered", async () => {
  const id = await kernel().submit('const a = input("a"); const b = prompt("b"); [await a, b].join()', {
    allow_stdin: true,
  });
  await answer(await question(id), "1");
  await answer(await question(id, 1), "2");
  assert.equal((await kernel().finish(id)).result, "'1,2'");
});

test("an empty answer stands for prompt()'s preset", async () => {
  const id = await kernel().submit('prompt("Name?", "Ada")', { allow_stdin: true });
  await answer(await question(id), "");
  assert.equal((await kernel().finish(id)).result, "'Ada'");
});

test("timers go on while input() waits", async () => {
  const id = await kernel().submit('setTimeout(() => console.log("tick"), 20); await input("x")', {
    allow_stdin: true,
  });
  const asked = await question(id);
  await kernel().streamed(id, "tick");
  await answer(asked, "y");
  assert.equal((await kernel().finish(id)).result, "'y'");
});

test("a question that its cell does not wait for ends with the cell, in an error that says so", async () => {
  const cell = await kernel().execute('input("x"); undefined', { allow_stdin: true });
  assert.equal(cell.status, "ok");
  await kernel().streamed(cell.id, "StdinNotImplementedError");
});

test("the error of a refused question names its place in the cell", async () => {
  for (const call of ['prompt("x")', 'await input("x")']) {
    const cell = await kernel().execute(`const before = 1;\n${call};`);
    assert.match(cell.traceback, /line 2\n +column/, call);
  }
});

test("a refused question can be caught and the cell goes on", async () => {
  const cell = await kernel().execute('let got = ""; try { prompt("x"); } catch { got = "none"; }\ngot');
  assert.equal(cell.result, "'none'", cell.traceback);
});

test("a cell may use the names prompt, confirm and input for its own", async () => {
  const cell = await kernel().execute("const input = 1; let prompt = 2; const confirm = 3; input + prompt");
  assert.equal(cell.result, "3", cell.traceback);
  assert.equal((await kernel().execute("input + prompt + confirm")).result, "6");
  await kernel().execute("process.exit()");
});

for (const call of ['prompt("x")', 'await input("x")']) {
  test(`a session that dies at ${call} ends the cell, and the next one asks anew`, async () => {
    const pid = Number((await kernel().execute("process.pid")).result);
    const id = await kernel().submit(call, { allow_stdin: true });
    await question(id);
    process.kill(pid, "SIGKILL");
    assert.equal((await kernel().finish(id)).reply.content.ename, "SessionEnded");
    const next = await kernel().submit('prompt("again")', { allow_stdin: true });
    await answer(await question(next), "here");
    assert.equal((await kernel().finish(next)).result, "'here'");
  });
}

test("a kernel that waits for an answer shuts down", async () => {
  const id = await kernel().submit('prompt("x")', { allow_stdin: true });
  await question(id);
  assert.equal((await kernel().shutdown()).content.status, "ok");
});
