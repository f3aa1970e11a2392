import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { endProcess, endProcessGroup } from "../../src/platform/end-process.js";
import { isAlive, until } from "../../tools/kernel-client/index.js";

const WAIT = "setInterval(() => {}, 1000)";

test("endProcess() ends a process, and does nothing if it has ended by itself", async () => {
  const child = spawn(process.execPath, ["-e", WAIT]);
  await once(child, "spawn");
  const pid = child.pid!;
  assert.equal(isAlive(pid), true);
  endProcess(pid);
  await once(child, "exit");
  assert.equal(isAlive(pid), false);
  endProcess(pid);
});

test("endProcessGroup() also ends what the process has started", {
  skip: process.platform === "win32",
}, async () => {
  const starting = `const { spawn } = require("node:child_process");
    console.log(spawn(process.execPath, ["-e", ${JSON.stringify(WAIT)}], { stdio: "inherit" }).pid); ${WAIT}`;
  const child = spawn(process.execPath, ["-e", starting], { detached: true });
  const [told] = (await once(child.stdout, "data")) as [Buffer];
  const started = Number(told);
  assert.equal(isAlive(started), true);
  endProcessGroup(child.pid!);
  // Both have the pipe: it is closed when neither uses it. The started process may still be on its way out then.
  await once(child, "close");
  await until(
    () => !isAlive(started),
    10_000,
    () => `process ${started} still lives`,
  );
  endProcessGroup(child.pid!);
});
