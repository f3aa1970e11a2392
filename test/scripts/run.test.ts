import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";

test("every script shows its help and does nothing else", () => {
  const scripts = readdirSync(join(packageRoot, "scripts")).filter((name) => name.endsWith(".ts"));
  const commands = scripts.filter((name) => name !== "run-main.ts").map((name) => name.replace(/\.ts$/, ""));
  for (const command of [...commands, "../tools/bench/main"]) {
    for (const option of ["--help", "-h"]) {
      const args = [join(packageRoot, "scripts/run.mjs"), command, option];
      const help = execFileSync(process.execPath, args, { encoding: "utf8" });
      assert.match(help, /^`npm (run )?[a-z-]+( -- [^`]+)?`: [\s\S]+\.\n$/, command);
    }
  }
  const help = execFileSync("npm", ["start", "--silent", "--", "--help"], {
    cwd: packageRoot,
    encoding: "utf8",
  });
  assert.match(help, /^`npm start -- \[NOTEBOOK…\] \[--size quick\|full\] \[--data DIR\]`: /);
});

if (process.platform !== "win32")
  test("a TERM to npm ends JupyterLab and all that belongs to it", async () => {
    const args = ["run", "lab", "--", "--no-browser", "--port=0"];
    const lab = spawn("npm", args, { cwd: packageRoot, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const isUp = new Promise<void>((settle, reject) => {
      const read = (text: Buffer) => {
        output += text;
        if (output.includes("/lab?token=")) settle();
      };
      lab.stdout.on("data", read);
      lab.stderr.on("data", read);
      lab.on("close", () => reject(new Error(output)));
    });
    await isUp;
    lab.kill("SIGTERM");
    // The pipes are closed when the last process that writes to them is gone.
    await once(lab, "close");
    assert.match(output, /received signal 15, stopping/);
  });
