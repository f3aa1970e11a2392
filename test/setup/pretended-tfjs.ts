import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { prepareTensorFlow } from "../../setup/tensorflow.js";
import { wheelFor } from "../../setup/wheels.js";
import { temporaryFolder, writeScript } from "./temporary.js";

const PINNED = wheelFor("linux-x64") ?? assert.fail("no wheel for Linux on x64");
// Nothing listens there.
const UNREACHABLE = "http://127.0.0.1:9/";
const TENSORFLOW = `
exports.tensor1d = (values) => values;
exports.mul = (values, factor) => values.map((value) => value * factor);
exports.sum = (values) => ({ dataSync: () => [values.reduce((sum, value) => sum + value, 0)] });
exports.version = { "tfjs-node": "4.22.0" };
exports.backend = () => ({ binding: { TF_Version: "2.18.1" } });
`;

export interface Fake {
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
  /** The name of the project's folder. */
  folder?: string;
}

/** A tfjs-node whose installer, wheel, compiler and library are all pretended. */
export function project(context: TestContext, fake: Fake = {}) {
  const root = join(temporaryFolder(context), fake.folder ?? "project");
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
    `wheel=$(dirname "$0")/../tensorflow.whl
     case "$*" in
       *"pip download"*) echo pip >> "$(dirname "$0")/../log"; while [ "$1" != -d ]; do shift; done; folder=$2; mkdir -p "$folder"
         ${fake.pip ?? 'cp "$wheel" "$folder"'};;
       *) exec python3 "$@";;
     esac`,
  );
  const sha256 = fake.sha256 ?? createHash("sha256").update(readFileSync(wheel)).digest("hex");
  const cache = join(root, "cache");
  const options = {
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
    wheel: { ...PINNED, sha256 },
  };
  const prepare = () => prepareTensorFlow({ ...options, note: () => {} });
  const calls = () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
  return { root, tfjs, cache, options, prepare, calls, sha256 };
}

const WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for name in ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2", "include/tensorflow/c/c_api.h", "python/x.py"]:
        wheel.writestr("tensorflow/" + name, name)
`;
