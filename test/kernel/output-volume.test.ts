import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

function numbers(count: number): string {
  return Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");
}

test("100,000 lines all arrive, in order, in at most 50 messages a second", async () => {
  const start = performance.now();
  const cell = await kernel().execute('for (let i = 0; i < 100_000; i++) console.log("line " + i)');
  assert.equal(cell.status, "ok", cell.traceback);
  assert.ok(cell.stdout === numbers(100_000), `${cell.stdout.length} characters arrived`);
  const messages = cell.contents("stream").length;
  const seconds = Math.ceil((performance.now() - start) / 1000);
  assert.ok(messages <= 50 * seconds, `${messages} stream messages in ${seconds} s`);
});

test("100,000 lines written to descriptor 1 all arrive, in order", async () => {
  const cell = await kernel().execute(
    'import { writeSync } from "node:fs";\nfor (let i = 0; i < 100_000; i++) writeSync(1, "line " + i + "\\n");',
  );
  assert.equal(cell.status, "ok", cell.traceback);
  assert.ok(cell.stdout === numbers(100_000), `${cell.stdout.length} characters arrived`);
});

test("the end of a large output comes before idle", async () => {
  for (let i = 0; i < 10; i++) {
    const cell = await kernel().execute(`console.log("x".repeat(300_000) + "end ${i}")`);
    assert.ok(cell.stdout.endsWith(`end ${i}\n`));
    assert.equal(cell.stdout.length, 300_000 + `end ${i}\n`.length);
  }
});

test("a single line of 20 MiB arrives whole", async () => {
  const cell = await kernel().execute('process.stdout.write("y".repeat(20 * 1024 * 1024)); undefined');
  assert.equal(cell.stdout.length, 20 * 1024 * 1024);
});

test("characters of several bytes survive chunk borders", async () => {
  const cell = await kernel().execute(
    'for (let i = 0; i < 3000; i++) process.stdout.write("a😀é漢\\n"); undefined',
  );
  assert.ok(cell.stdout === "a😀é漢\n".repeat(3000));
});

test("bytes of one character written one by one arrive as that character", async () => {
  const cell = await kernel().execute(`
    import { writeSync } from "node:fs";
    for (const byte of Buffer.from("😀\\n")) {
      writeSync(1, Buffer.from([byte]));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }`);
  assert.equal(cell.stdout, "😀\n");
});

test("bytes that are no UTF-8 do not harm the kernel", async () => {
  const cell = await kernel().execute(
    'import { writeSync } from "node:fs";\nwriteSync(1, Buffer.from([0xff, 0xfe, 0x41, 0x0a])); undefined',
  );
  assert.match(cell.stdout, /A\n$/);
  assert.equal((await kernel().execute("1")).result, "1");
});

test("many small displays and lines keep their order", async () => {
  const cell = await kernel().execute(`
    const host = Reflect.get(globalThis, Symbol.for("rnnlab.displayHost"));
    for (let i = 0; i < 300; i++) {
      console.log("line " + i);
      host.publish({ data: { "text/plain": "shown " + i } });
    }`);
  assert.equal(cell.status, "ok", cell.traceback);
  const seen = cell.messages.flatMap(({ header, content }) => {
    if (header.msg_type === "stream") return String(content.text).trim().split("\n");
    if (header.msg_type === "display_data") return [(content.data as Record<string, string>)["text/plain"]];
    return [];
  });
  assert.deepEqual(seen, Array.from({ length: 300 }, (_, i) => [`line ${i}`, `shown ${i}`]).flat());
});

test("a result of several megabytes as a MIME bundle arrives whole", async () => {
  const cell = await kernel().execute(
    '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "z".repeat(5_000_000) }) })',
  );
  const data = cell.contents("execute_result")[0]?.data as Record<string, string> | undefined;
  assert.equal(data?.["text/html"]?.length, 5_000_000);
});

test("100,000 lines that alternate between stdout and stderr all arrive, in few messages", async () => {
  const cell = await kernel().execute(
    'for (let i = 0; i < 50_000; i++) { console.log("line " + i); console.error("line " + i); }',
  );
  assert.ok(cell.stdout === numbers(50_000), `${cell.stdout.length} characters arrived on stdout`);
  assert.ok(cell.stderr === numbers(50_000), `${cell.stderr.length} characters arrived on stderr`);
  const messages = cell.contents("stream").length;
  assert.ok(messages < 5_000, `${messages} stream messages`);
});
