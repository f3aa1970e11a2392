import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { project } from "./pretended-tfjs.js";
import { runRestricted, withReadOnly } from "./restricted.js";
import { temporaryFolder } from "./temporary.js";

/** Prepares a project that somebody else has installed, in a process for whom permissions count. */
function prepare({ root, options }: ReturnType<typeof project>, env: NodeJS.ProcessEnv = {}) {
  const code = `
    const { prepareTensorFlow } = require(${JSON.stringify(resolve(__dirname, "../../setup/tensorflow.js"))});
    const options = { ...${JSON.stringify(options)}, note: () => {} };
    Object.assign(options.env, ${JSON.stringify(env)});
    prepareTensorFlow(options).then(console.log, (error) => {
      console.error(error.message);
      process.exitCode = 1;
    });`;
  return withReadOnly(join(root, "node_modules"), () => runRestricted(process.execPath, ["-e", code]));
}

if (process.platform !== "win32") {
  test("prepareTensorFlow() says who can write where node_modules is read-only, before it downloads", async (context) => {
    const made = project(context);
    const { status, stderr } = await prepare(made);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^Cannot prepare TensorFlow: your user must be able to write to .*@tensorflow\n {2}repair: .*npx rnnlab setup\n$/,
    );
    assert.deepEqual(made.calls(), []);
  });

  test("prepareTensorFlow() is content with what computes where node_modules is read-only, in another Node, too", async (context) => {
    const made = project(context);
    await made.prepare();
    // What was noted is about the Node of whoever did the set-up.
    rmSync(join(made.tfjs, "lib", "rnnlab-proven.json"));
    const { status, stdout, stderr } = await prepare(made);
    assert.equal(stdout, "tfjs-node 4.22.0 on TensorFlow 2.18.1\n", stderr);
    assert.equal(status, 0);
  });

  test("prepareTensorFlow() says what fails where node_modules is read-only and what is there does not compute", async (context) => {
    const load = 'if (process.env.TEST_BREAK) throw new Error("undefined symbol: TF_NewStatus")';
    const made = project(context, { load });
    await made.prepare();
    rmSync(join(made.tfjs, "lib", "rnnlab-proven.json"));
    const { status, stderr } = await prepare(made, { TEST_BREAK: "1" });
    assert.equal(status, 1);
    assert.match(stderr, /tried: [\s\S]*undefined symbol: TF_NewStatus/);
  });

  test("rnnlab setup names a cache that cannot be written, without a stack", async (context) => {
    const home = temporaryFolder(context);
    mkdirSync(join(home, "rnnlab"));
    const cli = resolve(__dirname, "../../cli/main.js");
    const { status, stdout, stderr } = await withReadOnly(home, () =>
      runRestricted(process.execPath, [cli, "setup"], { XDG_CACHE_HOME: home }),
    );
    assert.equal(status, 1);
    assert.match(stdout, /^Compiler +missing: the first cell waits a second longer/m);
    assert.match(stdout, /^Kernels +TypeScript \(rnnlab\)/m);
    const folder = join(home, "rnnlab");
    assert.ok(
      stderr.includes(`Cannot prepare Compiler: your user must be able to write to ${folder}\n`),
      stderr,
    );
    assert.doesNotMatch(stderr, /^ +at /m);
    assert.deepEqual(readdirSync(folder), []);
  });
}
