import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { prepareNativeOps } from "../../setup/native-ops.js";
import { venvPython } from "../../setup/paths.js";
import { nativeOpsFile } from "../../src/platform/native-ops-entry.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { compilerRuns } from "../native/compiler.js";
import { temporaryFolder, writeScript } from "./temporary.js";

function prepare(context: TestContext, change: NodeJS.ProcessEnv = {}) {
  const cache = temporaryFolder(context);
  const notes: string[] = [];
  const run = () =>
    prepareNativeOps({
      entry: join(packageRoot, "dist/src/tensorflow.js"),
      cache,
      python: venvPython(),
      env: { ...process.env, ...change },
      note: (line) => notes.push(line),
    });
  return { cache, notes, run };
}

if (process.platform === "linux") {
  if (compilerRuns())
    test("prepareNativeOps() compiles the fused ops once, where they are looked for", async (context) => {
      const { cache, notes, run } = prepare(context);
      assert.equal(await run(), "fused recurrent ops, compiled");
      const file = nativeOpsFile(cache);
      assert.ok(file !== undefined && existsSync(file));
      const { mtimeMs } = statSync(file);
      assert.equal(await run(), "fused recurrent ops, in the cache");
      assert.equal(statSync(file).mtimeMs, mtimeMs);
      assert.deepEqual(notes, ["compiling the fused recurrent ops"]);
    });

  test("prepareNativeOps() does without a compiler and names the command that brings one", async (context) => {
    const { cache, notes, run } = prepare(context, { CXX: "/nonexistent/g++" });
    assert.equal(await run(), "not built: TensorFlow's own ops serve");
    assert.match(notes.join("\n"), /Cannot compile the fused ops: \/nonexistent\/g\+\+ does not run/);
    assert.match(notes.join("\n"), /repair: apt-get install g\+\+ make .*npx rnnlab setup/);
    assert.deepEqual(readdirSync(cache), []);
  });

  test("prepareNativeOps() shows what a compiler says that fails, and leaves nothing", async (context) => {
    const folder = temporaryFolder(context);
    const broken = writeScript(
      join(folder, "c++"),
      '[ "$1" = --version ] || { echo no such luck >&2; exit 1; }',
    );
    const { cache, notes, run } = prepare(context, { CXX: broken });
    assert.equal(await run(), "not built: TensorFlow's own ops serve");
    assert.match(notes.join("\n"), /Cannot compile the fused ops\n[\s\S]*no such luck/);
    assert.deepEqual(readdirSync(cache), []);
  });
}
