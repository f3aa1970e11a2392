import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { temporaryFolder } from "../setup/temporary.js";

/** Runs a script with a Node that takes itself for another version. */
function runAs(context: TestContext, version: string, args: string[]) {
  const preload = join(temporaryFolder(context), "version.cjs");
  const value = `{ ...process.versions, node: ${JSON.stringify(version)} }`;
  writeFileSync(preload, `Object.defineProperty(process, "versions", { value: ${value} });`);
  const options = { cwd: packageRoot, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-r", preload, ...args], options);
  return { status, stdout, stderr };
}

const COMMANDS = [
  ["scripts/rnnlab.mjs", "setup"],
  ["scripts/rnnlab.mjs", "--version"],
  ["scripts/run.mjs", "start"],
  ["dist/cli/main.js", "kernel", "connection.json"],
];

test("every command ends with 1 and one sentence where Node is too old", (context) => {
  for (const version of ["20.11.1", "18.20.8", "9.11.2"]) {
    const stderr = `Cannot run rnnlab: Node must be 20.12 or newer, got ${version} (${process.execPath})\n`;
    for (const command of COMMANDS) {
      assert.deepEqual(
        runAs(context, version, command),
        { status: 1, stdout: "", stderr },
        command.join(" "),
      );
    }
  }
});

test("a command runs with the oldest Node that will do, and with newer ones", (context) => {
  for (const version of ["20.12.0", "20.20.2", "22.0.0", "100.1.0"]) {
    assert.equal(runAs(context, version, ["scripts/rnnlab.mjs", "--version"]).status, 0, version);
  }
});
