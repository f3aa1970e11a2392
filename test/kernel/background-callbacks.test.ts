import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

// With one thread in Node's pool it takes little to keep all of them at work.
const kernel = useKernel({ env: { UV_THREADPOOL_SIZE: "1" } });

const IMPORTS = `
import childProcess from "node:child_process";
import crypto from "node:crypto";
import dgram from "node:dgram";
import dns from "node:dns";
import { EventEmitter, once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import readline from "node:readline";
import { Worker } from "node:worker_threads";
import zlib from "node:zlib";
/** Keeps Node's pool at work for a while: what is asked of it after this comes when the next cell runs. */
const occupy = (): void => crypto.pbkdf2("a", "b", 5e5, 64, "sha512", () => {});
const portOf = (server: net.Server | http.Server): number => (server.address() as net.AddressInfo).port;
const addressOf = (server: http.Server): string => "http://127.0.0.1:" + portOf(server);
const worker = (code: string): Worker => new Worker(code, { eval: true });
`;

/** What one cell begins, and how the next one, which waits, makes it call back where it does not do so by itself. */
const callbacks: Record<string, { readonly begin: string; readonly wait?: string }> = {
  "output of a child process": {
    begin:
      'const child = childProcess.spawn("sh", ["-c", "sleep 0.5; echo x"]); child.stdout.on("data", () => console.log("called back"));',
  },
  "the end of a child process": {
    begin: 'childProcess.exec("sleep 0.5", () => console.log("called back"));',
  },
  "a worker's message": {
    begin:
      'worker("setTimeout(() => require(\\"node:worker_threads\\").parentPort.postMessage(1), 500)").on("message", () => console.log("called back"));',
  },
  "the end of a worker": {
    begin: 'worker("setTimeout(() => {}, 500)").on("exit", () => console.log("called back"));',
  },
  "a request to a server": {
    begin:
      'const server = http.createServer((_, response) => { console.log("called back"); response.end(); }).listen(0, "127.0.0.1"); await once(server, "listening");',
    wait: "await (await fetch(addressOf(server))).text();",
  },
  "the body of a request to a server": {
    begin:
      'const server = http.createServer((request, response) => { request.on("data", () => console.log("called back")); request.on("end", () => response.end()); }).listen(0, "127.0.0.1"); await once(server, "listening");',
    wait: 'await (await fetch(addressOf(server), { method: "POST", body: "text" })).text();',
  },
  "a connection to a server": {
    begin:
      'const server = net.createServer((socket) => { console.log("called back"); socket.end(); }).listen(0, "127.0.0.1"); await once(server, "listening");',
    wait: 'await once(net.connect(portOf(server), "127.0.0.1").resume(), "close");',
  },
  "data on a server's connection": {
    begin:
      'const server = net.createServer((socket) => { socket.on("data", () => { console.log("called back"); socket.end(); }); }).listen(0, "127.0.0.1"); await once(server, "listening");',
    wait: 'const client = net.connect(portOf(server), "127.0.0.1").resume(); client.write("x"); await once(client, "close");',
  },
  "a datagram": {
    begin:
      'const socket = dgram.createSocket("udp4"); socket.on("message", () => console.log("called back")); socket.bind(0, "127.0.0.1"); await once(socket, "listening");',
    wait: 'dgram.createSocket("udp4").send("x", socket.address().port, "127.0.0.1");',
  },
  "a file's status": { begin: 'occupy(); fs.stat(".", () => console.log("called back"));' },
  "a file's stream": {
    begin:
      'occupy(); fs.createReadStream("../../../package.json").on("data", () => console.log("called back"));',
  },
  "lines of a file": {
    begin:
      'occupy(); readline.createInterface({ input: fs.createReadStream("../../../package.json") }).on("line", () => console.log("called back"));',
  },
  compression: { begin: 'occupy(); zlib.gzip("text", () => console.log("called back"));' },
  "a stream of compression": {
    begin:
      'occupy(); const gzip = zlib.createGzip(); gzip.on("data", () => console.log("called back")); gzip.end("x");',
  },
  "random bytes": { begin: 'occupy(); crypto.randomBytes(8, () => console.log("called back"));' },
  "a name's address": {
    begin: 'occupy(); dns.lookup("localhost", () => console.log("called back"));',
  },
  "a folder that is watched": {
    begin:
      'const watched = fs.mkdtempSync(join(tmpdir(), "rnnlab-watched-")); const watcher = fs.watch(watched, () => { watcher.close(); console.log("called back"); });',
    wait: 'fs.writeFileSync(join(watched, "new.txt"), ""); await once(watcher, "close"); fs.rmSync(watched, { recursive: true });',
  },
  "an emitter in a callback": {
    begin:
      'occupy(); const emitter = new EventEmitter(); emitter.on("x", () => console.log("called back")); fs.stat(".", () => emitter.emit("x"));',
  },
  "a promise and a timer in a callback": {
    begin:
      'occupy(); fs.stat(".", () => setTimeout(async () => { await null; console.log("called back"); }, 1));',
  },
};

for (const [what, { begin, wait = "" }] of Object.entries(callbacks)) {
  test(`what ${what} prints belongs to the cell that began it`, async () => {
    await kernel().execute(IMPORTS);
    const id = await kernel().submit(begin);
    const next = await kernel().submit(
      `console.log("next"); ${wait} await new Promise((resolve) => setTimeout(resolve, 800)); "end"`,
    );
    const first = await kernel().finish(id);
    assert.equal(first.status, "ok", first.traceback);
    await kernel().streamed(id, "called back");
    const second = await kernel().finish(next);
    assert.equal(second.result, "'end'", second.traceback);
    assert.equal(second.stdout, "next\n");
  });
}
