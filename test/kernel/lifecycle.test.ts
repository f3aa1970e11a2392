import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, Lifecycle, type Message, makeHeader } from "../../tools/kernel-client/index.js";

const parent = makeHeader("execute_request", "client");

function follow(...messages: [string, Dictionary][]): string {
  const lifecycle = new Lifecycle();
  return messages
    .flatMap(([type, content]) => {
      const header = makeHeader(type, "kernel");
      const message: Message = {
        channel: "iopub",
        topic: [],
        authentic: true,
        header,
        parent,
        metadata: {},
        content,
        buffers: [],
      };
      return lifecycle.next(message);
    })
    .join("\n");
}

const busy: [string, Dictionary] = ["status", { execution_state: "busy" }];
const idle: [string, Dictionary] = ["status", { execution_state: "idle" }];

test("the lifecycle accepts busy, outputs, busy again, idle and late output", () => {
  assert.equal(follow(busy, ["execute_input", {}], ["execute_result", {}], busy, idle, ["stream", {}]), "");
});

test("the lifecycle refuses a result after idle", () => {
  assert.match(follow(busy, idle, ["execute_result", {}]), /execute_result .* came after idle/);
});

test("the lifecycle refuses output before busy", () => {
  assert.match(follow(["stream", {}], busy, idle), /stream .* came before busy/);
});

test("the lifecycle refuses busy after idle and a second idle", () => {
  assert.match(follow(busy, idle, busy), /busy came when it was idle/);
  assert.match(follow(busy, idle, idle), /idle came when it was idle/);
});
