import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { venvPython } from "../../setup/paths.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { run } from "../../tools/kernel-client/index.js";
import { temporaryFolder } from "./temporary.js";

/** How long pip may take, in ms: far more than it does, on a machine that is busy, too. */
const PATIENCE = 10 * 60_000;

// pip looks up what another Python may have, but takes the conditions after a semicolon to be about its own.
const PIP = `
import platform, runpy, sys
version = sys.argv.pop(1)
platform.python_version = lambda: version + ".0"
platform.python_version_tuple = lambda: (*version.split("."), "0")
runpy.run_module("pip", run_name="__main__", alter_sys=True)`;

for (const version of ["3.10", "3.11", "3.12", "3.13", "3.14"]) {
  test(`the Python packages of set-up can be installed with Python ${version}`, async (context) => {
    const args = [
      ...["-c", PIP, version, "install", "--quiet", "--dry-run", "--ignore-installed"],
      ...["--disable-pip-version-check", "--retries", "1", "--timeout", "20"],
      ...["--only-binary=:all:", "--target", temporaryFolder(context), "--python-version", version],
      ...["-r", join(packageRoot, "setup/requirements.txt")],
    ];
    const { status, stderr } = await run(venvPython(), args, { milliseconds: PATIENCE });
    const offline = /Failed to establish|timed out|ProxyError/.test(stderr);
    assert.equal(status, 0, `${offline ? "The test needs the package index. " : ""}${stderr}`);
  });
}
