import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { installKernel, python, run } from "../../tools/kernel-client/index.js";

test("jupyter_client starts, executes, interrupts, restarts and ends the installed kernel", async () => {
  const home = await installKernel();
  try {
    const script = resolve(packageRoot, "test/kernel/jupyter_client_session.py");
    const { status, stdout, stderr } = await run(python(), [script], { env: home.env });
    assert.equal(status, 0, stdout + stderr);
    assert.deepEqual(JSON.parse(stdout), {
      executed: "ok",
      outputs: ["execute_input", "stream", "execute_result"],
      interrupted: "KeyboardInterrupt",
      kept: "5",
      "another process": true,
      "after restart": "2",
      "heart beats": true,
      ended: true,
    });
  } finally {
    home.remove();
  }
});

test("jupyter run runs a script, shows its output and fails when it throws", async () => {
  const home = await installKernel();
  try {
    const runScript = (code: string) => {
      const script = join(home.directory, "script.ts");
      writeFileSync(script, code);
      const args = ["-m", "jupyter_client.runapp", "--kernel", "rnnlab", script];
      return run(python(), args, { env: home.env, cwd: home.directory });
    };
    const good = await runScript(
      'const words: string[] = ["from", "the", "script"];\nconsole.log(words.join(" "));',
    );
    assert.equal(good.status, 0, good.stderr);
    assert.match(good.stdout, /^from the script$/m);
    const bad = await runScript('throw new Error("refused");');
    assert.equal(bad.status, 1, bad.stdout);
    assert.match(bad.stderr, /refused/);
  } finally {
    home.remove();
  }
});
