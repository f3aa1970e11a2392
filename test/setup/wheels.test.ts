import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { libtensorflow } from "../../setup/libtensorflow.js";
import type { Platform } from "../../setup/platform.js";
import { type Wheel, wheelFor } from "../../setup/wheels.js";
import { temporaryFolder, writeScript } from "./temporary.js";

const HEADER = "tensorflow/include/tensorflow/c/c_api.h";

/** What the real wheels have of the library, and something that is not wanted. */
const LISTINGS: Partial<Record<Platform, readonly string[]>> = {
  "linux-x64": [
    "tensorflow/libtensorflow_cc.so.2",
    "tensorflow/libtensorflow_framework.so.2",
    "tensorflow/python/_pywrap_tensorflow_internal.so",
  ],
  "linux-arm64": [
    "tensorflow.libs/libomp-6196b3b5.so.5",
    "tensorflow/libtensorflow_cc.so.2",
    "tensorflow/libtensorflow_framework.so.2",
    "tensorflow/python/_pywrap_tensorflow_internal.so",
  ],
  "darwin-arm64": [
    "tensorflow/libtensorflow_cc.2.dylib",
    "tensorflow/libtensorflow_framework.2.dylib",
    "tensorflow/python/_pywrap_tensorflow_internal.so",
  ],
  "darwin-x64": [
    "tensorflow/libtensorflow_cc.2.dylib",
    "tensorflow/libtensorflow_framework.2.dylib",
    "tensorflow/python/_pywrap_tensorflow_internal.so",
  ],
  "win32-x64": [
    "tensorflow/compiler/tf2xla/ops/_xla_ops.so",
    "tensorflow/python/_pywrap_tensorflow_internal.lib",
    "tensorflow/python/_pywrap_tensorflow_internal.pyd",
  ],
};

/** What `lib/` must then hold: a file, or what it links to. */
const LIBRARIES: Partial<Record<Platform, Readonly<Record<string, string>>>> = {
  "linux-x64": {
    "libtensorflow.so": "-> libtensorflow_cc.so.2",
    "libtensorflow.so.2": "-> libtensorflow_cc.so.2",
    "libtensorflow_cc.so.2": "tensorflow/libtensorflow_cc.so.2",
    "libtensorflow_framework.so": "-> libtensorflow_framework.so.2",
    "libtensorflow_framework.so.2": "tensorflow/libtensorflow_framework.so.2",
  },
  "linux-arm64": {
    "libomp-6196b3b5.so.5": "tensorflow.libs/libomp-6196b3b5.so.5",
    "libtensorflow.so": "-> libtensorflow_cc.so.2",
    "libtensorflow.so.2": "-> libtensorflow_cc.so.2",
    "libtensorflow_cc.so.2": "tensorflow/libtensorflow_cc.so.2",
    "libtensorflow_framework.so": "-> libtensorflow_framework.so.2",
    "libtensorflow_framework.so.2": "tensorflow/libtensorflow_framework.so.2",
  },
  "darwin-arm64": {
    "libtensorflow.2.dylib": "-> libtensorflow_cc.2.dylib",
    "libtensorflow.dylib": "-> libtensorflow_cc.2.dylib",
    "libtensorflow_cc.2.dylib": "tensorflow/libtensorflow_cc.2.dylib",
    "libtensorflow_framework.2.dylib": "tensorflow/libtensorflow_framework.2.dylib",
    "libtensorflow_framework.dylib": "-> libtensorflow_framework.2.dylib",
  },
  "darwin-x64": {
    "libtensorflow.2.dylib": "-> libtensorflow_cc.2.dylib",
    "libtensorflow.dylib": "-> libtensorflow_cc.2.dylib",
    "libtensorflow_cc.2.dylib": "tensorflow/libtensorflow_cc.2.dylib",
    "libtensorflow_framework.2.dylib": "tensorflow/libtensorflow_framework.2.dylib",
    "libtensorflow_framework.dylib": "-> libtensorflow_framework.2.dylib",
  },
  "win32-x64": {
    "_pywrap_tensorflow_internal.pyd": "tensorflow/python/_pywrap_tensorflow_internal.pyd",
    "python311.dll": "Python's own",
    "tensorflow.lib": "tensorflow/python/_pywrap_tensorflow_internal.lib",
    "tensorflow_framework.lib": "-> tensorflow.lib",
  },
};

const REQUESTS: Partial<Record<Platform, string>> = {
  "linux-x64": "manylinux2014_x86_64 tensorflow-cpu==2.18.1",
  "linux-arm64": "manylinux2014_aarch64 tensorflow==2.18.1",
  "darwin-arm64": "macosx_12_0_arm64 tensorflow==2.18.1",
  "darwin-x64": "macosx_10_15_x86_64 tensorflow==2.16.2",
  "win32-x64": "win_amd64 tensorflow-cpu==2.18.1",
};

const ZIP = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for name in sys.argv[2:]:
        wheel.writestr(name, name)
`;

for (const [platform, listing] of Object.entries(LISTINGS) as [Platform, string[]][])
  test(`the library for ${platform} is what its wheel has, under the names that addons link to`, async (context) => {
    const root = temporaryFolder(context);
    const file = join(root, "tensorflow.whl");
    execFileSync("python3", ["-c", ZIP, file, HEADER, ...listing]);
    writeFileSync(join(root, "python311.dll"), "Python's own");
    // A Python that has a package index, and that is installed where the DLL is.
    const python = writeScript(
      join(root, "python"),
      `case "$*" in
         *"pip download"*) echo "$*" > ${root}/request; while [ "$1" != -d ]; do shift; done; mkdir -p "$2"; cp ${file} "$2";;
         *base_prefix*) echo ${root}/"$3";;
         *) exec python3 "$@";;
       esac`,
    );
    const pinned = wheelFor(platform) ?? assert.fail("no wheel");
    const from: Wheel = { ...pinned, sha256: createHash("sha256").update(readFileSync(file)).digest("hex") };
    const cache = join(root, "cache");
    mkdirSync(cache);
    const folder = await libtensorflow(python, cache, () => undefined, process.env, from);
    assert.deepEqual(readdirSync(folder).sort(), ["include", "lib"]);
    assert.equal(readFileSync(join(folder, "include/tensorflow/c/c_api.h"), "utf8"), HEADER);
    const lib = join(folder, "lib");
    const content = readdirSync(lib, { withFileTypes: true }).map((entry) => {
      const path = join(lib, entry.name);
      return [entry.name, entry.isSymbolicLink() ? `-> ${readlinkSync(path)}` : readFileSync(path, "utf8")];
    });
    assert.deepEqual(Object.fromEntries(content), LIBRARIES[platform]);
    const words = readFileSync(join(root, "request"), "utf8").trim().split(" ");
    const asked = [words[words.indexOf("--platform") + 1], words.at(-1)].join(" ");
    assert.equal(asked, REQUESTS[platform]);
    assert.match(pinned.sha256, /^[0-9a-f]{64}$/);
  });

test("on a platform without a wheel there is none", () => {
  for (const platform of ["linux-ia32", "win32-arm64", "freebsd-x64"] as const)
    assert.equal(wheelFor(platform), undefined);
});

test("the wheel for Windows needs the Python that it is made for, and says so", async (context) => {
  const root = temporaryFolder(context);
  const file = join(root, "tensorflow.whl");
  execFileSync("python3", ["-c", ZIP, file, HEADER, ...(LISTINGS["win32-x64"] ?? [])]);
  const python = writeScript(
    join(root, "python"),
    `case "$*" in
       *"pip download"*) while [ "$1" != -d ]; do shift; done; mkdir -p "$2"; cp ${file} "$2";;
       *) exec python3 "$@";;
     esac`,
  );
  const pinned = wheelFor("win32-x64") ?? assert.fail("no wheel");
  const from = { ...pinned, sha256: createHash("sha256").update(readFileSync(file)).digest("hex") };
  await assert.rejects(
    libtensorflow(python, root, () => undefined, process.env, from),
    /Cannot use TensorFlow's wheel: it needs python311\.dll.*\n.*\n.*install Python 3\.11/,
  );
});
