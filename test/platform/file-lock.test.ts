import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

const ROUNDS = 200;
const folder = mkdtempSync(join(tmpdir(), "rnnlab-locks-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("the lock of a dead process is taken over by one at a time, and leaves nothing", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  for (let round = 0; round < ROUNDS; round++)
    writeFileSync(join(folder, `${round}.lock`), JSON.stringify({ pid, host: hostname() }));
  const start = Date.now() + 1000;
  const racer = [join(__dirname, "lock-race.js"), folder, String(ROUNDS), String(start)];
  const run = promisify(execFile);
  const racers = await Promise.all([1, 2, 3].map(() => run(process.execPath, racer)));
  assert.deepEqual(
    racers.map(({ stdout }) => stdout),
    ["", "", ""],
  );
  assert.deepEqual(readdirSync(folder), []);
});
