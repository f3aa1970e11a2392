import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "./client";

const kernel = useKernel();

test("comm_info of a kernel without comms is empty", async () => {
  const reply = await kernel().request("shell", "comm_info_request", {});
  assert.deepEqual(reply.content.comms, {});
});

test("a comm_open of an unknown target is answered with comm_close", async () => {
  const id = await kernel().send("shell", "comm_open", { comm_id: "c-1", target_name: "nobody", data: {} });
  await kernel().idleOf(id);
  const closes = kernel()
    .outputsOf(id)
    .filter((message) => message.header.msg_type === "comm_close");
  assert.deepEqual(
    closes.map((message) => message.content.comm_id),
    ["c-1"],
  );
});

test("a comm_msg and comm_close of an unknown comm are survived", async () => {
  for (const type of ["comm_msg", "comm_close"]) {
    const id = await kernel().send("shell", type, { comm_id: "unknown", data: {} });
    await kernel().idleOf(id);
  }
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});
