import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, useKernel } from "./client";

const kernel = useKernel();

/** Runs a cell that asks, answers each question in turn, returns the questions and the finished cell. */
async function converse(code: string, answers: string[]) {
  const id = await kernel().submit(code, { allow_stdin: true });
  const questions: Message[] = [];
  for (const value of answers) {
    const question = await kernel().waitFor(
      (message) =>
        message.header.msg_type === "input_request" &&
        message.parent.msg_id === id &&
        !questions.includes(message),
      "input_request",
      10_000,
    );
    questions.push(question);
    await kernel().send("stdin", "input_reply", { status: "ok", value }, { parent: question.header });
  }
  return { questions: questions.map((message) => message.content), cell: await kernel().finish(id, 10_000) };
}

test("prompt() asks through the front end and returns the answer", async () => {
  const { questions, cell } = await converse('const who: string | null = prompt("Who?");\nwho', ["Ada 😀"]);
  assert.deepEqual(questions, [{ prompt: "Who?", password: false }]);
  assert.equal(cell.result, "'Ada 😀'", cell.traceback);
});

test("prompt() asks several times in one cell", async () => {
  const { cell } = await converse('[prompt("a"), prompt("b")].join("-")', ["1", "2"]);
  assert.equal(cell.result, "'1-2'", cell.traceback);
});

test("confirm() returns true for yes and false for no", async () => {
  const { cell } = await converse('[confirm("Sure?"), confirm("Really?")].join()', ["y", "n"]);
  assert.equal(cell.result, "'true,false'", cell.traceback);
});

test("input() asks asynchronously, with a password hidden", async () => {
  const { questions, cell } = await converse(
    'const secret: string = await input("Key: ", { password: true });\nsecret.length',
    ["hush"],
  );
  assert.deepEqual(questions, [{ prompt: "Key: ", password: true }]);
  assert.equal(cell.result, "4", cell.traceback);
});

for (const call of ['prompt("x")', 'confirm("x")', 'await input("x")']) {
  test(`${call} is a clear error when the front end does not allow input`, async () => {
    const cell = await kernel().execute(call, { allow_stdin: false, timeout: 10_000 });
    assert.equal(cell.status, "error");
    assert.match(String(cell.reply.content.ename), /StdinNotImplemented/);
    assert.match(cell.traceback, /input|stdin/i);
  });
}

for (const call of ['prompt("x")', 'await input("x")']) {
  test(`an interrupt ends ${call}`, async () => {
    const id = await kernel().submit(call, { allow_stdin: true });
    await kernel().waitFor(
      (message) => message.header.msg_type === "input_request" && message.parent.msg_id === id,
      "input_request",
      10_000,
    );
    await kernel().request("control", "interrupt_request");
    assert.equal((await kernel().finish(id, 10_000)).reply.content.ename, "KeyboardInterrupt");
    assert.equal((await kernel().execute("1 + 1")).result, "2");
  });
}

test("output before a question is shown before it", async () => {
  const id = await kernel().submit('console.log("welcome");\nprompt("go on?")', { allow_stdin: true });
  const question = await kernel().waitFor(
    (message) => message.header.msg_type === "input_request" && message.parent.msg_id === id,
    "input_request",
    10_000,
  );
  await kernel().streamed(id, "welcome");
  await kernel().send("stdin", "input_reply", { status: "ok", value: "" }, { parent: question.header });
  assert.equal((await kernel().finish(id)).result, "''");
});
