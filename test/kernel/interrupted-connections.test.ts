import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";
import { after, test } from "node:test";
import tls from "node:tls";
import { interrupted, KernelClient, until, useKernel } from "../../tools/kernel-client/index.js";

/** Servers that send without end, and the connections to them that are open. */
const open = new Set<net.Socket>();
const servers: net.Server[] = [];
after(() => {
  for (const server of servers) server.close();
  for (const socket of open) socket.destroy();
});

const kernel = useKernel();

function drip(stream: { write(text: string | Buffer): unknown }, piece: string | Buffer): void {
  const timer = setInterval(() => stream.write(piece), 3);
  (stream as net.Socket).on("error", () => {}).on("close", () => clearInterval(timer));
}

/** Connects to a server of a cell. */
function call(port: number): void {
  const socket = net.connect(port, "127.0.0.1");
  open.add(socket);
  drip(
    socket.on("close", () => open.delete(socket)),
    "x",
  );
}

async function listening(server: net.Server): Promise<number> {
  server.on("connection", (socket: net.Socket) => {
    open.add(socket);
    socket.on("error", () => {}).on("close", () => open.delete(socket));
  });
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return (server.address() as net.AddressInfo).port;
}

const key = Buffer.alloc(16, 7);
const web = http.createServer((request, response) => {
  if (request.url === "/answer") response.end("answer");
  else if (request.url === "/drip") drip(response, "x");
  else if (request.url?.startsWith("/call/") === true) {
    response.end();
    call(Number(request.url.slice("/call/".length)));
  }
});
web.on("upgrade", (request, socket) => {
  const accept = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  drip(socket, Buffer.from([0x81, 1, 0x78]));
});
const multiplexed = http2.createServer();
multiplexed.on("stream", (stream) => {
  stream.respond({ ":status": 200 });
  drip(stream, "x");
});
const secure = {
  pskCallback: () => key,
  ciphers: "PSK",
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.2",
} as const;
const encrypted = tls.createServer(secure, (socket) => drip(socket, "x"));

const setup = async (): Promise<string> => `
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";
import { Readable } from "node:stream";
import tls from "node:tls";
var n = 0;
var theirs = 0;
var turn = (): void => { if (++n === 3) console.log("started"); };
const port = ${await listening(net.createServer((socket) => drip(socket, "x")))};
const web = ${await listening(web)};
const answer = \`http://127.0.0.1:\${web}/answer\`;
const drips = \`http://127.0.0.1:\${web}/drip\`;
const multiplexed = "http://127.0.0.1:${await listening(multiplexed)}";
const secure = { port: ${await listening(encrypted)}, host: "127.0.0.1", ciphers: "PSK", maxVersion: "TLSv1.2", checkServerIdentity: () => undefined, pskCallback: () => ({ psk: Buffer.alloc(16, 7), identity: "some" }) } as const;
const kept = net.connect(port, "127.0.0.1").on("data", () => { theirs++; });
undefined`;

/** What an interrupted cell has opened: each counts in \`n\` how often it is called. */
const connections: Record<string, string> = {
  "a socket": 'net.connect(port, "127.0.0.1").on("data", turn);',
  "a socket that was made before it connects":
    'new net.Socket().on("data", turn).connect({ port, host: "127.0.0.1" });',
  "a socket that is opened again whenever it closes":
    'const again = (): void => { net.connect(port, "127.0.0.1").on("data", turn).on("close", again); }; again();',
  "a socket whose listeners speak of its end":
    'net.connect(port, "127.0.0.1").on("data", turn).on("close", () => console.log("heard"));',
  "a connection that a server has accepted":
    'const served = net.createServer((socket) => socket.on("data", turn)).listen(0, "127.0.0.1", () => void http.get({ port: web, path: "/call/" + (served.address() as net.AddressInfo).port }));',
  "a TLS socket": 'tls.connect(secure).on("data", turn);',
  "http.get": 'http.get(drips, (response) => response.on("data", turn));',
  "a request of an agent's one connection":
    'http.get(drips, { agent: new http.Agent({ keepAlive: true, maxSockets: 1 }) }, (response) => response.on("data", turn));',
  "a request that is still being sent":
    'const upload = http.request(drips, { method: "POST" }, (response) => response.on("data", turn)); upload.write("x");',
  fetch: "void (async () => { for await (const _ of (await fetch(drips)).body!) turn(); })();",
  "the stream of a fetch":
    "void fetch(drips).then(({ body }) => Readable.fromWeb(body as never).on('data', turn));",
  "an HTTP/2 stream": 'http2.connect(multiplexed).request({ ":path": "/" }).on("data", turn);',
  "an upgraded connection":
    'http.get({ port: web, host: "127.0.0.1", headers: { Connection: "Upgrade", Upgrade: "websocket" } }).on("upgrade", (_, socket) => socket.on("data", turn));',
};

if ("WebSocket" in globalThis)
  connections["a WebSocket"] =
    'new (Reflect.get(globalThis, "WebSocket"))("ws" + drips.slice(4)).onmessage = turn;';

test("connections of a kernel are made ready", async () => {
  const cell = await kernel().execute(await setup());
  assert.equal(cell.status, "ok", cell.traceback);
});

for (const [what, connect] of Object.entries(connections)) {
  test(`${what} ends with its interrupted cell, and is heard no more`, async () => {
    await kernel().execute("n = 0");
    const before = new Set(open);
    const cell = await interrupted(kernel(), `${connect}\nawait new Promise(() => {});`);
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
    await until(
      () => [...open].every((socket) => before.has(socket)),
      10_000,
      () => "the connection is still open",
    );
    const next = await kernel().execute(`
var [own, others] = [n, theirs];
await new Promise((resolve) => kept.once("data", () => setTimeout(resolve, 50)));
console.log("next");
[n - own, theirs > others, await (await fetch(answer)).text()].join()`);
    assert.equal(next.result, "'0,true,answer'", next.traceback);
    assert.equal(next.stdout + next.stderr, "next\n");
    assert.equal(cell.stderr, "");
  });
}

test("an interrupted request that nobody answers does not hold up later ones", async () => {
  const port = await listening(net.createServer());
  const cell = await kernel().execute(
    `const slow = "http://127.0.0.1:${port}/"; const agent = new http.Agent({ maxSockets: 1 });`,
  );
  assert.equal(cell.status, "ok", cell.traceback);
  for (const request of ["fetch(slow)", "new Promise(() => http.get(slow, { agent }))"]) {
    const waiting = await interrupted(kernel(), `console.log("started"); await ${request};`);
    assert.equal(waiting.reply.content.ename, "KeyboardInterrupt", waiting.traceback);
    const next = await kernel().execute(
      "[await (await fetch(answer)).text(), await new Promise((resolve) => http.get(answer, { agent }, ({ statusCode }) => resolve(statusCode)))].join()",
    );
    assert.equal(next.result, "'answer,200'", next.traceback);
    assert.equal(next.stderr, "");
  }
});

test("an interrupt while an answer is read leaves what reads it whole", async () => {
  const cell = await interrupted(
    kernel(),
    `let slow = true;
(await import("node:diagnostics_channel")).subscribe("undici:request:headers", () => {
  if (!slow) return;
  slow = false;
  console.log("started");
  for (const end = Date.now() + 500; Date.now() < end; );
});
await (await fetch(answer)).text();
await new Promise(() => {});`,
  );
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
  const next = await kernel().execute("await (await fetch(answer)).text()");
  assert.equal(next.result, "'answer'", next.traceback);
  assert.equal(next.stderr, "");
});

/** What loads Node's code for requests, and reads a slow global while it does. Later versions have it loaded. */
const isLoadedLater = Object.getOwnPropertyDescriptor(globalThis, "Response")?.get !== undefined;
const loaders = isLoadedLater ? ["fetch(drips)", "Response"] : [];

for (const loader of loaders) {
  test(`an interrupt of the first use of ${loader} lets Node load what it needs`, async () => {
    const fresh = await KernelClient.start();
    try {
      const ready = await fresh.execute(`
const [answer, drips] = ["http://127.0.0.1:${(web.address() as net.AddressInfo).port}/answer", "data:,"];
const { TextDecoder } = globalThis;
Object.defineProperty(globalThis, "TextDecoder", { configurable: true, get: () => {
  Object.defineProperty(globalThis, "TextDecoder", { value: TextDecoder });
  console.log("started");
  for (const end = Date.now() + 500; Date.now() < end; );
  return TextDecoder;
} });`);
      assert.equal(ready.status, "ok", ready.traceback);
      const cell = await interrupted(fresh, `${loader}; await new Promise(() => {});`);
      assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
      const next = await fresh.execute(
        "await (await fetch(answer)).text() + (await new Response('x').text())",
      );
      assert.equal(next.result, "'answerx'", next.traceback);
    } finally {
      await fresh.dispose();
    }
  });
}

const requests: Record<string, string> = {
  fetch: "fetch(answer).then((response) => response.text())",
  "http.get with an agent":
    "new Promise((resolve, reject) => http.get(answer, { agent: shared }, (response) => response.resume().on('end', () => resolve('answer'))).on('error', reject))",
};

for (const [what, request] of Object.entries(requests)) {
  test(`after each of many interrupts of loops of ${what} the next request is answered`, async () => {
    await kernel().execute("const shared = new http.Agent({ keepAlive: true, maxSockets: 2 });");
    for (let round = 0; round < 15; round++) {
      const loop = `for (let turns = 0; ; turns++) {
  await Promise.all([1, 2, 3, 4, 5].map(() => ${request}));
  if (turns === ${round}) console.log("started");
}`;
      const cell = await interrupted(kernel(), loop);
      assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
      const next = await kernel().execute(`await ${request}`);
      assert.equal(next.result, "'answer'", `round ${round}: ${next.traceback}`);
    }
  });
}
