import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

test("busy comes first and idle last around a cell's outputs", async () => {
  const cell = await kernel().execute('console.log("out"); 42');
  const types = cell.messages.map((message) => message.header.msg_type);
  assert.deepEqual(types, ["status", "execute_input", "stream", "execute_result", "status"]);
  assert.equal(cell.messages[0]?.content.execution_state, "busy");
  assert.equal(cell.messages.at(-1)?.content.execution_state, "idle");
});

test("every message of a cell has the whole header of its request as parent", async () => {
  const cell = await kernel().execute("7");
  for (const { parent } of [...cell.messages, cell.reply]) {
    assert.equal(parent.msg_id, cell.id);
    assert.equal(parent.msg_type, "execute_request");
    assert.equal(parent.session, kernel().session);
    assert.equal(parent.username, "tester");
  }
});

for (const [channel, type, content] of [
  ["shell", "kernel_info_request", {}],
  ["control", "kernel_info_request", {}],
  ["shell", "comm_info_request", {}],
  ["shell", "complete_request", { code: "Mat", cursor_pos: 3 }],
  ["shell", "is_complete_request", { code: "1" }],
  ["shell", "inspect_request", { code: "Math", cursor_pos: 2, detail_level: 0 }],
  ["shell", "history_request", { hist_access_type: "tail", n: 1, output: false, raw: true }],
] as const) {
  test(`busy and idle bracket a ${type} on ${channel}`, async () => {
    const id = await kernel().send(channel, type, content);
    await kernel().replyTo(id, channel);
    await kernel().idleOf(id);
    const states = kernel()
      .outputsOf(id)
      .map((message) => message.content.execution_state);
    assert.deepEqual(states, ["busy", "idle"]);
  });
}

for (const [channel, type, content] of [
  ["control", "kernel_info_request", {}],
  ["shell", "complete_request", { code: "Mat", cursor_pos: 3 }],
  ["shell", "comm_close", { comm_id: "none", data: {} }],
] as const) {
  test(`the latest status is that of the running cell after a ${type} on ${channel} meanwhile`, async () => {
    const cell = await kernel().submit('console.log("started");\nawait input("");', { allow_stdin: true });
    await kernel().streamed(cell, "started");
    const id = await kernel().send(channel, type, content);
    const idle = await kernel().idleOf(id);
    const after = () => kernel().received.slice(kernel().received.indexOf(idle) + 1);
    await kernel().waitFor(
      (message) => message.content.execution_state === "busy" && after().includes(message),
      "another busy",
    );
    await kernel().request("control", "interrupt_request");
    await kernel().finish(cell);
    const last = kernel()
      .received.filter((message) => message.header.msg_type === "status")
      .at(-1);
    assert.equal(last?.content.execution_state, "idle");
    assert.equal(last?.parent.msg_id, cell);
  });
}

test("cells sent together run one after the other, in order", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.push(await kernel().submit(`await null; console.log(${i})`));
  for (const id of ids) await kernel().finish(id);
  const parents = kernel()
    .received.filter((message) => message.channel === "iopub" && ids.includes(message.parent.msg_id ?? ""))
    .map((message) => ids.indexOf(message.parent.msg_id ?? ""));
  assert.deepEqual(
    parents,
    [...parents].sort((a, b) => a - b),
  );
});

test("execute_input repeats the code and its count", async () => {
  const code = "// ünïcödé 😀\n1 +\n1";
  const cell = await kernel().execute(code);
  const [input] = cell.contents("execute_input");
  assert.equal(input?.code, code);
  assert.equal(input?.execution_count, cell.reply.content.execution_count);
});
