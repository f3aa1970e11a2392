import assert from "node:assert/strict";
import { existsSync, linkSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import {
  findSnapshot,
  guessSnapshot,
  SNAPSHOT_FILE,
  snapshotName,
  snapshotPrefix,
} from "../../kernel/compiler/client/snapshot.js";
import { makeCompilerSnapshot } from "../../setup/compiler-snapshot.js";
import { KernelClient } from "../../tools/kernel-client/index.js";
import { temporaryFolder } from "./temporary.js";

test("makeCompilerSnapshot() makes the snapshot once, removes those that nobody needs, and a kernel starts from it", async (context) => {
  const home = temporaryFolder(context);
  const cache = join(home, "rnnlab");
  const earlier = join(cache, `${snapshotPrefix("compiler")}earlier`);
  const foreign = join(cache, "compiler-of-another-installation");
  const gone = join(cache, "compiler-of-an-installation-that-is-gone");
  for (const folder of [earlier, foreign, gone]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(foreign, "installation"), home);
  writeFileSync(join(gone, "installation"), join(home, "gone"));
  assert.equal(findSnapshot("compiler", [cache]), undefined);
  await makeCompilerSnapshot("compiler", cache);
  const path = findSnapshot("compiler", [cache]);
  assert.ok(path);
  assert.deepEqual(
    [earlier, foreign, gone].map((each) => existsSync(each)),
    [false, true, false],
  );
  const { mtimeMs } = statSync(path);
  await makeCompilerSnapshot("compiler", cache);
  assert.equal(statSync(path).mtimeMs, mtimeMs);
  const stale = join(cache, `${snapshotPrefix("compiler")}0`, SNAPSHOT_FILE);
  mkdirSync(dirname(stale));
  linkSync(path, stale);
  assert.equal(guessSnapshot("compiler", [cache]), stale, "the kernel has to notice that it is another's");
  const kernel = await KernelClient.start({ env: { XDG_CACHE_HOME: home } });
  try {
    assert.equal((await kernel.execute("const answer: number = 42; answer")).result, "42");
    assert.match((await kernel.execute("answer.length")).traceback, /TS2339/);
    // Where a snapshot is made, not all globals exist.
    const shadowed = await kernel.execute(
      "const SharedArrayBuffer = 5; typeof globalThis.SharedArrayBuffer + SharedArrayBuffer",
    );
    assert.equal(shadowed.result, "'function5'", shadowed.traceback);
    assert.doesNotMatch(kernel.process.log, /snapshot/);
    if (process.platform === "linux") {
      const commands = kernel.process.tree().map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
      assert.ok(commands.some((command) => command.includes(path)));
      assert.ok(!commands.some((command) => command.includes(stale)));
    }
  } finally {
    await kernel.dispose();
  }
});

test("a snapshot that cannot be read is reported, and the kernel works without", async (context) => {
  const home = temporaryFolder(context);
  const folder = join(home, "rnnlab", snapshotName("compiler"));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, SNAPSHOT_FILE), "no snapshot");
  const kernel = await KernelClient.start({ env: { XDG_CACHE_HOME: home } });
  try {
    assert.equal((await kernel.execute("1 + 1")).result, "2");
    assert.match(kernel.process.log, /Cannot use the compiler's start-up snapshot/);
  } finally {
    await kernel.dispose();
  }
});
