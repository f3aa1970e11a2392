import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { SetupError } from "../../setup/setup-error.js";
import { prepareTensorFlow } from "../../setup/tensorflow.js";
import { project } from "./pretended-tfjs.js";

/** Nothing of a failed set-up is left, in the package or in the cache. */
function assertNothingLeft({ tfjs, cache }: { tfjs: string; cache: string }): void {
  assert.deepEqual(readdirSync(tfjs).sort(), [
    "binding",
    "binding.gyp",
    "node_modules",
    "package.json",
    "scripts",
  ]);
  assert.deepEqual(readdirSync(join(tfjs, "..")), ["tfjs-node"]);
  const left = existsSync(cache) ? readdirSync(cache) : [];
  assert.deepEqual(
    left.filter((name) => name.includes("making") || name.endsWith(".lock")),
    [],
  );
}

/** A server that answers every request, or none. */
async function server(context: TestContext, answers: boolean): Promise<string> {
  const http = createServer((_, response) => {
    if (answers) response.end();
  });
  await new Promise<void>((settle) => http.listen(0, "127.0.0.1", settle));
  context.after(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
}

const INSTALLER = `
const fs = require("node:fs");
fs.rmSync("deps", { recursive: true, force: true });
fs.mkdirSync("deps/lib", { recursive: true });
fs.writeFileSync("deps/lib/libtensorflow.so.2", "official");
fs.mkdirSync("lib/napi-v8", { recursive: true });
fs.writeFileSync("lib/napi-v8/tfjs_binding.node", "downloaded");
`;

test("prepareTensorFlow() takes the official download where its hosts answer", async (context) => {
  const host = await server(context, true);
  const { prepare, tfjs, calls } = project(context, { host, installer: INSTALLER });
  assert.equal(await prepare(), "tfjs-node 4.22.0 on TensorFlow 2.18.1");
  assert.equal(readFileSync(join(tfjs, "lib/napi-v8/tfjs_binding.node"), "utf8"), "downloaded");
  assert.equal(readFileSync(join(tfjs, "deps/lib/libtensorflow.so.2"), "utf8"), "official");
  assert.deepEqual(calls(), []);
});

test("prepareTensorFlow() takes the wheel where those hosts cannot be reached", async (context) => {
  const { prepare, tfjs } = project(context, { installer: INSTALLER });
  await prepare();
  assert.equal(readFileSync(join(tfjs, "lib/napi-v8/tfjs_binding.node"), "utf8"), "compiled");
  for (const name of ["libtensorflow.so", "libtensorflow.so.2", "libtensorflow_cc.so.2"])
    assert.equal(readFileSync(join(tfjs, "deps/lib", name), "utf8"), "libtensorflow_cc.so.2");
  assert.equal(
    readFileSync(join(tfjs, "deps/lib/libtensorflow_framework.so"), "utf8"),
    "libtensorflow_framework.so.2",
  );
  assert.equal(existsSync(join(tfjs, "deps/include/tensorflow/c/c_api.h")), true);
});

test("prepareTensorFlow() says how much it downloads before it does", async (context) => {
  const { options } = project(context, { pip: "exit 1" });
  const notes: string[] = [];
  await assert.rejects(prepareTensorFlow({ ...options, note: (line) => notes.push(line) }));
  assert.deepEqual(notes, ["downloading TensorFlow 2.18.1 (230 MB), once for this user"]);
});

test("prepareTensorFlow() gives a host up that never answers", async (context) => {
  const host = await server(context, false);
  const { prepare, tfjs } = project(context, { host, installer: INSTALLER });
  await prepare();
  assert.equal(readFileSync(join(tfjs, "lib/napi-v8/tfjs_binding.node"), "utf8"), "compiled");
});

test("prepareTensorFlow() takes the wheel when the official library does not compute", async (context) => {
  const host = await server(context, true);
  const load =
    'if (fs.readFileSync(tfjs + "/lib/napi-v8/tfjs_binding.node", "utf8") !== "compiled") process.abort()';
  const { prepare, tfjs } = project(context, { host, installer: INSTALLER, load });
  await prepare();
  assert.equal(readFileSync(join(tfjs, "lib/napi-v8/tfjs_binding.node"), "utf8"), "compiled");
});

test("prepareTensorFlow() recognises what it has proven without loading it again", async (context) => {
  const { prepare, root } = project(context);
  await prepare();
  writeFileSync(join(root, "tensorflow.js"), 'throw new Error("loaded again")');
  assert.equal(await prepare(), "tfjs-node 4.22.0 on TensorFlow 2.18.1");
});

test("prepareTensorFlow() repairs a package whose cached library was deleted", async (context) => {
  const load = "fs.readdirSync(tfjs + '/deps/lib')";
  const { prepare, cache, calls } = project(context, { load });
  await prepare();
  execFileSync("rm", ["-r", cache]);
  await prepare();
  assert.deepEqual(calls(), ["pip", "pip"]);
});

test("prepareTensorFlow() needs neither network nor compiler for a second checkout", async (context) => {
  const first = project(context);
  await first.prepare();
  const env = { CXX: "/no/compiler" };
  const second = project(context, { pip: "exit 1", env, sha256: first.sha256 });
  execFileSync("cp", ["-r", first.cache, second.cache]);
  await second.prepare();
  assert.deepEqual(second.calls(), []);
});

test("prepareTensorFlow() without any network says what it tried and leaves nothing", async (context) => {
  const made = project(context, { pip: "echo 'Could not find a version' >&2; exit 1" });
  await assert.rejects(made.prepare(), (error: SetupError) => {
    assert.ok(error instanceof SetupError);
    assert.match(error.message, /^Cannot prepare TensorFlow: /);
    assert.match(error.message, /tried: its own installer: .*127\.0\.0\.1:9 cannot be reached/);
    assert.match(error.message, /tried: TensorFlow's wheel: .*pip download.*\n.*Could not find a version/);
    assert.match(error.message, /repair: .*npx rnnlab setup/);
    return true;
  });
  assertNothingLeft(made);
});

test("prepareTensorFlow() refuses a wheel with another checksum and leaves nothing", async (context) => {
  const made = project(context, { pip: 'echo garbage > "$folder/tensorflow.whl"' });
  await assert.rejects(made.prepare(), /checksum differs \(expected [0-9a-f]{12}…, got [0-9a-f]{12}…\)/);
  assertNothingLeft(made);
  assert.deepEqual(readdirSync(made.cache), []);
});

test("prepareTensorFlow() leaves nothing when unpacking breaks off", async (context) => {
  const garbage = createHash("sha256").update("garbage\n").digest("hex");
  const made = project(context, { pip: 'echo garbage > "$folder/tensorflow.whl"', sha256: garbage });
  await assert.rejects(made.prepare(), /File is not a zip file/);
  assert.deepEqual(readdirSync(made.cache), []);
});

test("prepareTensorFlow() without a compiler downloads nothing and names the package to install", async (context) => {
  const made = project(context, { env: { CXX: "/no/compiler" } });
  await assert.rejects(
    made.prepare(),
    /\/no\/compiler does not run[\s\S]*repair: apt-get install g\+\+ make/,
  );
  assertNothingLeft(made);
  assert.deepEqual(made.calls(), []);
  assert.deepEqual(readdirSync(made.cache), []);
});

test("prepareTensorFlow() compiles in a folder with a plain path, as gyp needs it, whatever the project's and the cache's are", async (context) => {
  const compile = `
    const nodedir = process.argv.find((arg) => arg.startsWith("--nodedir=")).slice("--nodedir=".length);
    const include = fs.realpathSync("deps/include/tensorflow/c/c_api.h");
    for (const path of [process.cwd(), nodedir]) if (!/^[\\w./-]+$/.test(path)) throw new Error(path);
    if (!fs.existsSync(nodedir + "/include/node/node_api.h")) throw new Error("no headers");
    fs.writeFileSync("lib/napi-v8/tfjs_binding.node", include)`;
  const folder = 'Zoë\'s "new" $HOME; projects';
  const { prepare, tfjs, cache } = project(context, { compile, folder });
  await prepare();
  const included = readFileSync(join(tfjs, "lib/napi-v8/tfjs_binding.node"), "utf8");
  assert.ok(included.startsWith(cache), included);
});

test("prepareTensorFlow() shows the end of the compiler's output when it fails", async (context) => {
  const made = project(context, { compile: 'console.error("fatal error: no such header"); process.exit(1)' });
  await assert.rejects(
    made.prepare(),
    /Cannot compile tfjs-node's binding[\s\S]*fatal error: no such header/,
  );
  assertNothingLeft(made);
});

test("prepareTensorFlow() takes everything out again that does not compute", async (context) => {
  const made = project(context, { load: 'throw new Error("undefined symbol: TF_NewStatus")' });
  await assert.rejects(made.prepare(), /undefined symbol: TF_NewStatus/);
  assertNothingLeft(made);
});

test("prepareTensorFlow() downloads once when two set-ups start at the same time", async (context) => {
  const first = project(context);
  assert.deepEqual(await Promise.all([first.prepare(), first.prepare()]), [
    "tfjs-node 4.22.0 on TensorFlow 2.18.1",
    "tfjs-node 4.22.0 on TensorFlow 2.18.1",
  ]);
  assert.deepEqual(first.calls(), ["pip"]);
});

test("prepareTensorFlow() proves again what was noted by half", async (context) => {
  const { prepare, tfjs } = project(context);
  await prepare();
  const note = join(tfjs, "lib", "rnnlab-proven.json");
  writeFileSync(note, "{");
  assert.equal(await prepare(), "tfjs-node 4.22.0 on TensorFlow 2.18.1");
  assert.equal(JSON.parse(readFileSync(note, "utf8")).description, "tfjs-node 4.22.0 on TensorFlow 2.18.1");
});

test("prepareTensorFlow() says how to install tfjs-node where it was left out", async (context) => {
  const { options, tfjs } = project(context);
  rmSync(tfjs, { recursive: true });
  await assert.rejects(
    prepareTensorFlow({ ...options, note: () => {} }),
    /tfjs-node must be installed\n {2}repair: npx rnnlab setup, which adds it/,
  );
});
