import assert from "node:assert/strict";
import { test } from "node:test";
import { frameMessage, makeHeader, until, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

async function assertDropped(parts: readonly string[], reason: RegExp): Promise<void> {
  for (const channel of ["shell", "control", "stdin"] as const) {
    const before = kernel().process.log.length;
    await kernel().sendRaw(channel, frameMessage(kernel().connection.key, parts));
    const dropped = (): boolean => reason.test(kernel().process.log.slice(before));
    await until(dropped, 20_000, () => `nothing about it was logged: ${kernel().process.log}`);
  }
  assert.equal((await kernel().execute("20 + 22")).result, "42");
}

const header = JSON.stringify(makeHeader("kernel_info_request", "tester"));

test("a message that nests too deeply is dropped with a line in the log, whatever part of it does", async () => {
  for (const deep of ["[".repeat(1_000_000), `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`]) {
    const parts = [header, "{}", "{}", "{}"];
    for (let part = 0; part < 4; part++)
      await assertDropped(
        parts.with(part, deep),
        part === 0 ? /header must take|levels deep/ : /levels deep/,
      );
  }
});

test("a message whose header is huge is dropped with a line in the log", async () => {
  const huge = JSON.stringify({ ...makeHeader("kernel_info_request", "tester"), more: "x".repeat(100_000) });
  await assertDropped([huge, "{}", "{}", "{}"], /header must take at most 65536 bytes, got 100/);
});

test("brackets within texts do not count as levels", async () => {
  const code = `${JSON.stringify(`\\"${"[{".repeat(2000)}`)}.length`;
  assert.equal((await kernel().execute(code)).result, "4002");
});

test("content of 100 MB is taken, and later cells run", async () => {
  const content = { code: "cons", cursor_pos: 4, more: "x".repeat(1e8) };
  assert.equal((await kernel().request("shell", "complete_request", content)).content.status, "ok");
  assert.equal((await kernel().execute("20 + 22")).result, "42");
});
