import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import {
  isAlive,
  KernelClient,
  kernelCommand,
  makeConnection,
  until,
  writeConnectionFile,
} from "../../tools/kernel-client/index.js";

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

test("nothing is left of a kernel that is killed while its session is stopped", async () => {
  const client = await KernelClient.start();
  try {
    const cell = await client.execute(`
      import { spawn } from "node:child_process";
      const child = spawn("sleep", ["1000"], { stdio: "ignore" });
      [process.pid, child.pid].join()`);
    const [session, child] = cell.result!.replaceAll("'", "").split(",").map(Number);
    const all = [...client.process.tree(), child!];
    process.kill(session!, "SIGSTOP");
    client.process.signal("SIGKILL");
    await until(
      () => !all.some(isAlive),
      10_000,
      () => `of ${all.join(", ")} there still live ${all.filter(isAlive).join(", ")}`,
    );
  } finally {
    await client.dispose();
  }
});
