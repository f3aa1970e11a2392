import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { SetupError } from "../../setup/setup-error.js";
import { prepareTensorFlow } from "../../setup/tensorflow.js";
import { temporaryFolder, writeScript } from "./temporary.js";

// Nothing listens there.
const UNREACHABLE = "http://127.0.0.1:9/";
const TENSORFLOW = `
exports.tensor1d = (values) => values;
exports.mul = (values, factor) => values.map((value) => value * factor);
exports.sum = (values) => ({ dataSync: () => [values.reduce((sum, value) => sum + value, 0)] });
exports.version = { "tfjs-node": "4.22.0" };
exports.backend = () => ({ binding: { TF_Version: "2.18.1" } });
`;

interface Fake {
  /** What the package's own installer does, in JavaScript. */
  installer?: string;
  /** Where its downloads come from. */
  host?: string;
  /** What `pip download` does in the shell; $folder is where the wheel goes, $wheel the wheel. */
  pip?: string;
  /** What node-pre-gyp does, in JavaScript, with `lib` made. */
  compile?: string;
  /** What loading TensorFlow does before it computes, in JavaScript. */
  load?: string;
  env?: NodeJS.ProcessEnv;
  sha256?: string;
}

/** A tfjs-node whose installer, wheel, compiler and library are all pretended. */
function project(context: TestContext, fake: Fake = {}) {
  const root = temporaryFolder(context);
  const tfjs = join(root, "node_modules/@tensorflow/tfjs-node");
  const preGyp = join(tfjs, "node_modules/@mapbox/node-pre-gyp");
  for (const folder of [join(tfjs, "scripts"), join(tfjs, "binding"), join(preGyp, "bin"), join(root, "bin")])
    mkdirSync(folder, { recursive: true });
  const host = fake.host ?? UNREACHABLE;
  const binary = { host, napi_versions: [3, 4, 5, 6, 7, 8] };
  writeFileSync(join(root, "package.json"), "{}");
  writeFileSync(join(tfjs, "package.json"), JSON.stringify({ version: "4.22.0", binary }));
  writeFileSync(join(tfjs, "binding.gyp"), "{}");
  writeFileSync(join(tfjs, "scripts/install.js"), fake.installer ?? "process.exit(3)");
  writeFileSync(join(preGyp, "package.json"), '{"name":"@mapbox/node-pre-gyp"}');
  writeFileSync(
    join(preGyp, "bin/node-pre-gyp"),
    `const fs = require("node:fs"); fs.mkdirSync("lib/napi-v8", { recursive: true });
     ${fake.compile ?? 'fs.writeFileSync("lib/napi-v8/tfjs_binding.node", "compiled")'}`,
  );
  const entry = join(root, "tensorflow.js");
  writeFileSync(
    entry,
    `const fs = require("node:fs"); const tfjs = ${JSON.stringify(tfjs)};${fake.load ?? ""};${TENSORFLOW}`,
  );
  const wheel = join(root, "tensorflow.whl");
  execFileSync("python3", ["-c", WHEEL, wheel]);
  const log = join(root, "log");
  const python = writeScript(
    join(root, "bin/python"),
    `wheel=${wheel}
     case "$*" in
       *"pip download"*) echo pip >> ${log}; while [ "$1" != -d ]; do shift; done; folder=$2; mkdir -p "$folder"
         ${fake.pip ?? 'cp "$wheel" "$folder"'};;
       *) exec python3 "$@";;
     esac`,
  );
  const sha256 = fake.sha256 ?? createHash("sha256").update(readFileSync(wheel)).digest("hex");
  const cache = join(root, "cache");
  const prepare = () =>
    prepareTensorFlow({
      from: join(root, "package.json"),
      entry,
      cache,
      python,
      env: {
        ...process.env,
        TFJS_NODE_BASE_URI: host,
        HTTPS_PROXY: "",
        HTTP_PROXY: "",
        https_proxy: "",
        http_proxy: "",
        ...fake.env,
      },
      note: () => {},
      wheel: { version: "2.18.1", sha256 },
    });
  const calls = () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
  return { root, tfjs, cache, prepare, calls, sha256 };
}

const WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for name in ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2", "include/tensorflow/c/c_api.h", "python/x.py"]:
        wheel.writestr("tensorflow/" + name, name)
`;

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

test("prepareTensorFlow() without a compiler keeps the library and names the package to install", async (context) => {
  const made = project(context, { env: { CXX: "/no/compiler" } });
  await assert.rejects(
    made.prepare(),
    /\/no\/compiler does not run[\s\S]*repair: apt-get install g\+\+ make/,
  );
  assertNothingLeft(made);
  assert.deepEqual(
    readdirSync(made.cache).map((name) => name.replace(/-[^-]*$/, "")),
    ["libtensorflow-2.18.1"],
  );
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
