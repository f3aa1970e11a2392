import assert from "node:assert/strict";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { prepareNativeOps } from "../../setup/native-ops.js";
import { venvPython } from "../../setup/paths.js";
import { nativeOpsEntry, nativeOpsFile, nativeOpsSources } from "../../src/platform/native-ops-entry.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { findTfjs } from "../../src/platform/tfjs-node.js";
import { compilerRuns } from "../compiler.js";
import { temporaryFolder, writeScript } from "./temporary.js";

function prepare(context: TestContext, change: NodeJS.ProcessEnv = {}, name = "cache") {
  const cache = join(temporaryFolder(context), name);
  mkdirSync(cache);
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
  test("the fused ops are compiled anew for other sources, and not for other words about them", (context) => {
    const sources = join(temporaryFolder(context), "native");
    cpSync(nativeOpsSources, sources, { recursive: true });
    const deps = join(findTfjs(join(packageRoot, "package.json")).folder, "deps");
    const entry = nativeOpsEntry(deps, sources);
    appendFileSync(join(sources, "README.md"), "More.\n");
    assert.equal(nativeOpsEntry(deps, sources), entry);
    appendFileSync(join(sources, "gru.h"), "// more\n");
    assert.notEqual(nativeOpsEntry(deps, sources), entry);
  });

  if (compilerRuns())
    test("prepareNativeOps() compiles the fused ops once, where they are looked for, whatever that path is", async (context) => {
      const folder = join(temporaryFolder(context), 'Zoë\'s "Node"; $HOME');
      mkdirSync(folder);
      const headers = dirname(dirname(realpathSync(process.execPath)));
      symlinkSync(headers, join(folder, "node"), "dir");
      // A compiler may have arguments, as `ccache g++` has.
      const CXX = `env ${process.env.CXX || "g++"}`;
      const change = { npm_config_nodedir: join(folder, "node"), CXX };
      const { cache, notes, run } = prepare(context, change, 'Zoë\'s "cache"; $HOME');
      assert.equal(await run(), "fused recurrent ops, compiled");
      const file = nativeOpsFile([cache]);
      assert.ok(existsSync(file));
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

  /** A compiler that answers and does not compile. */
  const brokenCompiler = (path: string, says: string, version = "1.0") =>
    writeScript(path, `case "$*" in *--version) echo broken ${version};; *) echo ${says} >&2; exit 1;; esac`);

  test("prepareNativeOps() shows what a compiler says that fails, and does not ask it again", async (context) => {
    const compiler = join(temporaryFolder(context), "c++");
    brokenCompiler(compiler, "no such luck");
    const { cache, notes, run } = prepare(context, { CXX: compiler });
    assert.equal(await run(), "not built: TensorFlow's own ops serve");
    assert.match(
      notes.join("\n"),
      /Cannot compile the fused ops\n[\s\S]*no such luck[\s\S]*tried again after: rm '/,
    );
    const left = readdirSync(cache);
    assert.equal(left.length, 1);
    assert.match(String(left[0]), /\.failed\.json$/);

    notes.length = 0;
    assert.equal(await run(), "not built: TensorFlow's own ops serve");
    const again = `rm '${join(cache, String(left[0]))}'; npx rnnlab setup`;
    assert.deepEqual(notes.join("\n").split("\n"), [
      "Cannot compile the fused ops: it failed before with broken 1.0",
      `  repair: try another compiler in CXX, or the same again: ${again}`,
    ]);

    brokenCompiler(compiler, "no luck with this one", "2.0");
    await run();
    assert.match(notes.join("\n"), /no luck with this one/);
    rmSync(join(cache, String(left[0])));
    notes.length = 0;
    await run();
    assert.match(notes.join("\n"), /no luck with this one/);
  });

  test("prepareNativeOps() asks a compiler again that had no space", async (context) => {
    const compiler = brokenCompiler(join(temporaryFolder(context), "c++"), "No space left on device");
    const { cache, notes, run } = prepare(context, { CXX: compiler });
    for (let time = 0; time < 2; time++) await run();
    assert.equal(notes.join("\n").match(/No space left/g)?.length, 2);
    assert.deepEqual(readdirSync(cache), []);
  });
}
