import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
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

test("a build after one by another TypeScript checks all types", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "rnnlab-build-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "scripts"));
  for (const name of ["package.json", "scripts/run.mjs", "scripts/bundle.mjs", "scripts/require-node.cjs"])
    copyFileSync(join(packageRoot, name), join(folder, name));
  symlinkSync(join(packageRoot, "node_modules"), join(folder, "node_modules"), "junction");
  const compilerOptions = {
    ...{ incremental: true, tsBuildInfoFile: "dist/.tsbuildinfo" },
    ...{ rootDir: ".", outDir: "dist", types: [], strict: true },
  };
  const [config, source] = [join(folder, "tsconfig.json"), join(folder, "a.ts")];
  writeFileSync(config, JSON.stringify({ compilerOptions, files: ["a.ts"] }));
  writeFileSync(source, 'export const x: number = "text";');
  const build = (...command: string[]) =>
    spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
  assert.match(
    build(join(packageRoot, "node_modules/typescript-5-0/bin/tsc"), "-b", config).stdout,
    /TS2322/,
  );
  const again = build(join(folder, "scripts/run.mjs"));
  assert.match(again.stderr, /TS2322[\s\S]*Cannot build: the types do not check/);
  assert.equal(again.status, 1);
  writeFileSync(source, "export const x: number = 1;");
  assert.equal(build(join(folder, "scripts/run.mjs")).status, 0);
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
