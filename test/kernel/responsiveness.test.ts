import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Runs `body` while a cell blocks the session, then interrupts the cell and checks that it was busy until then. */
async function whileBusy(body: (id: string) => Promise<void>): Promise<void> {
  const id = await kernel().submit('console.log("started");\nwhile (true) {}');
  await kernel().streamed(id, "started");
  try {
    await body(id);
    const states = kernel()
      .outputsOf(id)
      .map((message) => message.content.execution_state);
    assert.ok(!states.includes("idle"), "the cell ended too early");
  } finally {
    await kernel().request("control", "interrupt_request");
    await kernel().finish(id);
  }
}

test("the heartbeat echoes what it is sent", async () => {
  for (const bytes of [Buffer.from("ping"), Buffer.alloc(0), randomBytes(10_000)]) {
    assert.deepEqual(await kernel().heartbeat(bytes), bytes);
  }
});

test("the heartbeat echoes while a cell is busy", async () => {
  await whileBusy(async () => {
    for (let i = 0; i < 20; i++) {
      assert.deepEqual(await kernel().heartbeat(Buffer.from([i])), Buffer.from([i]));
    }
  });
});

test("the heartbeat echoes while a large cell is compiled", async () => {
  const lines = Array.from({ length: 2000 }, (_, i) => `const big${i} = { a: ${i}, b: [${i}] };`);
  const id = await kernel().submit(lines.join("\n"));
  assert.deepEqual(await kernel().heartbeat(Buffer.from("x")), Buffer.from("x"));
  const cell = await kernel().finish(id, 60_000);
  assert.equal(cell.status, "ok", cell.traceback);
});

for (const channel of ["control", "shell"] as const) {
  test(`kernel_info on ${channel} is answered while a cell is busy`, async () => {
    await whileBusy(async () => {
      const reply = await kernel().request(channel, "kernel_info_request");
      assert.equal(reply.content.status, "ok");
    });
  });
}

test("completion is answered while a cell is busy", async () => {
  await kernel().execute("const completable = 1;");
  await whileBusy(async () => {
    const reply = await kernel().request("shell", "complete_request", { code: "completa", cursor_pos: 8 });
    assert.equal(reply.content.status, "ok");
    assert.ok((reply.content.matches as string[]).includes("completable"));
  });
});

test("is_complete is answered while a cell is busy", async () => {
  await whileBusy(async () => {
    const reply = await kernel().request("shell", "is_complete_request", { code: "if (true) {" });
    assert.equal(reply.content.status, "incomplete");
  });
});

test("inspect is answered while a cell is busy", async () => {
  await whileBusy(async () => {
    const content = { code: "Math.max", cursor_pos: 8, detail_level: 0 };
    assert.equal((await kernel().request("shell", "inspect_request", content)).content.found, true);
  });
});

test("a busy cell's messages and those of requests in between keep their own parents", async () => {
  await whileBusy(async (id) => {
    const info = await kernel().request("shell", "kernel_info_request");
    const between = kernel().outputsOf(String(info.parent.msg_id));
    assert.deepEqual(
      between.map((message) => message.content.execution_state),
      ["busy", "idle"],
    );
    assert.ok(kernel().outputsOf(id).length >= 3);
  });
});
