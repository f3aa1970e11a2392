import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { installKernel, projectRoot, python, run } from "./client";

test("jupyter_client starts, executes, interrupts, restarts and ends the installed kernel", async () => {
  const home = await installKernel();
  try {
    const script = resolve(projectRoot, "test/kernel/jupyter_client_session.py");
    const { status, stdout, stderr } = await run(python(), [script], { env: home.env });
    assert.equal(status, 0, stdout + stderr);
    assert.deepEqual(JSON.parse(stdout), {
      executed: "ok",
      outputs: ["execute_input", "stream", "execute_result"],
      interrupted: "KeyboardInterrupt",
      kept: "5",
      "another process": true,
      "after restart": "2",
      "heart beats": true,
      ended: true,
    });
  } finally {
    home.remove();
  }
});
