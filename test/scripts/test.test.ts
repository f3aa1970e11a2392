import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { test } from "node:test";

test("npm test refuses words that no test file has in its path, before it starts anything", () => {
  const script = resolve(__dirname, "../../scripts/test.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "no-such-test"], {
    encoding: "utf8",
  });
  assert.deepEqual(
    { status, stdout, stderr },
    {
      status: 1,
      stdout: "",
      stderr: "Cannot run tests: the path of a test file must contain no-such-test, got none\n",
    },
  );
});
