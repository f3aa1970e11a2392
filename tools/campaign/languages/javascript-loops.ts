import type { Loop } from "./language.js";

const loop = (name: string, code: string): Loop => ({ name, code });
/** A loop whose turn is this statement. */
const turn = (name: string, statement: string, before = ""): Loop =>
  loop(name, `${before}\nfor (;;) { turns++; ${statement} }`);
const own = (name: string, code: string): Loop => ({ name, code, own: true });

const synchronous: readonly Loop[] = [
  loop("empty", "while (true) {}"),
  turn("counting", ""),
  turn("printing", 'console.log("line", turns);'),
  turn("printing to stderr", 'console.error("line", turns);'),
  turn("printing in turn", 'console.log("out", turns); console.error("err", turns);'),
  turn("writing to stdout", 'process.stdout.write("some text\\n".repeat(20));'),
  turn("allocating", "held.push(new Array(100).fill(turns)); if (held.length > 10_000) held.length = 0;"),
  turn("joining texts", 'text += "some text"; if (text.length > 1e6) text = "";', 'let text = "";'),
  turn("JSON", "JSON.parse(JSON.stringify({ turns, list: [1, 2, 3] }));"),
  turn("a regular expression", '/^(a+)+$/.test("a".repeat(28) + "b");'),
  turn("sorting", "[5, 3, 8, 1, 9].sort((a, b) => { turns++; return a - b; });"),
  loop("a sort that never ends", "[2, 1].sort((a, b) => { for (;;) turns++; });"),
  loop("forEach", "[1].forEach(() => { for (;;) turns++; });"),
  turn("a proxy", "proxy.some;", "const proxy: any = new Proxy({}, { get: () => turns++ });"),
  turn("a getter", "object.some;", "const object = { get some() { return turns++; } };"),
  loop(
    "a generator",
    "function* count() { for (;;) yield turns++; }\nfor (const each of count()) held[0] = each;",
  ),
  turn(
    "deep recursion",
    "try { deeper(); } catch (error) { held[0] = error; }",
    "function deeper(): number { turns++; return deeper() + 1; }",
  ),
  turn("try and catch", "try { throw new Error(String(turns)); } catch { turns++; }"),
  turn("try and finally", "try { turns++; } finally { turns++; }"),
  turn("replacing", '"abcabc".replace(/b/g, () => String(turns++));'),
  turn(
    "a map that grows",
    "map.set(turns, turns); if (map.size > 1e5) map.clear();",
    "const map = new Map<number, number>();",
  ),
  turn("big integers", "big = (big * 3n + 1n) % (2n ** 512n);", "let big = 1n;"),
  turn("typed arrays", "new Float64Array(10_000).fill(turns);"),
  turn("constructing", "new Some();", "class Some { value = turns++; }"),
  turn("new Function", 'new Function("return 1")();'),
  turn("coercion", "String(object);", "const object = { toString: () => String(turns++) };"),
  turn(
    "Atomics.wait",
    "Atomics.wait(cells, 0, 0, 3);",
    "const cells = new Int32Array(new SharedArrayBuffer(4));",
  ),
  turn("reading a file", "fs.readFileSync(scratch);", "fs.writeFileSync(scratch, 'some');"),
  turn("appending to a file", 'fs.appendFileSync(scratch, "x");'),
  turn("a program", 'childProcess.execFileSync("true");'),
  loop("a program that sleeps", 'childProcess.execFileSync("sleep", ["600"]);'),
  turn(
    "hashing",
    'createHash("sha256").update(String(turns)).digest("hex");',
    'import { createHash } from "node:crypto";',
  ),
  turn("compressing", 'gzipSync("some text".repeat(1000));', 'import { gzipSync } from "node:zlib";'),
  turn("another context", 'runInNewContext("1 + 1");', 'import { runInNewContext } from "node:vm";'),
];

const awaited: readonly Loop[] = [
  turn("awaited timer", "await pause(1);"),
  turn(
    "awaited timers/promises",
    "await delay(1);",
    'import { setTimeout as delay } from "node:timers/promises";',
  ),
  turn("awaited immediate", "await new Promise((resolve) => setImmediate(resolve));"),
  turn("awaited nextTick", "await new Promise<void>((resolve) => process.nextTick(resolve));"),
  turn("awaited promise", "await null;"),
  turn("awaited microtask", "await new Promise<void>((resolve) => queueMicrotask(resolve));"),
  loop(
    "a chain of then",
    "const again = (): Promise<unknown> => Promise.resolve(turns++).then(again);\nawait again();",
  ),
  turn("awaited Promise.all", "await Promise.all([pause(1), null, fsp.stat('.')]);"),
  turn("awaited readFile", "await fsp.readFile(scratch);", "fs.writeFileSync(scratch, 'some');"),
  turn("awaited appendFile", 'await fsp.appendFile(scratch, "x");'),
  turn("awaited fetch", "await (await fetch(server)).text();"),
  turn(
    "awaited http.get",
    "const [response] = await once(http.get(server), 'response'); response.resume(); await once(response, 'end');",
    'import * as http from "node:http";',
  ),
  turn(
    "awaited socket",
    "socket.write('x'); await once(socket, 'data');",
    "import * as net from \"node:net\";\nconst echo = net.createServer((peer) => void peer.pipe(peer)).listen(0, '127.0.0.1');\nawait once(echo, 'listening');\nconst socket = net.connect((echo.address() as net.AddressInfo).port, '127.0.0.1');",
  ),
  turn("awaited execFile", 'await promisify(childProcess.execFile)("true");'),
  loop("awaited execFile that sleeps", 'await promisify(childProcess.execFile)("sleep", ["600"]);'),
  turn(
    "awaited stream",
    "for await (const chunk of fs.createReadStream(scratch)) held[0] = chunk;",
    "fs.writeFileSync(scratch, 'some');",
  ),
  turn(
    "awaited drain",
    'if (!file.write("some text")) await once(file, "drain"); else await null;',
    "const file = fs.createWriteStream('/dev/null');",
  ),
  loop(
    "for await of a child's output",
    'const child = childProcess.spawn("yes");\nfor await (const chunk of child.stdout) { turns++; held[0] = chunk; }',
  ),
  loop(
    "for await of an async generator",
    "async function* count() { for (;;) { await null; yield turns++; } }\nfor await (const each of count()) held[0] = each;",
  ),
  loop(
    "for await of an interval",
    'import { setInterval as every } from "node:timers/promises";\nfor await (const _ of every(1)) turns++;',
  ),
  turn(
    "awaited worker",
    "worker.postMessage(turns); await once(worker, 'message');",
    'import { Worker } from "node:worker_threads";\nconst worker = new Worker(\'require("node:worker_threads").parentPort.on("message", function (m) { this.postMessage(m); })\', { eval: true });',
  ),
  turn(
    "awaited message channel",
    "port1.postMessage(turns); await once(port2, 'message');",
    "const { port1, port2 } = new MessageChannel();",
  ),
  turn("awaited compression", "await promisify(gzip)('some text');", 'import { gzip } from "node:zlib";'),
  turn("awaited scrypt", "await promisify(randomBytes)(16);", 'import { randomBytes } from "node:crypto";'),
  turn("awaited printing", 'console.log("line", turns); await null;'),
  turn("awaited printing of files", 'console.log("line", turns); await fsp.stat(".");'),
  loop("a busy timer callback", "setTimeout(() => { for (;;) turns++; }, 5);\nawait new Promise(() => {});"),
  loop("a busy interval", "setInterval(() => { for (;;) turns++; }, 20);\nawait new Promise(() => {});"),
  loop("an interval", "setInterval(() => turns++, 2);\nawait new Promise(() => {});"),
  loop(
    "two loops at once",
    "await Promise.all([1, 2].map(async () => { for (;;) { turns++; await fsp.stat('.'); } }));",
  ),
  loop(
    "a file system callback",
    "const again = () => fs.stat('.', () => { turns++; again(); });\nagain();\nawait new Promise(() => {});",
  ),
  loop(
    "setImmediate again and again",
    "const again = () => { turns++; setImmediate(again); };\nagain();\nawait new Promise(() => {});",
  ),
];

const shown: readonly Loop[] = [
  loop(
    "a result that never shows",
    "({ [Symbol.for('nodejs.util.inspect.custom')]: () => { for (;;) turns++; } })",
  ),
  ...["message", "stack", "name"].map((property) => ({
    name: `an error whose ${property} loops`,
    code: `const looping = new Error("some");
Object.defineProperty(looping, "${property}", { get() { for (;;) turns++; } });
throw looping;`,
    throws: true,
  })),
];

const trainings: readonly Loop[] = [
  own(
    "model.fit",
    "import * as tf from '@tensorflow/tfjs-node';\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });\nmodel.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });\nawait model.fit(tf.ones([64, 4]), tf.ones([64, 1]), { epochs: 1e6, verbose: 0, callbacks: { onEpochEnd: () => { turns++; } } });",
  ),
  own(
    "a training by hand",
    "import { tf } from 'rnnlab';\nconst weights = tf.variable(tf.ones([8, 8]));\nconst optimizer = tf.train.sgd(0.01);\nfor (;;) { turns++; optimizer.minimize(() => weights.square().sum().asScalar()); }",
  ),
  own(
    "display",
    "import { display } from 'rnnlab/display';\nfor (;;) { turns++; display({ 'text/plain': String(turns) }); }",
  ),
];

/** A package loads in one piece, or again: nobody may be handed a half of it. */
const imported = (name: string, package_: string, afterwards: string): Loop => ({
  name,
  code: `await import("${package_}");\nfor (;;) turns++;`,
  afterwards: `const whole = await import("${package_}");\n${afterwards}`,
  own: true,
});

const imports: readonly Loop[] = [
  imported(
    "an import of danfojs-node",
    "danfojs-node",
    'new whole.DataFrame({ a: [1, 2] }).shape.join() === "2,1"',
  ),
  imported("an import of rnnlab/table", "rnnlab/table", "whole.dataFrame({ a: [1, 2] }).shape[0] === 2"),
  imported("an import of a CommonJS package", "slow-commonjs", "whole.done"),
  imported("an import of an ES module", "slow-module", "whole.done"),
];

/** Loops in TypeScript, one for each way in which code can go on without end. */
export const javascriptLoops: readonly Loop[] = [
  ...synchronous,
  ...awaited,
  ...shown,
  ...trainings,
  ...imports,
];
