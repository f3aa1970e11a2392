import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { withLock } from "../../setup/lock.js";
import { temporaryFolder } from "./temporary.js";

test("withLock() lets one piece of work run at a time and tells the others whom they wait for", async (context) => {
  const path = join(temporaryFolder(context), "work.lock");
  const events: string[] = [];
  let finish = () => {};
  const first = withLock(path, () => {
    events.push("first starts");
    return new Promise<void>((settle) => {
      finish = () => {
        events.push("first ends");
        settle();
      };
    });
  });
  const second = withLock(
    path,
    async () => events.push("second runs"),
    (pid) => {
      assert.equal(pid, process.pid);
      finish();
    },
  );
  await Promise.all([first, second]);
  assert.deepEqual(events, ["first starts", "first ends", "second runs"]);
  assert.equal(existsSync(path), false);
});

test("withLock() releases the lock when the work fails", async (context) => {
  const path = join(temporaryFolder(context), "work.lock");
  await assert.rejects(
    withLock(path, () => Promise.reject(new Error("broken"))),
    /broken/,
  );
  assert.equal(existsSync(path), false);
});

test("withLock() takes over the lock of a process that died", async (context) => {
  const path = join(temporaryFolder(context), "work.lock");
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(path, JSON.stringify({ pid, host: hostname() }));
  assert.equal(await withLock(path, async () => "done"), "done");
});

test("withLock() takes over the lock of a process before it with the same id", async (context) => {
  const path = join(temporaryFolder(context), "lock");
  writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname() }));
  assert.equal(
    await withLock(
      path,
      async () => "done",
      (pid) => assert.fail(`waits for ${pid}`),
    ),
    "done",
  );
  assert.equal(existsSync(path), false);
});
