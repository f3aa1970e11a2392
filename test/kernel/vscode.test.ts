import assert from "node:assert/strict";
import { test } from "node:test";
import { KernelClient } from "./client";

test("a kernel serves a front end that talks as VS Code does, from start to restart", async () => {
  const kernel = await KernelClient.start();
  try {
    // Both channels are asked every half second until both have answered.
    for (const channel of ["control", "shell"] as const) await kernel.request(channel, "kernel_info_request");
    const cell = await kernel.execute("const units = 3;\nunits * 2", {
      allow_stdin: true,
      store_history: true,
      metadata: { cellId: "vscode-notebook-cell:/a.ipynb#W0sZmlsZQ==" },
    });
    assert.equal(cell.result, "6", cell.traceback);
    const completion = await kernel.request("shell", "complete_request", { code: "uni", cursor_pos: 3 });
    assert.ok((completion.content.matches as string[]).includes("units"));

    const busy = await kernel.submit('console.log("started");\nwhile (true) {}');
    await kernel.streamed(busy, "started");
    await kernel.request("shell", "interrupt_request");
    assert.equal((await kernel.finish(busy)).reply.content.ename, "KeyboardInterrupt");
    assert.equal((await kernel.execute("units")).result, "3");

    const stuck = await kernel.submit('console.log("started");\nwhile (true) {}');
    await kernel.streamed(stuck, "started");
    const [protocol, ...children] = kernel.process.tree();
    for (const child of children.reverse()) process.kill(child, "SIGTERM");
    process.kill(protocol!, "SIGTERM");
    await kernel.process.waitUntilGone();
    assert.deepEqual(kernel.violations, []);
  } finally {
    await kernel.dispose();
  }
});

test("requests before anything else was received are answered", async () => {
  const kernel = await KernelClient.start();
  try {
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      ids.push(await kernel.send(i % 2 ? "control" : "shell", "kernel_info_request", {}));
    }
    for (const [i, id] of ids.entries()) await kernel.replyTo(id, i % 2 ? "control" : "shell");
  } finally {
    await kernel.dispose();
  }
});
