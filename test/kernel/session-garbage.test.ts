import assert from "node:assert/strict";
import { test } from "node:test";
import { residentMemory, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/**
 * What a cell needs to write to the pipe on which its session speaks to the kernel, also with the stamp that is on each of
 * the session's own messages: it is the beginning of the secret on the command line, before the language.
 */
const PRELUDE = `
import { execSync } from "node:child_process";
import { writeSync } from "node:fs";
import { serialize } from "node:v8";
const secret = execSync("ps -ww -o args= -p " + process.pid).toString().trim().split(" ").at(-1)!;
const header = (length: number): Buffer => {
  const bytes = Buffer.from(secret.slice(0, 8).padEnd(16, "0"), "hex");
  bytes.writeUInt32BE(length, 4);
  return bytes;
};
const write = (...parts: Uint8Array[]): void => {
  const bytes = Buffer.concat(parts);
  for (let from = 0; from < bytes.length; ) from += writeSync(3, bytes, from);
};
const send = (value: unknown): void => write(header(serialize(value).length), serialize(value));
const say = (message: unknown): void => send({ message, mark: undefined });`;

const raw: Record<string, string> = {
  "one byte": "writeSync(3, Buffer.from([0]));",
  "four bytes": "writeSync(3, Buffer.from([0, 0, 0, 0]));",
  "a thousand bytes": "writeSync(3, Buffer.alloc(1000, 255));",
  "random bytes": 'writeSync(3, require("crypto").randomBytes(5000));',
  "a megabyte of zeros": "write(Buffer.alloc(2 ** 20));",
  text: 'writeSync(3, "console.log(1)\\n");',
  "a frame without stamp": "write(Buffer.from([0, 0, 0, 0, 0, 0, 0, 5]), Buffer.alloc(5));",
  "a huge length": "write(header(2 ** 32 - 1));",
  "a length just beyond the bound": "write(header(80 * 2 ** 20 + 1));",
  "an empty frame": "write(header(0));",
  "half a text": "write(header(2), Buffer.from([0, 1]));",
  "a frame of random bytes": 'write(header(300), Buffer.from([9]), require("crypto").randomBytes(299));',
  "a frame that ends too early": "write(header(10), serialize({ message: 1 }).subarray(0, 10));",
  "a frame that lacks its end": 'write(header(1000), serialize({ message: "?" }));',
  null: "send(null);",
  undefined: "send(undefined);",
  "a number": "send(7);",
  "a list": "send([]);",
  "a map": "send(new Map([[1, 2]]));",
  "no message": "send({ mark: undefined });",
  "a wrong mark": 'send({ message: { type: "ready" }, mark: { number: "1", descriptors: [1] } });',
  "a mark in another descriptor":
    'send({ message: { type: "ready" }, mark: { number: 1, descriptors: [7] } });',
  "a message that is null": "say(null);",
  "an unknown type": 'say({ type: "explode" });',
  "a type of every object": 'say({ type: "constructor" });',
  "a type that is no text": "say({ type: { toString: 1 } });",
};

/** A right message of each type; each of its fields is then given values that it must not have. */
const right: Record<string, string> = {
  stream: '{ serial: 1, name: "stdout", text: "!" }',
  display: '{ serial: 1, data: { "text/plain": "!" }, metadata: {}, displayId: "d", update: false }',
  clear: "{ serial: 1, wait: false }",
  replay: "{ serial: 1, cell: 1, since: 1 }",
  result: '{ serial: 1, data: { "text/plain": "!" }, metadata: {} }',
  input: '{ id: 1, prompt: "?", password: false }',
  module: '{ id: 1, file: "/no/such.ts" }',
  done: '{ serial: 999_999, error: { ename: "E", evalue: "!", traceback: ["!"] } }',
  expression: '{ serial: 999_999, result: { status: "ok", data: {}, metadata: {} } }',
  comm: '{ kind: "open", serial: 1, request: undefined, commId: "c", targetName: "t", data: {}, metadata: {}, buffers: [] }',
  commHandled: "{ id: 1 }",
};

async function assertEndsSession(code: string): Promise<void> {
  const cell = await kernel().execute(`${PRELUDE}\n${code}\nawait new Promise(() => {});`);
  assert.match(
    cell.traceback,
    /^SessionEnded: the session ended \(what it wrote to the kernel is of no use: ./,
  );
  assert.equal((await kernel().execute("20 + 22")).result, "42");
}

for (const [what, code] of Object.entries(raw)) {
  // The wait of a frame that lacks its end is over when the session writes the next one.
  const more = what === "a frame that lacks its end" ? 'console.log("x".repeat(2000));' : "console.log();";
  test(`${what} on the session's pipe ends the session with the reason, and the kernel lives`, async () => {
    await assertEndsSession(`${code}\n${more}`);
  });
}

for (const [type, fields] of Object.entries(right)) {
  test(`a "${type}" with anything wrong in any field ends the session with the reason`, async () => {
    const names = [...fields.matchAll(/(\w+): /g)]
      .map(([, name]) => name)
      .filter((name) => fields.includes(`${name}:`));
    const top = names.filter((name) => Object.hasOwn(JSON.parse(asJson(fields)), name!));
    assert.ok(top.length > 0);
    for (const name of top) await assertEndsSession(`say({ type: "${type}", ...${fields}, ${name}: 1n });`);
  });
}

/** The fields above as JSON. */
function asJson(fields: string): string {
  return fields
    .replace(/(\w+): /g, '"$1": ')
    .replaceAll("undefined", "null")
    .replaceAll("999_999", "999999");
}

test("values that no JSON can have end the session with the reason", async () => {
  for (const value of [
    "1n",
    "[{ deep: 1n }]",
    "(() => { const loop: unknown[] = []; loop.push(loop); return loop; })()",
  ]) {
    await assertEndsSession(
      `say({ type: "display", serial: 1, data: { "application/json": ${value} }, metadata: {}, displayId: undefined, update: false });`,
    );
  }
});

test("right messages out of order harm nothing", async () => {
  const [done, expression, handled] = [right.done, right.expression, right.commHandled];
  const cell = await kernel().execute(`${PRELUDE}
    for (let i = 0; i < 3; i++) say({ type: "ready" });
    say({ type: "done", ...${done} });
    say({ type: "expression", ...${expression} });
    say({ type: "commHandled", ...${handled} });
    say({ type: "childEnded" });
    "fine"`);
  assert.equal(cell.result, "'fine'", cell.traceback);
});

test("what was printed before the garbage is kept", async () => {
  const cell = await kernel().execute(
    `${PRELUDE}\nconsole.log("before"); writeSync(3, "garbage!");\nawait new Promise(() => {});`,
  );
  assert.equal(cell.stdout, "before\n");
  assert.equal(cell.error?.ename, "SessionEnded");
});

const closings: Record<string, string> = {
  "closes the pipe to the kernel": 'require("fs").closeSync(3); console.log("not heard");',
  "closes the pipe to the kernel and waits": 'require("fs").closeSync(3); await new Promise(() => {});',
  "closes the pipe from the kernel": 'require("fs").closeSync(4); await new Promise(() => {});',
  "puts a file in the place of the pipe":
    'const fs = require("fs"); fs.closeSync(3); fs.openSync("/dev/null", "w"); await new Promise(() => {});',
};

for (const [what, code] of Object.entries(closings)) {
  test(`a cell that ${what} ends with its session`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.error?.ename, "SessionEnded");
    assert.match(`${cell.traceback}${cell.stderr}`, /file descriptor/);
    assert.equal((await kernel().execute("1 + 1")).result, "2");
  });
}

test("bytes written to the descriptor on which the session listens harm nothing", async () => {
  const cell = await kernel().execute(
    'const fs = require("fs");\nfor (let i = 0; i < 5; i++) fs.writeSync(4, Buffer.alloc(1000, 255));\n"fine"',
  );
  assert.equal(cell.result, "'fine'", cell.traceback);
  assert.equal((await kernel().execute("const two = 1 + 1; two")).result, "2");
  // Only the debugger has lost its answers: it says so, and help on a variable does without its value.
  const request = { type: "request", seq: 1, command: "initialize", arguments: {} };
  const reply = await kernel().request("control", "debug_request", request);
  assert.match(
    String(reply.content.message),
    /a cell has written where V8's inspector answers .*: restart the kernel/,
  );
  const help = await kernel().request("shell", "inspect_request", {
    code: "two",
    cursor_pos: 1,
    detail_level: 0,
  });
  assert.equal((help.content.data as Record<string, unknown>)["text/plain"], "const two: number");
  assert.equal((await kernel().execute("two + 40")).result, "42");
});

for (const message of ["null", "{ id: 1 }", '{ event: "Debugger.paused" }', "{ result: {} }"]) {
  test(`${message} where V8's inspector answers costs the debugger alone`, async () => {
    await kernel().execute("process.exit()");
    const code = `${PRELUDE}\nconst data = serialize(${message});\nwriteSync(4, Buffer.concat([header(data.length), data]));\n"fine"`;
    const cell = await kernel().execute(code);
    assert.equal(cell.result, "'fine'", cell.traceback);
    assert.equal((await kernel().execute("20 + 22")).result, "42");
    const asked = async (seq: number, command: string) =>
      kernel().request("control", "debug_request", { type: "request", seq, command, arguments: {} });
    // Another session may have been debugged before.
    await asked(1, "initialize");
    const { content } = await asked(2, "attach");
    assert.match(String(content.message), /a cell has written where V8's inspector answers/);
  });
}

test("much garbage does not fill the kernel's memory", async () => {
  const memory = (): number => residentMemory(kernel().process.pid);
  const before = memory();
  const cell = await kernel().execute(`${PRELUDE}
    for (let i = 0; i < 2000; i++) { write(header(80 * 2 ** 20)); write(Buffer.alloc(2 ** 20)); }`);
  assert.equal(cell.error?.ename, "SessionEnded");
  assert.ok(memory() - before < 300, `memory grew from ${before} to ${memory()} MB`);
});

test("a cell that reads where the kernel's messages arrive is told that there is nothing, and goes on", async () => {
  const cell = await kernel().execute('import { readSync } from "node:fs";\nreadSync(4, Buffer.alloc(10))');
  assert.match(cell.traceback, /^Error: EAGAIN: /);
  assert.equal((await kernel().execute("20 + 22")).result, "42");
});
