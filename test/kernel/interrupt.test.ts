import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Execution, until, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** The ways in which a front end interrupts. */
const ways: Record<string, () => Promise<void>> = {
  "SIGINT to the process group": async () => kernel().process.signalGroup("SIGINT"),
  "interrupt_request on control": async () => {
    const reply = await kernel().request("control", "interrupt_request");
    assert.equal(reply.content.status, "ok");
  },
  "interrupt_request on shell": async () => {
    const reply = await kernel().request("shell", "interrupt_request");
    assert.equal(reply.content.status, "ok");
  },
};

const cells: Record<string, string> = {
  "a busy loop": 'console.log("started");\nwhile (true) {}',
  "a busy loop inside a function": 'function spin() { console.log("started"); for (;;) {} }\nspin();',
  "a busy loop that catches everything":
    'console.log("started");\nwhile (true) { try { while (true) {} } catch {} finally {} }',
  "a pending await": 'console.log("started");\nawait new Promise(() => {});',
  "a long timer": 'console.log("started");\nawait new Promise((resolve) => setTimeout(resolve, 1e8));',
  "a busy loop after an await":
    'await new Promise((resolve) => setTimeout(resolve, 5));\nconsole.log("started");\nwhile (true) {}',
  "a loop of V8's own functions":
    'const text = JSON.stringify(Array.from({ length: 1e5 }, (_, i) => i));\nconsole.log("started");\nfor (;;) JSON.parse(text);',
  "a loop that makes arrays":
    'const held: unknown[] = [];\nconsole.log("started");\nfor (;;) { held.push(new Array(100).fill(1)); if (held.length > 1e4) held.length = 0; }',
  "a loop of awaits": 'console.log("started");\nwhile (true) await null;',
  "a loop of timers":
    'console.log("started");\nwhile (true) await new Promise((resolve) => setTimeout(resolve, 1));',
  "a busy loop in a timer":
    'await new Promise(() => setTimeout(() => { console.log("started"); while (true) {} }, 5));',
};

async function interrupted(code: string, interrupt: () => Promise<void>): Promise<Execution> {
  const id = await kernel().submit(code);
  await kernel().streamed(id, "started");
  await interrupt();
  return kernel().finish(id);
}

for (const [way, interrupt] of Object.entries(ways)) {
  for (const [what, code] of Object.entries(cells)) {
    test(`${way} ends ${what} and keeps the state`, async () => {
      await kernel().execute("var state = 7;");
      const cell = await interrupted(code, interrupt);
      assert.equal(cell.status, "error");
      assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
      const { ename, evalue, traceback } = cell.reply.content;
      assert.deepEqual(cell.error, { ename, evalue, traceback });
      const next = await kernel().execute("state + 1");
      assert.equal(next.result, "8", next.traceback);
    });
  }
}

test("variables that the interrupted cell had set are kept", async () => {
  await interrupted(
    'const early = 3;\nlet turns = 0;\nconsole.log("started");\nwhile (true) turns++;',
    ways["interrupt_request on control"]!,
  );
  assert.equal((await kernel().execute("early + Math.sign(turns)")).result, "4");
});

test("code after an interrupted await does not run on into later cells", async () => {
  await interrupted(
    'console.log("started");\nfor (let i = 0; ; i++) { await new Promise((resolve) => setTimeout(resolve, 10)); console.log("again " + i); }',
    ways["interrupt_request on control"]!,
  );
  const next = await kernel().execute('await new Promise((resolve) => setTimeout(resolve, 300)); "end"');
  assert.equal(next.result, "'end'");
  assert.equal(next.stdout, "");
});

test("an interrupt aborts the queued cells", async () => {
  const running = await kernel().submit('console.log("started");\nwhile (true) {}');
  const queued = await kernel().submit("5");
  await kernel().streamed(running, "started");
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(running)).status, "error");
  assert.equal((await kernel().finish(queued)).status, "aborted");
  assert.equal((await kernel().execute("6")).result, "6");
});

/** Whether a signal has been sent to a process that none of its threads has taken, where the system tells. */
function isSignalPending(pid: number): boolean {
  if (process.platform !== "linux") return false;
  const [, signals = ""] = /^ShdPnd:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  assert.match(signals, /^[0-9a-f]+$/);
  return !/^0+$/.test(signals);
}

test("an interrupt of an idle kernel does nothing", async () => {
  for (const [way, interrupt] of Object.entries(ways)) {
    await interrupt();
    await until(
      () => !isSignalPending(kernel().process.pid),
      10_000,
      () => "the signal is still pending",
    );
    // A signal and a message take different ways: when this is answered, the signal has been heard.
    await kernel().request("control", "kernel_info_request");
    const cell = await kernel().execute("await Promise.resolve(1); 1 + 1");
    assert.equal(cell.result, "2", `${way}: ${cell.traceback}`);
  }
});

test("many interrupts in a row end one cell each", async () => {
  for (let i = 0; i < 15; i++) {
    const cell = await interrupted(
      'console.log("started");\nwhile (true) {}',
      ways["interrupt_request on control"]!,
    );
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  }
  assert.equal((await kernel().execute("1")).result, "1");
});

test("several interrupts of one cell count once", async () => {
  const id = await kernel().submit('console.log("started");\nwhile (true) {}');
  await kernel().streamed(id, "started");
  const requests: string[] = [];
  for (let i = 0; i < 3; i++) requests.push(await kernel().send("control", "interrupt_request", {}));
  for (const request of requests) await kernel().replyTo(request, "control");
  assert.equal((await kernel().finish(id)).reply.content.ename, "KeyboardInterrupt");
  const next = await kernel().execute(
    "await null; let after = 0; for (let i = 0; i < 1e6; i++) after++; after",
  );
  assert.equal(next.result, "1000000", next.traceback);
});

test("SIGINT to every process of the kernel counts once", async () => {
  const id = await kernel().submit('console.log("started");\nawait new Promise(() => {});');
  await kernel().streamed(id, "started");
  for (const pid of kernel().process.tree()) process.kill(pid, "SIGINT");
  assert.equal((await kernel().finish(id)).reply.content.ename, "KeyboardInterrupt");
  assert.equal((await kernel().execute("3")).result, "3");
});

test("a cell whose child process runs is interrupted", async () => {
  const cell = await interrupted(
    'import { spawn } from "node:child_process";\nconsole.log("started");\nawait new Promise((resolve) => spawn("sleep", ["1000"]).on("exit", resolve));',
    ways["SIGINT to the process group"]!,
  );
  assert.equal(cell.status, "error");
  assert.equal((await kernel().execute("4")).result, "4");
});

test("a cell that waits synchronously for a child process is interrupted together with it", async () => {
  const cell = await interrupted(
    'import { execSync } from "node:child_process";\nconsole.log("started");\nexecSync("sleep 1000");',
    ways["interrupt_request on control"]!,
  );
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  assert.equal((await kernel().execute("4")).result, "4");
});

test("a child that answers SIGINT with status 130 ends its cell, as one that is ended by it", async () => {
  const child =
    'process.on("SIGINT", () => process.exit(130)); console.log("started"); setInterval(() => {}, 1000)';
  const cell = await interrupted(
    `import { spawnSync } from "node:child_process";
const { status } = spawnSync(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" });
console.log("went on with", status);`,
    ways["SIGINT to the process group"]!,
  );
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  assert.doesNotMatch(cell.stdout, /went on/);
});

test("after a child's status 130 a cell waits a moment for the interrupt that may be on its way", async () => {
  await kernel().execute('import { execSync, spawnSync } from "node:child_process";');
  for (const run of ['spawnSync("sh", ["-c", "exit 130"]);', 'try { execSync("exit 130"); } catch {}']) {
    const cell = await kernel().execute(
      `const start = performance.now();\n${run}\nperformance.now() - start`,
    );
    assert.ok(Number(cell.result) >= 200, `${run}: ${cell.result} ms ${cell.traceback}`);
  }
});

test("a loop of long native calls is interrupted, every time", async () => {
  for (let turn = 0; turn < 10; turn++) {
    const cell = await interrupted(
      'console.log("started");\nfor (;;) new Float64Array(1e6).sort();',
      ways["interrupt_request on control"]!,
    );
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  }
  assert.equal((await kernel().execute("5")).result, "5");
});

test("an interrupt while a cell is compiled or imported ends it or lets it end", async () => {
  const id = await kernel().submit('import * as many from "typescript";\nObject.keys(many).length > 10');
  await kernel().request("control", "interrupt_request");
  const cell = await kernel().finish(id);
  assert.ok(cell.status === "ok" || cell.reply.content.ename === "KeyboardInterrupt", cell.traceback);
  assert.equal((await kernel().execute("5")).result, "5");
});

test("model.fit is interrupted between batches and the model is kept", async () => {
  await kernel().execute(`
import * as tf from "@tensorflow/tfjs-node";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.ones([64, 1]);`);
  const cell = await interrupted(
    'await model.fit(xs, xs, { epochs: 1e6, batchSize: 4, verbose: 0, callbacks: { onEpochBegin: (e) => { if (e === 1) console.log("started"); } } });',
    ways["interrupt_request on control"]!,
  );
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  const next = await kernel().execute("(model.predict(xs) as tf.Tensor).shape.join()");
  assert.equal(next.result, "'64,1'", next.traceback);
});

test("a call that cannot be stopped is announced, and a second interrupt ends the session", async () => {
  await kernel().execute("var state = 7;");
  const id = await kernel().submit(
    'import { pbkdf2Sync } from "node:crypto";\nconsole.log("started");\npbkdf2Sync("a", "b", 2 ** 31 - 1, 64, "sha512");',
  );
  await kernel().streamed(id, "started");
  for (let i = 0; i < 2; i++) await kernel().request("control", "interrupt_request");
  await kernel().streamed(id, "interrupt once more");
  await kernel().request("control", "interrupt_request");
  const cell = await kernel().finish(id);
  assert.equal(cell.reply.content.ename, "SessionEnded");
  assert.match(String(cell.reply.content.evalue), /second interrupt ended it.*variables are gone/);
  assert.equal((await kernel().execute('typeof Reflect.get(globalThis, "state")')).result, "'undefined'");
});

test("a session whose listeners a cell has removed survives SIGINT and stray errors", async () => {
  await kernel().execute(`
process.removeAllListeners();
for (const event of process.eventNames()) {
  process.removeAllListeners(event);
  for (const listener of process.rawListeners(event)) process.off(event, listener as () => void);
}
var state = 7;`);
  const id = await kernel().submit('console.log("started");\nawait new Promise(() => {});');
  await kernel().streamed(id, "started");
  for (const pid of kernel().process.tree()) process.kill(pid, "SIGINT");
  assert.equal((await kernel().finish(id)).reply.content.ename, "KeyboardInterrupt");
  const stray = await kernel().submit(
    'setTimeout(() => { throw new Error("from a timer"); }, 1);\nPromise.reject(new Error("from a promise"));\nundefined',
  );
  await kernel().streamed(stray, "from a timer");
  await kernel().streamed(stray, "from a promise");
  assert.equal((await kernel().execute("state")).result, "7");
});

test("a cell's own listeners on the process are removed when it asks", async () => {
  const cell = await kernel().execute(`
const heard: string[] = [];
const listener = () => heard.push("message");
process.on("warning", listener);
process.once("beforeExit", listener);
process.removeAllListeners("warning");
process.off("beforeExit", listener);
[process.emit("beforeExit", 0), process.listeners("warning").includes(listener), heard.length].join()`);
  assert.equal(cell.result, "'false,false,0'", cell.traceback);
});
