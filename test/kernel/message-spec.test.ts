import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Conversation,
  type Dictionary,
  type Message,
  makeHeader,
  violations,
} from "../../tools/kernel-client/index.js";

function message(type: string, content: Dictionary, change: Partial<Message> = {}): Message {
  return {
    channel: type.endsWith("_reply") ? "shell" : "iopub",
    topic: type.endsWith("_reply") ? [] : [type],
    authentic: true,
    header: makeHeader(type, "session"),
    parent: makeHeader(type.replace(/_reply$/, "_request"), "client"),
    metadata: {},
    content,
    buffers: [],
    ...change,
  };
}

const valid: Record<string, Dictionary> = {
  status: { execution_state: "busy" },
  stream: { name: "stderr", text: "x" },
  execute_input: { code: "1", execution_count: 1 },
  execute_result: { execution_count: 1, data: { "text/plain": "1", "a/b+json": { c: [1] } }, metadata: {} },
  update_display_data: { data: {}, metadata: {}, transient: { display_id: "a" } },
  error: { ename: "Error", evalue: "", traceback: ["a"] },
  clear_output: { wait: false },
  execute_reply: { status: "ok", execution_count: 1, user_expressions: {}, payload: [] },
  inspect_reply: { status: "ok", found: false, data: {}, metadata: {} },
  complete_reply: { status: "ok", matches: ["a"], cursor_start: 0, cursor_end: 1, metadata: {} },
  history_reply: {
    status: "ok",
    history: [
      [1, 2, "x"],
      [1, 3, ["x", null]],
    ],
  },
  is_complete_reply: { status: "incomplete", indent: "  " },
  comm_info_reply: { status: "ok", comms: { a: { target_name: "b" } } },
  shutdown_reply: { status: "ok", restart: true },
  interrupt_reply: { status: "ok" },
};

const invalid: [string, Dictionary, RegExp][] = [
  ["status", { execution_state: "tired" }, /content\.execution_state must be one of busy, idle, starting/],
  ["stream", { name: "stdlog", text: "x" }, /content\.name must be one of/],
  ["stream", { name: "stdout" }, /content\.text must be a non-empty string, got undefined/],
  ["execute_input", { code: "1", execution_count: "1" }, /content\.execution_count must be an integer/],
  [
    "execute_result",
    { execution_count: 1, data: { "text/plain": 1 }, metadata: {} },
    /\["text\/plain"\] must be/,
  ],
  ["execute_result", { execution_count: 1, data: { text: "a" }, metadata: {} }, /no MIME type/],
  ["display_data", { data: {} }, /content\.metadata must be an object/],
  ["update_display_data", { data: {}, metadata: {}, transient: {} }, /transient\.display_id must be/],
  ["error", { ename: "E", evalue: "", traceback: "at" }, /content\.traceback must be a list/],
  ["error", { ename: "E", evalue: "", traceback: [1] }, /content\.traceback must be a string, got 1/],
  ["execute_reply", { status: "ok", execution_count: 1 }, /content\.user_expressions must be an object/],
  ["execute_reply", { status: "fine" }, /content\.status must be one of ok, error, aborted/],
  ["execute_reply", { status: "error", execution_count: 1, ename: "E" }, /content\.evalue must be a string/],
  ["is_complete_reply", { status: "incomplete" }, /content\.indent must be a string/],
  ["history_reply", { status: "ok", history: [[1, 2]] }, /content\.history must be \[session, line/],
  ["small_talk", {}, /no message of the protocol/],
  ["stream", { name: "stdout", text: "x", colour: "red" }, /content\.colour is no field of it/],
  ["execute_reply", { status: "aborted", execution_count: 1, ename: "E" }, /content\.ename is no field/],
  [
    "execute_reply",
    { status: "ok", execution_count: 1, user_expressions: {}, payload: [{ source: "page" }] },
    /content\.payload.*data must be an object/,
  ],
  ["complete_reply", { ...valid.complete_reply, cursor_start: 3 }, /cursor_start is behind/],
  [
    "complete_reply",
    { ...valid.complete_reply, metadata: { _jupyter_types_experimental: [{ text: "a" }] } },
    /_jupyter_types_experimental.*type must be/,
  ],
  [
    "inspect_reply",
    { ...valid.inspect_reply, data: { "text/plain": "x" } },
    /content\.data of nothing found/,
  ],
];

for (const [type, content] of Object.entries(valid)) {
  test(`the validator accepts a well-formed ${type}`, () => {
    assert.deepEqual(violations(message(type, content)), []);
  });
}

for (const [type, content, expected] of invalid) {
  test(`the validator refuses ${type} ${JSON.stringify(content)}`, () => {
    assert.match(violations(message(type, content)).join("\n"), expected);
  });
}

const wrongFrames: [string, Partial<Message>, RegExp][] = [
  ["a wrong signature", { authentic: false }, /signature is wrong/],
  ["a wrong channel", { channel: "stdin" }, /belongs on iopub/],
  ["a missing parent", { parent: {} }, /parent_header is empty/],
  ["a parent without type", { parent: { msg_id: "1", session: "s" } }, /parent_header\.msg_type/],
  [
    "a header without date",
    { header: { ...makeHeader("status", "s"), date: "today" } },
    /header\.date must be/,
  ],
  ["buffers outside of comms", { buffers: [Buffer.from("x")] }, /has buffers/],
  ["a message on iopub without a topic", { topic: [] }, /0 frames before the delimiter, not 1/],
  ["an old version", { header: { ...makeHeader("status", "s"), version: "4.1" } }, /header\.version must be/],
];

for (const [name, change, expected] of wrongFrames) {
  test(`the validator refuses ${name}`, () => {
    assert.match(violations(message("status", { execution_state: "idle" }, change)).join("\n"), expected);
  });
}

test("the validator refuses a reply whose parent is another request", () => {
  const reply = message("interrupt_reply", { status: "ok" }, { parent: makeHeader("execute_request", "c") });
  assert.match(violations(reply).join("\n"), /its parent is a execute_request/);
});

/** Messages that contradict each other: each is right alone. */
const contradictions: [string, (header: Message["header"]) => Partial<Message>, RegExp][] = [
  ["a msg_id used twice", (header) => ({ header }), /msg_id was used before/],
  ["a second session", () => ({ header: makeHeader("error", "another") }), /session is not the kernel's/],
  [
    "a second version",
    () => ({ header: { ...makeHeader("error", "session"), version: "5.3" } }),
    /version is not that/,
  ],
  [
    "another error than the first",
    () => ({ content: { ename: "Error", evalue: "", traceback: ["b"] } }),
    /differs from what the other channel said/,
  ],
];

for (const [name, change, expected] of contradictions) {
  test(`the conversation notices ${name}`, () => {
    const conversation = new Conversation();
    const first = message("error", valid.error!, { parent: makeHeader("execute_request", "c", "id") });
    const second = { ...first, header: makeHeader("error", "session") };
    assert.deepEqual([...conversation.next(first), ...conversation.next(second)], []);
    const wrong = { ...first, header: makeHeader("error", "session"), ...change(first.header) };
    assert.match(conversation.next(wrong).join("\n"), expected);
  });
}

test("the conversation notices a parent_header that is not what was sent", () => {
  const conversation = new Conversation();
  const request = makeHeader("execute_request", "c");
  conversation.sent(request);
  const right = message("error", valid.error!, { parent: request });
  assert.deepEqual(conversation.next(right), []);
  const wrong = message("error", valid.error!, { parent: { ...request, date: new Date(0).toISOString() } });
  assert.match(conversation.next(wrong).join("\n"), /parent_header is not the header that was sent/);
});
