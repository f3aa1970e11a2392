import assert from "node:assert/strict";
import { test } from "node:test";
import { KernelClient, plain, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

const writers: [string, string, "stdout" | "stderr"][] = [
  ["console.log", 'console.log("hello")', "stdout"],
  ["console.info", 'console.info("hello")', "stdout"],
  ["console.debug", 'console.debug("hello")', "stdout"],
  ["process.stdout.write", 'process.stdout.write("hello\\n");', "stdout"],
  ["fs.writeSync on 1", 'import * as fs from "node:fs";\nfs.writeSync(1, "hello\\n");', "stdout"],
  ["console.error", 'console.error("hello")', "stderr"],
  ["console.warn", 'console.warn("hello")', "stderr"],
  ["process.stderr.write", 'process.stderr.write("hello\\n");', "stderr"],
  ["fs.writeSync on 2", 'import * as fs from "node:fs";\nfs.writeSync(2, "hello\\n");', "stderr"],
];

for (const [name, code, stream] of writers) {
  test(`${name} arrives on ${stream} of its cell`, async () => {
    const cell = await kernel().execute(`${code}\nundefined`);
    assert.equal(cell.status, "ok", cell.traceback);
    assert.equal(cell[stream], "hello\n");
    assert.equal(cell[stream === "stdout" ? "stderr" : "stdout"], "");
  });
}

for (const [stream, descriptor] of [
  ["stdout", 1],
  ["stderr", 2],
] as const) {
  test(`a child process with inherited stdio writes to ${stream} of its cell`, async () => {
    const cell = await kernel().execute(`
      import { spawnSync } from "node:child_process";
      spawnSync(process.execPath, ["-e", 'require("fs").writeSync(${descriptor}, "from the child\\\\n")'], { stdio: "inherit" });
      undefined`);
    assert.equal(cell.status, "ok", cell.traceback);
    assert.equal(cell[stream], "from the child\n");
  });
}

test("a shell writes to /dev/stdout and /dev/stderr by their paths", async () => {
  const cell = await kernel().execute(`
    import { execSync } from "node:child_process";
    execSync("echo out > /dev/stdout; echo err > /dev/stderr", { stdio: "inherit" });
    undefined`);
  assert.equal(cell.status, "ok", cell.traceback);
  assert.deepEqual([cell.stdout, cell.stderr], ["out\n", "err\n"]);
});

test("an awaited child process writes to its cell", async () => {
  const cell = await kernel().execute(`
    import { spawn } from "node:child_process";
    const child = spawn("echo", ["streamed"], { stdio: "inherit" });
    await new Promise((resolve) => child.on("close", resolve));
    console.log("done")`);
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal(cell.stdout, "streamed\ndone\n");
});

test("stdout and stderr keep their order", async () => {
  const cell = await kernel().execute(
    'for (let i = 0; i < 50; i++) { console.log("o" + i); console.error("e" + i); }',
  );
  const all = cell
    .contents("stream")
    .map((content) => content.text)
    .join("");
  const expected = Array.from({ length: 50 }, (_, i) => `o${i}\ne${i}\n`).join("");
  assert.equal(all, expected);
});

test("console, process.stdout and descriptor 1 keep their order", async () => {
  const cell = await kernel().execute(
    'import * as fs from "node:fs";\nfor (let i = 0; i < 20; i++) { console.log("c" + i); process.stdout.write("p" + i + "\\n"); fs.writeSync(1, "d" + i + "\\n"); }',
  );
  assert.equal(cell.stdout, Array.from({ length: 20 }, (_, i) => `c${i}\np${i}\nd${i}\n`).join(""));
});

test("output comes before the result that follows it", async () => {
  const cell = await kernel().execute('process.stdout.write("first\\n");\n"second"');
  assert.deepEqual(cell.outputs, ["stream", "execute_result"]);
});

test("output of a cell does not leak into the next", async () => {
  for (let i = 0; i < 30; i++) {
    const cell = await kernel().execute(`console.log("cell ${i}")`);
    assert.equal(cell.stdout, `cell ${i}\n`);
  }
});

test("output arrives while the cell still runs", async () => {
  const id = await kernel().submit(`
    let go = false;
    setTimeout(() => { go = true; }, 1500);
    console.log("early");
    while (!go) await new Promise((resolve) => setTimeout(resolve, 10));
    console.log("late")`);
  await kernel().streamed(id, "early");
  assert.ok(
    kernel()
      .outputsOf(id)
      .every((message) => message.content.execution_state !== "idle"),
  );
  assert.equal((await kernel().finish(id)).stdout, "early\nlate\n");
});

test("output arrives while synchronous code blocks the cell", async () => {
  const id = await kernel().submit('console.log("early");\nwhile (true) {}');
  await kernel().streamed(id, "early");
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(id)).status, "error");
});

test("console.table, console.dir, console.group and console.assert print as in Node", async () => {
  const cell = await kernel().execute(
    'console.table([{ a: 1 }]); console.dir({ b: 2 }); console.group("g"); console.log("inside"); console.groupEnd(); console.assert(false, "asserted")',
  );
  assert.match(cell.stdout, /\(index\)[\s\S]*b: 2[\s\S]*g\n {2}inside/);
  assert.match(cell.stderr, /Assertion failed: asserted/);
});

test("format specifiers and several arguments print as in Node", async () => {
  const cell = await kernel().execute('console.log("%d and %s", 1, "two", { three: 3 })');
  assert.equal(plain(cell.stdout), "1 and two { three: 3 }\n");
});

test("a stream that is piped into process.stdout arrives, and what waits for its end goes on", async () => {
  const cell = await kernel().execute(`
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
await pipeline(Readable.from(["one\\n", "two\\n"]), process.stdout);
await new Promise<void>((resolve) => Readable.from(["three\\n"]).on("end", resolve).pipe(process.stdout));
process.stdout.write("four\\n");
undefined`);
  assert.equal(cell.stdout, "one\ntwo\nthree\nfour\n", cell.traceback);
});

test("process.stdout and process.stderr call back, and nothing ends them or holds them back", async () => {
  const cell = await kernel().execute(`
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => stream.write("written\\n", () => resolve()));
  await new Promise<void>((resolve) => stream.end("ended\\n", resolve));
  await new Promise<void>((resolve) => stream.end(resolve));
  stream.cork();
  stream.destroy();
}
undefined`);
  assert.equal(cell.status, "ok", cell.traceback);
  const next = await kernel().execute(
    'console.log("out"); console.error("err"); process.stdout.writableLength',
  );
  assert.deepEqual([cell.stdout, next.stdout], ["written\nended\n", "out\n"]);
  assert.deepEqual([cell.stderr, next.stderr], ["written\nended\n", "err\n"]);
  assert.equal(next.result, "0");
});

test("process.stdout answers what a terminal is asked", async () => {
  const cell = await kernel().execute(`
const { stdout } = process;
const [columns, rows] = stdout.getWindowSize();
[stdout.isTTY, columns === stdout.columns, rows === stdout.rows, stdout.hasColors(), stdout.getColorDepth(), stdout.clearLine(0), stdout.cursorTo(0)].join()`);
  assert.equal(cell.result, "'false,true,true,false,1,true,true'", cell.traceback);
});

test("cells run and print where no temporary folder can be written", async (t) => {
  const client = await KernelClient.start({ env: { TMPDIR: "/dev/null/nowhere" } });
  t.after(() => client.dispose());
  const cell = await client.execute('console.log("hello"); 1 + 1');
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal(cell.result, "2");
  assert.equal(cell.stdout, "hello\n");
});
