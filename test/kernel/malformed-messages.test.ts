import assert from "node:assert/strict";
import { test } from "node:test";
import {
  frameMessage,
  KernelClient,
  makeHeader,
  sign,
  until,
  useKernel,
} from "../../tools/kernel-client/index.js";

const kernel = useKernel();

const header = (type = "kernel_info_request") => JSON.stringify(makeHeader(type, "tester"));

function parts(change: Partial<Record<"header" | "parent" | "metadata" | "content", string>> = {}): string[] {
  const fields = { header: header(), parent: "{}", metadata: "{}", content: "{}", ...change };
  return [fields.header, fields.parent, fields.metadata, fields.content];
}

/** Frames that are no message; each is a function because the key is known only when the kernel runs. */
const malformed: Record<string, (key: string) => (string | Buffer)[]> = {
  "a single empty frame": () => [""],
  "frames without delimiter": () => ["a", "b", "c", "d", "e", "f"],
  "nothing after the delimiter": () => ["<IDS|MSG>"],
  "a signature alone": () => ["<IDS|MSG>", "0".repeat(64)],
  "two parts of four": (key) => frameMessage(key, parts().slice(0, 2)),
  "an empty signature": () => ["<IDS|MSG>", "", ...parts()],
  "a wrong signature": () => ["<IDS|MSG>", "0".repeat(64), ...parts()],
  "a signature of another key": () => ["<IDS|MSG>", sign("another", parts()), ...parts()],
  "a signature that is no hexadecimal": () => ["<IDS|MSG>", "ü".repeat(32), ...parts()],
  "a signature in upper case and cut": (key) => [
    "<IDS|MSG>",
    sign(key, parts()).toUpperCase().slice(0, 60),
    ...parts(),
  ],
  "a header that is no JSON": (key) => frameMessage(key, parts({ header: "{not json" })),
  "a content that is no JSON": (key) => frameMessage(key, parts({ content: "{" })),
  "a content that is empty": (key) => frameMessage(key, parts({ content: "" })),
  "a header that is a list": (key) => frameMessage(key, parts({ header: "[]" })),
  "a header that is null": (key) => frameMessage(key, parts({ header: "null" })),
  "a header that is empty": (key) => frameMessage(key, parts({ header: "{}" })),
  "a header whose msg_type is a number": (key) =>
    frameMessage(key, parts({ header: '{"msg_id":"1","msg_type":7}' })),
  "a header whose msg_id is a number": (key) =>
    frameMessage(key, parts({ header: '{"msg_id":1,"msg_type":"kernel_info_request"}' })),
  "a content that is a string": (key) => frameMessage(key, parts({ content: '"text"' })),
  "a content that is null": (key) => frameMessage(key, parts({ content: "null" })),
  "a content that is a list": (key) => frameMessage(key, parts({ content: "[1]" })),
  "an unknown msg_type": (key) => frameMessage(key, parts({ header: header("brew_coffee_request") })),
  "a msg_type named like a method of objects": (key) =>
    frameMessage(key, parts({ header: header("constructor") })),
  "a msg_type named __proto__": (key) => frameMessage(key, parts({ header: header("__proto__") })),
  "a reply": (key) => frameMessage(key, parts({ header: header("execute_reply") })),
  "bytes that are no UTF-8": (key) => {
    const bad = [Buffer.from([0xff, 0xfe, 0x00]), Buffer.from("{}"), Buffer.from("{}"), Buffer.from("{}")];
    return frameMessage(key, bad);
  },
  "an execute_request without code": (key) => frameMessage(key, parts({ header: header("execute_request") })),
  "an execute_request whose code is a number": (key) =>
    frameMessage(key, parts({ header: header("execute_request"), content: '{"code":5}' })),
  "a complete_request without code": (key) =>
    frameMessage(key, parts({ header: header("complete_request") })),
  "a complete_request far outside": (key) =>
    frameMessage(key, parts({ header: header("complete_request"), content: '{"code":"a","cursor_pos":99}' })),
  "a comm_msg of an unknown comm": (key) =>
    frameMessage(key, parts({ header: header("comm_msg"), content: '{"comm_id":"none","data":{}}' })),
  "a history_request without fields": (key) =>
    frameMessage(key, parts({ header: header("history_request") })),
  "a hundred frames": () => Array.from({ length: 100 }, (_, i) => String(i)),
};

for (const channel of ["shell", "control"] as const) {
  for (const [what, frames] of Object.entries(malformed)) {
    test(`the kernel survives ${what} on ${channel}`, async () => {
      await kernel().sendRaw(channel, frames(kernel().connection.key));
      const reply = await kernel().request(channel, "kernel_info_request");
      assert.equal(reply.content.status, "ok");
      const cell = await kernel().execute("20 + 22");
      assert.equal(cell.result, "42");
    });
  }
}

test("the kernel survives malformed frames on stdin", async () => {
  for (const frames of Object.values(malformed))
    await kernel().sendRaw("stdin", frames(kernel().connection.key));
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("a wrongly signed execute_request does not run", async () => {
  const content = JSON.stringify({ code: "globalThis.sneaked = true;", silent: false, store_history: true });
  await kernel().sendRaw("shell", [
    "<IDS|MSG>",
    sign("guessed", []),
    ...parts({ header: header("execute_request"), content }),
  ]);
  const cell = await kernel().execute('"sneaked" in globalThis');
  assert.equal(cell.result, "false");
});

test("a message is not answered when it is dropped", async () => {
  const forged = makeHeader("kernel_info_request", "tester");
  await kernel().sendRaw("shell", [
    "<IDS|MSG>",
    "0".repeat(64),
    ...parts({ header: JSON.stringify(forged) }),
  ]);
  await kernel().request("shell", "kernel_info_request");
  assert.deepEqual(
    kernel().received.filter((message) => message.parent.msg_id === forged.msg_id),
    [],
  );
});

test("a dropped message is logged with its reason", async () => {
  const before = kernel().process.log.length;
  await kernel().sendRaw("shell", ["<IDS|MSG>", "0".repeat(64), ...parts()]);
  await kernel().request("shell", "kernel_info_request");
  await until(
    () => /signature/i.test(kernel().process.log.slice(before)),
    5_000,
    () => `nothing about the signature was logged: ${kernel().process.log.slice(before)}`,
  );
});

test("a kernel without a key neither signs nor checks", async () => {
  const open = await KernelClient.start({ connection: { key: "" } });
  try {
    assert.equal((await open.execute("1 + 1")).result, "2");
    assert.deepEqual(open.violations, []);
  } finally {
    await open.dispose();
  }
});
