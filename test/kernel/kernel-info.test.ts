import assert from "node:assert/strict";
import { test } from "node:test";
import { version } from "typescript";
import { type Dictionary, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

test("kernel_info_reply speaks protocol 5.4 and names the implementation", async () => {
  const { content } = await kernel().request("shell", "kernel_info_request");
  assert.equal(content.status, "ok");
  assert.match(String(content.protocol_version), /^5\.4(\.\d+)?$/);
  assert.equal(content.implementation, "rnnlab");
});

test("kernel_info_reply describes TypeScript as notebooks store it", async () => {
  const { content } = await kernel().request("shell", "kernel_info_request");
  const language = content.language_info as Dictionary;
  assert.equal(language.name, "typescript");
  assert.equal(language.version, version);
  assert.equal(language.file_extension, ".ts");
  assert.match(String(language.mimetype), /typescript$/);
  assert.equal(language.pygments_lexer, "typescript");
  assert.ok(language.codemirror_mode, "codemirror_mode is missing");
});

test("kernel_info is answered on the control channel with the same content", async () => {
  const onShell = await kernel().request("shell", "kernel_info_request");
  const onControl = await kernel().request("control", "kernel_info_request");
  assert.deepEqual(onControl.content, onShell.content);
});

test("several kernel_info requests in a row are all answered", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 20; i++) {
    ids.push(await kernel().send(i % 2 ? "shell" : "control", "kernel_info_request", {}));
  }
  await Promise.all(ids.map((id, i) => kernel().replyTo(id, i % 2 ? "shell" : "control")));
  await Promise.all(ids.map((id) => kernel().idleOf(id)));
});

test("every message of one kernel carries one session that is not the client's", async () => {
  await kernel().execute("1 + 1");
  const sessions = new Set(kernel().received.map((message) => message.header.session));
  assert.equal(sessions.size, 1);
  assert.ok(!sessions.has(kernel().session));
});

test("message ids are unique", async () => {
  await kernel().execute("console.log(1); 2");
  const ids = kernel().received.map((message) => message.header.msg_id);
  assert.equal(new Set(ids).size, ids.length);
});
