import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { interrupted, useKernel } from "../../tools/kernel-client/index.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-waits-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const kernel = useKernel();

/** What stands before the loops: names that they use. */
const setup = `
import childProcess from "node:child_process";
import crypto from "node:crypto";
import dns from "node:dns";
import events from "node:events";
import fs from "node:fs";
import fsp from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import readline from "node:readline";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { MessageChannel, Worker } from "node:worker_threads";
import zlib from "node:zlib";
var n = 0;
var turn = (): void => { if (++n === 3) console.log("started"); };
const file = ${JSON.stringify(join(folder, "file"))};
fs.writeFileSync(file, "text\\n".repeat(1e5));
const server = http.createServer((_, response) => { response.end("answer"); }).listen(0, "127.0.0.1");
await events.once(server, "listening");
const port = (server.address() as net.AddressInfo).port;
const address = \`http://127.0.0.1:\${port}/\`;
const echo = net.createServer((socket) => { socket.pipe(socket); socket.on("error", () => {}); }).listen(0, "127.0.0.1");
await events.once(echo, "listening");
const echoPort = (echo.address() as net.AddressInfo).port;
var theirs = 0;
void (async () => { for (;;) { theirs++; await fsp.stat(file); await new Promise((resolve) => setTimeout(resolve, 1)); } })();
undefined`;

/** Interrupted code that waits, each in a way of its own: it counts its turns in \`n\`. */
const loops: Record<string, string> = {
  "fs/promises readFile": "for (;;) { turn(); await fsp.readFile(file); }",
  "fs/promises appendFile": 'for (;;) { turn(); await fsp.appendFile(file + ".log", "line"); }',
  "a file handle":
    "const handle = await fsp.open(file); for (;;) { turn(); await handle.read(Buffer.alloc(10), 0, 10, 0); }",
  "a promisified callback": "for (;;) { turn(); await promisify(fs.stat)(file); }",
  fetch: "for (;;) { turn(); await (await fetch(address)).text(); }",
  "http.get":
    'for (;;) { turn(); await new Promise((resolve) => http.get(address, (response) => response.resume().on("end", resolve))); }',
  "a child process": 'for (;;) { turn(); await promisify(childProcess.execFile)("true"); }',
  "lines of a child process":
    'for await (const line of readline.createInterface({ input: childProcess.spawn("yes").stdout })) turn();',
  "pieces of a child process": 'for await (const piece of childProcess.spawn("yes").stdout) turn();',
  "a file stream":
    "for (;;) for await (const piece of fs.createReadStream(file, { highWaterMark: 1000 })) turn();",
  "a stream of an async generator":
    "for await (const piece of Readable.from((async function* () { for (;;) { await null; yield 1; } })())) turn();",
  "an async generator over files":
    "for await (const text of (async function* () { for (;;) yield await fsp.readFile(file); })()) turn();",
  "worker messages":
    'const worker = new Worker(`require("node:worker_threads").parentPort.on("message", (m) => require("node:worker_threads").parentPort.postMessage(m))`, { eval: true }); for (;;) { turn(); worker.postMessage(1); await events.once(worker, "message"); }',
  "a message channel":
    'const { port1, port2 } = new MessageChannel(); for (;;) { turn(); port1.postMessage(1); await events.once(port2, "message"); }',
  zlib: 'for (;;) { turn(); await promisify(zlib.gzip)("text"); }',
  crypto: "for (;;) { turn(); await promisify(crypto.randomBytes)(10); }",
  "web crypto": 'for (;;) { turn(); await crypto.subtle.digest("SHA-256", Buffer.from("text")); }',
  dns: 'for (;;) { turn(); await dns.promises.lookup("localhost"); }',
  "many at once":
    "for (;;) { turn(); await Promise.all(Array.from({ length: 10 }, () => fsp.readFile(file))); }",
  "many loops":
    "await Promise.all(Array.from({ length: 10 }, async () => { for (;;) { turn(); await fsp.stat(file); } }));",
  "what catches everything":
    "for (;;) { try { for (;;) { turn(); await fsp.readFile(file); } } catch {} finally { n++; } }",
  "then instead of await":
    "const again = (): Promise<unknown> => { turn(); return fsp.stat(file).then(again); }; void again(); await new Promise(() => {});",
  "web streams":
    "for (;;) { const { readable, writable } = new TransformStream(); const writer = writable.getWriter(); void writer.write(1); turn(); await readable.getReader().read(); await fsp.stat(file); }",
  "an immediate and a tick":
    "for (;;) { turn(); await new Promise((resolve) => setImmediate(resolve)); await new Promise<void>((resolve) => process.nextTick(resolve)); }",
  "rejections that nobody handles":
    "for (;;) { turn(); void Promise.reject(new Error(String(n))); await fsp.stat(file); }",
};

/** Interrupted code that is called back, and counts its calls. */
const callbacks: Record<string, string> = {
  "a child process's output":
    'childProcess.spawn("sh", ["-c", "while true; do echo x; sleep 0.01; done"]).stdout.on("data", turn);',
  "fs.stat": "const again = (): void => fs.stat(file, () => { turn(); again(); }); again();",
  "crypto.randomBytes":
    "const again = (): void => crypto.randomBytes(8, () => { turn(); again(); }); again();",
  "dns.lookup": 'const again = (): void => dns.lookup("localhost", () => { turn(); again(); }); again();',
  "zlib.gzip": 'const again = (): void => zlib.gzip("x", () => { turn(); again(); }); again();',
  "a file stream that pipes":
    'const again = (): void => { fs.createReadStream(file, { highWaterMark: 1000 }).on("data", turn).on("close", again); }; again();',
  "a worker's messages":
    'new Worker(`setInterval(() => require("node:worker_threads").parentPort.postMessage(1), 5)`, { eval: true }).on("message", turn);',
  "a server's requests":
    'const own = http.createServer((_, response) => { turn(); response.end(); }).listen(0, "127.0.0.1"); own.on("listening", () => { setInterval(() => http.get({ port: (own.address() as net.AddressInfo).port }).on("error", () => {}), 5); });',
  "an asynchronous interval": "setInterval(async () => { turn(); await fsp.stat(file); turn(); }, 2);",
  "an emitter":
    'const emitter = new events.EventEmitter(); emitter.on("x", () => { turn(); setImmediate(() => emitter.emit("x")); }); emitter.emit("x");',
};

for (const [what, begin] of Object.entries(callbacks)) {
  test(`${what} is heard no more after an interrupt`, async () => {
    await kernel().execute("n = 0");
    const cell = await interrupted(kernel(), `${begin} await new Promise(() => {});`);
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
    await standsStill();
  });
}

test("the port of an interrupted server is free again", async () => {
  const listen = "const again = http.createServer(() => {}).listen(port + 1, '127.0.0.1');";
  const cell = await interrupted(
    kernel(),
    `${listen} await events.once(again, "listening"); console.log("started"); await new Promise(() => {});`,
  );
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
  const next = await kernel().execute(`${listen} await events.once(again, "listening"); again.close(); 5`);
  assert.equal(next.result, "5", next.traceback);
});

test("a connection that an interrupted cell has kept alive does not keep later requests waiting", async () => {
  const get = (path: string): string =>
    `await new Promise<string>((resolve, reject) => http.get(address + "${path}", (response) => response.setEncoding("utf8").on("data", resolve)).on("error", reject))`;
  await interrupted(kernel(), `for (;;) { turn(); ${get("")}; if (n > 2) console.log("started"); }`);
  for (let turn = 0; turn < 3; turn++) {
    assert.equal((await kernel().execute(get("later"))).result, "'answer'");
  }
});

beforeEach(async () => {
  // A kernel that was replaced does not know them.
  if ((await kernel().execute('typeof Reflect.get(globalThis, "n")')).result === "'number'") return;
  const cell = await kernel().execute(setup);
  assert.equal(cell.status, "ok", cell.traceback);
});

async function standsStill(): Promise<void> {
  const next = await kernel().execute(`
const [own, others] = [n, theirs];
await new Promise((resolve) => setTimeout(resolve, 150));
console.log("heard"); console.error("heard");
const answer = await (await fetch(address)).text();
[n - own, theirs > others, answer].join()`);
  assert.equal(next.result, "'0,true,answer'", next.traceback);
  assert.equal(next.stdout, "heard\n");
  assert.equal(next.stderr, "heard\n");
}

for (const [what, loop] of Object.entries(loops)) {
  test(`a loop over ${what} does not run on after an interrupt, and what others run does`, async () => {
    await kernel().execute("n = 0");
    const cell = await interrupted(kernel(), loop);
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
    await standsStill();
  });
}

test("a cell that settles what an interrupted one waits for ends, and the other does not go on", async () => {
  await kernel().execute("var open = () => {}; n = 0;");
  const cell = await interrupted(
    kernel(),
    'const gate = new Promise<void>((resolve) => { open = resolve; }); console.log("started"); await gate; n++;',
  );
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
  const next = await kernel().execute("open(); 5");
  assert.equal(next.result, "5", next.traceback);
  const thrown = await kernel().execute(
    "open(); await new Promise((resolve) => setTimeout(resolve, 5)); throw new RangeError(String(n))",
  );
  assert.equal(thrown.reply.content.ename, "RangeError");
  assert.equal(thrown.reply.content.evalue, "0");
});
