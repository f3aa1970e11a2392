import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { isAlive, kernelCommand, makeConnection, until, writeConnectionFile } from "./client";

test("a kernel whose front end had ended before it was up ends", async () => {
  const { file, remove } = writeConnectionFile(await makeConnection());
  const [program, ...args] = kernelCommand(file);
  const frontEnd = `
    const env = { ...process.env, JPY_PARENT_PID: String(process.pid) };
    const options = { env, detached: true, stdio: "ignore" };
    process.stdout.write(String(require("node:child_process").spawn(${JSON.stringify(program)}, ${JSON.stringify(args)}, options).pid));
    process.exit();`;
  const pid = Number(spawnSync(process.execPath, ["-e", frontEnd], { encoding: "utf8" }).stdout);
  assert.ok(pid > 0);
  try {
    await until(
      () => !isAlive(pid),
      20_000,
      () => "the kernel still lives",
    );
  } finally {
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
    remove();
  }
});
