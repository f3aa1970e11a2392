import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { cacheEntry } from "../../setup/cache-entry.js";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { nativeOpsFile } from "../../src/platform/native-ops-entry.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { findTfjs } from "../../src/platform/tfjs-node.js";
import { networkEnvironment } from "../../tools/certificates.js";
import { compilerRuns, runCompiler } from "../compiler.js";

/** As npm has it: a package for each platform, with the program and its headers. */
const PACKAGE = `node-${process.platform}-${process.arch}@26.10.0`;
const compiled = (path: string) => JSON.stringify(join(packageRoot, "dist", path));

/** Which headers an addon would be compiled with, and what the addons that are there compute. */
const PROGRAM = `
const { findBuildTools } = require(${compiled("setup/node-gyp.js")});
const { proveNativeOps } = require(${compiled("setup/native-ops.js")});
(async () => {
  const [python, cache, ops] = process.argv.slice(1);
  const { headers } = await findBuildTools("an addon", python, cache, process.env);
  const sets = await proveNativeOps(${compiled("src/tensorflow.js")}, ops, process.env);
  console.log(JSON.stringify({ major: Number.parseInt(process.versions.node, 10), headers, sets }));
})();`;

if (process.platform === "linux") {
  describe("the newest Node.js", () => {
    let folder: string;

    before(async () => {
      const cache = cacheDirectory();
      mkdirSync(cache, { recursive: true });
      const entry = await cacheEntry(cache, `test-${PACKAGE}`, async (aside) => {
        const packed = execFileSync("npm", ["pack", "--silent", PACKAGE], {
          cwd: aside,
          env: networkEnvironment(),
          encoding: "utf8",
        });
        execFileSync("tar", ["xzf", packed.trim()], { cwd: aside });
      });
      folder = join(entry, "package");
    });

    test("compiles with its own headers, and computes with the addons that another Node was set up with", () => {
      const node = join(folder, "bin/node");
      const args = ["-e", PROGRAM, "python3", join(folder, "../cache"), nativeOpsFile()];
      // As npm says it, whose own Node is another.
      const env = { ...process.env, npm_config_nodedir: dirname(dirname(process.execPath)) };
      const { major, headers, sets } = JSON.parse(execFileSync(node, args, { encoding: "utf8", env }));
      assert.equal(major, 26);
      assert.equal(headers, folder);
      assert.ok(sets.length > 0);
    });

    test("has headers with which both addons are valid C++", {
      skip: !compilerRuns() && "no compiler",
    }, () => {
      const tfjs = findTfjs(join(packageRoot, "package.json")).folder;
      const include = [join(folder, "include/node"), join(tfjs, "deps/include"), tfjs];
      const flags = ["-fsyntax-only", "-std=c++20", "-Wno-deprecated", ...include.map((each) => `-I${each}`)];
      for (const source of [
        join(packageRoot, "src/native/addon.cc"),
        join(tfjs, "binding/tfjs_binding.cc"),
        join(tfjs, "binding/tfjs_backend.cc"),
      ])
        runCompiler([...flags, source]);
    });
  });
}
