import assert from "node:assert/strict";
import { test } from "node:test";
import { runChecks } from "../../../scripts/checks/check.js";

test("runChecks() runs every check, also after one that fails or breaks, and counts them", async () => {
  const lines: string[] = [];
  const totals = await runChecks(
    [
      { name: "bad", run: async () => ["first", "second\nmore"] },
      { name: "broken", run: () => Promise.reject(new Error("cannot run")) },
      { name: "good", run: async () => [] },
    ],
    (line) => lines.push(line.replace(/\(.*s\)/, "(s)")),
  );
  assert.deepEqual(totals, { passed: 1, failed: 2 });
  assert.deepEqual(lines.slice(0, 4), ["✖ bad (s)", "    first", "    second\n    more", "✖ broken (s)"]);
  assert.match(lines[4] ?? "", /Error: cannot run/);
  assert.equal(lines.at(-1), "✔ good (s)");
});
