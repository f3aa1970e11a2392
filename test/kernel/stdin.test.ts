import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, useKernel } from "../../tools/kernel-client/index.js";

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
  return { questions: questions.map((message) => message.content), cell: await kernel().finish(id) };
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
    const cell = await kernel().execute(call, { allow_stdin: false });
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
    assert.equal((await kernel().finish(id)).reply.content.ename, "KeyboardInterrupt");
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

test("readline's questions are asked through the front end, one after the other and in later cells", async () => {
  const { questions, cell } = await converse(
    `import readline from "node:readline";
import { createInterface } from "node:readline/promises";
const later = createInterface({ input: process.stdin, output: process.stdout });
const first = await later.question("First? ");
const asked = readline.createInterface(process.stdin, process.stdout);
const second = await new Promise<string>((resolve) => asked.question("Second? ", resolve));
[first, second].join()`,
    ["1", "2"],
  );
  assert.deepEqual(questions, [
    { prompt: "First? ", password: false },
    { prompt: "Second? ", password: false },
  ]);
  assert.equal(cell.result, "'1,2'", cell.traceback);
  const next = await converse('await later.question("Third? ")', ["3"]);
  assert.equal(next.cell.result, "'3'", next.cell.traceback);
});

test("an interface that prompts for lines gets one for each prompt", async () => {
  const { questions, cell } = await converse(
    `import { once } from "node:events";
const lines: string[] = [];
const shell = readline.createInterface({ input: process.stdin, prompt: "$ " });
shell.on("line", (line) => { lines.push(line); if (line === "exit") shell.close(); else shell.prompt(); });
const closed = once(shell, "close");
shell.prompt();
await closed;
lines.join()`,
    ["ls", "exit"],
  );
  assert.deepEqual(
    questions.map(({ prompt }) => prompt),
    ["$ ", "$ "],
  );
  assert.equal(cell.result, "'ls,exit'", cell.traceback);
});

test("who reads the standard input without asking finds it empty", async () => {
  const code = `const found: string[] = [];
for await (const line of readline.createInterface({ input: process.stdin })) found.push(line);
for await (const piece of process.stdin) found.push(String(piece));
found.length`;
  assert.equal((await kernel().execute(code)).result, "0");
});

test("a question of readline is a clear error where the front end does not allow input", async () => {
  const code = 'await createInterface({ input: process.stdin }).question("x")';
  const cell = await kernel().execute(code, { allow_stdin: false });
  assert.match(String(cell.reply.content.ename), /StdinNotImplemented/);
});

for (const [what, code] of Object.entries({
  "a terminal": "readline.createInterface({ input: process.stdin, terminal: true })",
  keys: 'process.stdin.on("keypress", () => {})',
})) {
  test(`what wants ${what} is told at once what to use`, async () => {
    const cell = await kernel().execute(code);
    const message = "Cannot read single keys: a notebook has no terminal; `await input()` asks for a line";
    assert.equal(cell.reply.content.evalue, message);
    assert.equal(cell.stderr, `${message}\n`);
  });
}

test("alert() shows its message below the cell and waits for nobody", async () => {
  const cell = await kernel().execute('alert("Done"); alert(42); alert()', { allow_stdin: false });
  assert.equal(cell.stdout, "Done\n42\n\n", cell.traceback);
});
