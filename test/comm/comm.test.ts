import assert from "node:assert/strict";
import { test } from "node:test";
import { openComm, registerCommTarget, unregisterCommTarget } from "rnnlab/comm";

// What they do within a kernel is tested there: test/kernel/comm.test.ts.

test("openComm() says where comms work when there is no kernel", () => {
  assert.throws(() => openComm("chart"), /^Error: Cannot open a comm: there is no front end; run this in a/);
});

test("registerCommTarget() without a kernel registers nothing", () => {
  registerCommTarget("echo", () => assert.fail("it was opened"));
  assert.equal(unregisterCommTarget("echo"), false);
});
