import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, type Message, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Sends a comm message; it is handled when this resolves. */
async function comm(type: string, content: Dictionary, buffers: Buffer[] = []): Promise<string> {
  const id = await kernel().send("shell", `comm_${type}`, { data: {}, ...content }, { buffers });
  await kernel().idleOf(id);
  return id;
}

function outputs(id: string, type: string): Message[] {
  return kernel()
    .outputsOf(id)
    .filter((message) => message.header.msg_type === type);
}

async function openComms(fields: Dictionary = {}): Promise<unknown> {
  return (await kernel().request("shell", "comm_info_request", fields)).content.comms;
}

/** A target that answers every message with its data, its metadata and its bytes in reverse. */
const ECHO = `
import { registerCommTarget } from "rnnlab/comm";
registerCommTarget("echo", (comm, { data, buffers }) => {
  comm.send({ opened: data }, { buffers });
  comm.onMessage((message) => {
    const reversed = message.buffers.map((bytes) => Uint8Array.from(bytes).reverse());
    comm.send({ echo: message.data }, { metadata: message.metadata, buffers: reversed });
  });
  comm.onClose(({ data }) => console.log("closed", data, comm.closed));
});`;

test("comm_info of a kernel without comms is empty", async () => {
  assert.deepEqual(await openComms(), {});
});

test("a comm_open of an unknown target is answered with comm_close", async () => {
  const id = await comm("open", { comm_id: "c-1", target_name: "nobody" });
  assert.deepEqual(
    outputs(id, "comm_close").map((message) => message.content.comm_id),
    ["c-1"],
  );
  assert.deepEqual(await openComms(), {});
});

test("a comm_msg and comm_close of an unknown comm are survived", async () => {
  for (const type of ["msg", "close"]) await comm(type, { comm_id: "unknown" });
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("a malformed comm message is survived", async () => {
  await comm("open", { comm_id: 7 });
  await comm("msg", {});
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("a comm that the front end opens carries data and bytes both ways until it is closed", async () => {
  const cell = await kernel().execute(ECHO);
  assert.equal(cell.status, "ok");
  const opened = await comm("open", { comm_id: "e-1", target_name: "echo", data: { a: [1] } }, [
    Buffer.from([7]),
  ]);
  const [first] = outputs(opened, "comm_msg");
  assert.deepEqual(first?.content, { comm_id: "e-1", data: { opened: { a: [1] } } });
  assert.deepEqual(first?.buffers, [Buffer.from([7])]);
  assert.deepEqual(await openComms(), { "e-1": { target_name: "echo" } });
  assert.deepEqual(await openComms({ target_name: "echo" }), { "e-1": { target_name: "echo" } });
  assert.deepEqual(await openComms({ target_name: "other" }), {});

  const sent = await comm("msg", { comm_id: "e-1", data: { n: 1 } }, [
    Buffer.from([1, 2, 3]),
    Buffer.alloc(0),
  ]);
  const [echo] = outputs(sent, "comm_msg");
  assert.deepEqual(echo?.content, { comm_id: "e-1", data: { echo: { n: 1 } } });
  assert.deepEqual(echo?.buffers, [Buffer.from([3, 2, 1]), Buffer.alloc(0)]);

  await comm("close", { comm_id: "e-1", data: { why: "done" } });
  await kernel().streamed(cell.id, "closed { why: 'done' } true");
  assert.deepEqual(await openComms(), {});
});

test("a comm that a cell opens belongs to that cell's request", async () => {
  const cell = await kernel().execute(`
import { openComm } from "rnnlab/comm";
const own = openComm("chart", { title: "loss" }, {
  metadata: { version: 2 },
  buffers: [new Float32Array([1, 2]).subarray(1)],
});
own.onMessage(({ data }) => own.close({ last: data }));
own.id`);
  const [open] = cell.messages.filter((message) => message.header.msg_type === "comm_open");
  const id = String(open?.content.comm_id);
  assert.equal(cell.result, `'${id}'`);
  assert.deepEqual(open?.content, { comm_id: id, data: { title: "loss" }, target_name: "chart" });
  assert.deepEqual(open?.metadata, { version: 2 });
  assert.deepEqual(open?.buffers, [Buffer.from(new Float32Array([2]).buffer)]);
  assert.deepEqual(await openComms(), { [id]: { target_name: "chart" } });

  const sent = await comm("msg", { comm_id: id, data: { x: 1 } });
  assert.deepEqual(
    outputs(sent, "comm_close").map((message) => message.content),
    [{ comm_id: id, data: { last: { x: 1 } } }],
  );
  assert.equal((await kernel().execute("own.closed")).result, "true");
  const late = await kernel().execute("own.send({})");
  assert.match(String(late.error?.evalue), /^Cannot send on comm .*: it must be open/);
});

test("a message is handled while a cell awaits it", async () => {
  await kernel().execute(`
import { openComm } from "rnnlab/comm";
const asked = openComm("dialog");`);
  const id = Object.keys((await openComms({ target_name: "dialog" })) as Dictionary)[0];
  const cell = await kernel().submit(`
const answer = await new Promise((resolve) => {
  asked.onMessage(({ data }) => resolve(data.answer));
  console.log("waiting");
});
asked.close();
answer`);
  await kernel().streamed(cell, "waiting");
  await comm("msg", { comm_id: id, data: { answer: "yes" } });
  assert.equal((await kernel().finish(cell)).result, "'yes'");
});

test("what a handler sends after an await has its message as parent, what it prints its cell", async () => {
  const cell = await kernel().execute(`
import { registerCommTarget } from "rnnlab/comm";
registerCommTarget("late", (comm) => {
  comm.onMessage(async ({ data }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.log("handled", data.n);
    comm.send({ n: data.n });
    setTimeout(() => comm.send({ later: data.n }), 20);
  });
});`);
  await kernel().execute("'another cell'");
  await comm("open", { comm_id: "l-1", target_name: "late" });
  const sent = await Promise.all([1, 2].map((n) => comm("msg", { comm_id: "l-1", data: { n } })));
  for (const [index, id] of sent.entries()) {
    await kernel().waitFor(
      (message) => message.parent.msg_id === id && (message.content.data as Dictionary)?.later === index + 1,
      "the late message",
    );
    assert.deepEqual(
      outputs(id, "comm_msg").map((message) => message.content.data),
      [{ n: index + 1 }, { later: index + 1 }],
    );
    await kernel().streamed(cell.id, `handled ${index + 1}`);
  }
  await comm("close", { comm_id: "l-1" });
});

test("an error in a handler is shown by the cell that registered it, at its line", async () => {
  const cell = await kernel().execute(`import { registerCommTarget } from "rnnlab/comm";
registerCommTarget("failing", (comm) => {
  comm.onMessage(() => {
    throw new RangeError("no good");
  });
});
registerCommTarget("refusing", async () => {
  throw new Error("not now");
});`);
  await kernel().execute("'another cell'");
  await comm("open", { comm_id: "f-1", target_name: "failing" });
  await comm("msg", { comm_id: "f-1" });
  await kernel().streamed(cell.id, 'Error in the message handler of comm "failing":\nRangeError: no good');
  await kernel().streamed(cell.id, "line 4\n    column 11");
  const refused = await comm("open", { comm_id: "f-2", target_name: "refusing" });
  await kernel().streamed(cell.id, "Error: not now");
  assert.equal(outputs(refused, "comm_close")[0]?.content.comm_id, "f-2");
  assert.deepEqual(await openComms(), { "f-1": { target_name: "failing" } });
  await comm("close", { comm_id: "f-1" });
});

test("data that is no JSON is refused where it is sent, and nothing stays open", async () => {
  const cell = await kernel().execute(`
import { openComm } from "rnnlab/comm";
openComm("chart", [1] as never)`);
  assert.equal(cell.error?.ename, "TypeError");
  assert.equal(cell.error?.evalue, "Cannot send a comm message: data must be an object, got an array");
  const text = await kernel().execute('openComm("chart", "data" as never)');
  assert.equal(text.error?.evalue, "Cannot send a comm message: data must be an object, got data");
  assert.deepEqual(await openComms(), {});
});

/** Handlers that do not end by themselves. */
const endless: Record<string, string> = {
  "a busy loop": "while (true) {}",
  "a busy loop after an await": "await null;\nwhile (true) {}",
  "a busy loop after a timer": "await new Promise((resolve) => setTimeout(resolve, 1));\nwhile (true) {}",
  "a pending await": "await new Promise(() => {});",
};

for (const kind of ["open", "msg", "close"]) {
  for (const [what, code] of Object.entries(endless)) {
    test(`an interrupt ends ${what} in the handler of a comm_${kind}, and the session's state is kept`, async () => {
      await kernel().execute(`
import { type Comm, registerCommTarget } from "rnnlab/comm";
const kept = "kept";
async function handle(comm: Comm) {
  console.log("started");
  ${code}
}
registerCommTarget("endless", (comm) => {
  ${{ open: "return handle(comm);", msg: "comm.onMessage(() => handle(comm));", close: "comm.onClose(() => handle(comm));" }[kind]}
});`);
      const cell = kernel().received.at(-1)?.parent.msg_id ?? "";
      if (kind !== "open") await comm("open", { comm_id: "x-1", target_name: "endless" });
      const id = await kernel().send("shell", `comm_${kind}`, {
        comm_id: "x-1",
        target_name: "endless",
        data: {},
      });
      await kernel().streamed(cell, "started");
      await kernel().request("control", "interrupt_request");
      await kernel().idleOf(id);
      assert.equal((await kernel().execute("kept")).result, "'kept'");
      if (kind !== "close") await comm("close", { comm_id: "x-1" });
    });
  }
}

test("an interrupted handler does not go on when its timer is due", async () => {
  const cell = await kernel().execute(`
import { registerCommTarget } from "rnnlab/comm";
registerCommTarget("waiting", async () => {
  console.log("started");
  await new Promise((resolve) => setTimeout(resolve, 300));
  console.log("went on");
});`);
  const id = await kernel().send("shell", "comm_open", { comm_id: "w-1", target_name: "waiting", data: {} });
  await kernel().streamed(cell.id, "started");
  await kernel().request("control", "interrupt_request");
  await kernel().idleOf(id);
  const later = await kernel().execute('await new Promise((resolve) => setTimeout(resolve, 400));\n"later"');
  assert.equal(later.result, "'later'");
  const printed = outputs(cell.id, "stream").map(({ content }) => content.text);
  assert.equal(printed.join(""), "started\n");
  await comm("close", { comm_id: "w-1" });
});

test("a handler that cannot be stopped is announced, and a second interrupt ends the session", async () => {
  const cell = await kernel().execute(`
import { pbkdf2Sync } from "node:crypto";
import { registerCommTarget } from "rnnlab/comm";
registerCommTarget("stuck", () => {
  console.log("started");
  pbkdf2Sync("a", "b", 2 ** 31 - 1, 64, "sha512");
});`);
  const id = await kernel().send("shell", "comm_open", { comm_id: "s-1", target_name: "stuck", data: {} });
  await kernel().streamed(cell.id, "started");
  await kernel().request("control", "interrupt_request");
  await kernel().streamed(cell.id, "interrupt once more");
  await kernel().request("control", "interrupt_request");
  await kernel().idleOf(id);
  await kernel().streamed(cell.id, "second interrupt ended it");
  assert.deepEqual(await openComms(), {});
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("the front end is told that the comms of a session that ended are closed", async () => {
  await kernel().execute(ECHO);
  await comm("open", { comm_id: "gone", target_name: "echo" });
  const cell = await kernel().execute("process.exit(3)");
  assert.equal(cell.status, "error");
  assert.ok(cell.contents("comm_close").some((content) => content.comm_id === "gone"));
  assert.deepEqual(await openComms(), {});
});
