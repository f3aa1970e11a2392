import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { type DisplayHost, type DisplayMessage, ProgressBar } from "rnnlab/display";

test("a progress bar draws its first and last state in one place, and not each of many quick steps", () => {
  const hostSymbol = Symbol.for("rnnlab.displayHost");
  const globals = globalThis as { [hostSymbol]?: DisplayHost };
  const published: DisplayMessage[] = [];
  const cell = { id: "a", executionCount: 1 };
  globals[hostSymbol] = { publish: (message) => published.push(message), clear: () => undefined, cell };
  const start = performance.now();
  const bar = new ProgressBar(1000);
  let written = 0;
  for (let step = 1; step <= 1000; step++) {
    bar.update(step, () => {
      written++;
      return `step ${step} <of> 1000`;
    });
  }
  const quarters = Math.floor((performance.now() - start) / 250);
  bar.finish("done");
  delete globals[hostSymbol];
  assert.equal(written, published.length - 1);
  assert.ok(written >= 1 && written <= quarters + 1);
  assert.equal(new Set(published.map(({ displayId }) => displayId)).size, 1);
  assert.deepEqual([published[0]?.update, published.at(-1)?.update], [false, true]);
  assert.match(String(published[0]?.data["text/html"]), /value="1" max="1000".* step 1 &lt;of&gt; 1000/);
  assert.equal(published.at(-1)?.data["text/plain"], `[${"=".repeat(24)}] done`);
});

test("a terminal gets the last state only", () => {
  const program = `const { ProgressBar } = require("rnnlab/display");
    const bar = new ProgressBar(2); bar.update(1, "one"); bar.finish("stopped");`;
  assert.equal(
    execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }),
    `[${"=".repeat(12)}${" ".repeat(12)}] stopped\n`,
  );
});

test("a progress bar refuses less than nothing", () => {
  for (const done of [-1, Number.NaN]) {
    assert.throws(() => new ProgressBar(2).update(done, ""), {
      name: "RangeError",
      message: `Cannot update ProgressBar: done must be a number from 0, got ${done}`,
    });
  }
});

test("a progress bar needs a total", () => {
  assert.throws(() => new ProgressBar(0), {
    name: "RangeError",
    message: "Cannot create ProgressBar: total must be a positive number, got 0",
  });
});

test("escapes in the text of a progress bar neither colour nor clear a terminal", () => {
  const program = `const { ProgressBar } = require("rnnlab/display");
    new ProgressBar(1).finish("a\\u001b[31m\\tb\\u0007\\r\\nnext\\u009b2J");`;
  assert.equal(
    execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }),
    `[${" ".repeat(24)}] a\\x1b[31m b\\x07 \nnext\\x9b2J\n`,
  );
});
