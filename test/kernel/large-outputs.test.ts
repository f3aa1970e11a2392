import assert from "node:assert/strict";
import { test } from "node:test";
import { type Execution, residentMemory, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** The longest text of a stream message: as JSON, each of its characters takes at most six. */
const LONGEST_PIECE = 2 ** 20;

const memory = (): number => residentMemory(kernel().process.pid);

async function assertAlive(cell: Execution): Promise<void> {
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal((await kernel().execute("20 + 22")).result, "42");
}

const texts: Record<string, [code: string, character: string, length: number]> = {
  "zero bytes": ["process.stdout.write(Buffer.alloc(3e7));", "\0", 3e7],
  "zero characters": ['process.stdout.write("\\0".repeat(3e7));', "\0", 3e7],
  "quotation marks": ['process.stdout.write("\\"".repeat(3e7));', '"', 3e7],
  "line ends": ['process.stdout.write("\\n".repeat(3e7));', "\n", 3e7],
  "characters of two units": ['process.stdout.write("😀".repeat(3e6));', "😀", 6e6],
  "bytes of characters of four": ['process.stdout.write(Buffer.from("😀".repeat(3e6)));', "😀", 6e6],
  "zero bytes to descriptor 1": [
    'import { writeSync } from "node:fs";\nwriteSync(1, Buffer.alloc(3e7));',
    "\0",
    3e7,
  ],
  "zero bytes from a child": [
    'import { execSync } from "node:child_process";\nexecSync("head -c 30000000 /dev/zero", { stdio: "inherit" });',
    "\0",
    3e7,
  ],
};

for (const [what, [code, character, length]] of Object.entries(texts)) {
  test(`much text arrives whole in pieces of bounded size: ${what}`, async () => {
    const cell = await kernel().execute(`${code}\nundefined`);
    const pieces = cell.contents("stream").map(({ text }) => String(text));
    assert.ok(Math.max(...pieces.map((piece) => piece.length)) <= LONGEST_PIECE);
    assert.equal(cell.stdout.length, length);
    assert.ok(cell.stdout === character.repeat(length / character.length));
    await assertAlive(cell);
  });
}

test("text of which no message could hold the JSON arrives, and little of it is in memory at once", async () => {
  const before = memory();
  const id = await kernel().submit('console.log("\\0".repeat(1e8));');
  let most = 0;
  await kernel().waitFor(
    (message) => {
      if (message.parent.msg_id !== id) return false;
      if (message.header.msg_type === "stream") most = Math.max(most, memory());
      return message.content.execution_state === "idle";
    },
    "idle",
    120_000,
  );
  const cell = await kernel().finish(id);
  assert.equal(cell.stdout.length, 1e8 + 1);
  assert.ok(most - before < 200, `memory grew from ${before} to ${most} MB`);
  await assertAlive(cell);
});

const PRELUDE = `
const display = Reflect.get(globalThis, Symbol.for("rnnlab.displayHost"));
const comm = Reflect.get(globalThis, Symbol.for("rnnlab.commHost"));
const attempt = (code: () => unknown): void => { try { code(); } catch (error) { console.log(String(error)); } };
const large = "\\0".repeat(1e8);`;

const REFUSED = /RangeError: Cannot (?:send|display) .* at most 80 MiB, got (?:95\.4|more than 512) MiB/;

const refused: Record<string, string> = {
  "a display": 'attempt(() => display.publish({ data: { "text/plain": large } }));',
  "a display of bytes":
    'attempt(() => display.publish({ data: { "image/png": new Uint8Array(75_000_000) } }));',
  "a display of JSON":
    'attempt(() => display.publish({ data: { "application/json": [large.slice(0, 9e7), large] } }));',
  "metadata of a display":
    "attempt(() => display.publish({ data: {}, metadata: { large: [large, large] } }));",
  "a display id": "attempt(() => display.publish({ data: {}, displayId: large }));",
  "data of a comm": 'attempt(() => comm.open("target", { text: "x".repeat(1e8) }));',
  "buffers of a comm": 'attempt(() => comm.open("target", {}, { buffers: [new Uint8Array(1e8)] }));',
  "a prompt": "try { await input(large); } catch (error) { console.log(String(error)); }",
  "a result": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": large }) })',
};

for (const [what, code] of Object.entries(refused)) {
  test(`${what} beyond the bound is refused with size and bound, and the cell goes on`, async () => {
    const cell = await kernel().execute(`${PRELUDE}\n${code}`);
    assert.match(cell.stdout + cell.stderr, REFUSED);
    await assertAlive(cell);
  });
}

test("a user expression beyond the bound has an error as its result", async () => {
  const value = '({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "x".repeat(1e8) }) })';
  const cell = await kernel().execute("1", { user_expressions: { value, other: "1 + 1" } });
  const expressions = cell.reply.content.user_expressions as Record<string, Record<string, unknown>>;
  assert.match(String(expressions.value?.evalue), /at most 80 MiB, got 95\.4 MiB/);
  assert.equal(expressions.other?.status, "ok");
  await assertAlive(cell);
});

test("a display just within the bound arrives whole", async () => {
  const cell = await kernel().execute(
    'Reflect.get(globalThis, Symbol.for("rnnlab.displayHost")).publish({ data: { "text/plain": "x".repeat(8e7) } });',
  );
  const data = cell.contents("display_data")[0]?.data as Record<string, string>;
  assert.equal(data["text/plain"]?.length, 8e7);
  await assertAlive(cell);
});

test("an error whose name is huge ends its cell with what fits", async () => {
  const cell = await kernel().execute('throw Object.assign(new Error("large"), { name: "x".repeat(9e7) });');
  assert.equal(cell.status, "error");
  assert.ok(JSON.stringify(cell.error).length < 1e5);
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});
