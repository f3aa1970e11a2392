import assert from "node:assert/strict";
import { test } from "node:test";
import { interrupted, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

const waits: Record<string, string> = {
  "a timer": "await new Promise((resolve) => setTimeout(resolve, 5));",
  "an immediate": "await new Promise((resolve) => setImmediate(resolve));",
  "timers/promises": 'await (await import("node:timers/promises")).setTimeout(5);',
  "a promisified timer": 'await (await import("node:util")).promisify(setTimeout)(5);',
};

for (const [what, wait] of Object.entries(waits)) {
  test(`a loop that waits for ${what} does not go on after an interrupt`, async () => {
    const cell = await interrupted(
      kernel(),
      `var turns = 0; console.log("started"); for (;;) { ${wait} turns++; }`,
    );
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
    const next = await kernel().execute(
      "const before = turns; await new Promise((resolve) => setTimeout(resolve, 100)); turns - before",
    );
    assert.equal(next.result, "0", next.traceback);
  });
}

test("an interval of an interrupted cell is dead, that of another cell is not", async () => {
  await kernel().execute("var theirs = 0; setInterval(() => theirs++, 5); undefined");
  await interrupted(
    kernel(),
    'var own = 0; setInterval(() => own++, 5); console.log("started"); await new Promise(() => {});',
  );
  const next = await kernel().execute(
    "const [o, t] = [own, theirs]; await new Promise((resolve) => setTimeout(resolve, 100)); [own - o, theirs > t].join()",
  );
  assert.equal(next.result, "'0,true'", next.traceback);
});

test("what an interrupted cell still prints and shows is dropped", async () => {
  const cell = await interrupted(
    kernel(),
    `
import { readFile } from "node:fs/promises";
var reads = 0;
const host = Reflect.get(globalThis, Symbol.for("rnnlab.displayHost"));
console.log("started");
for (;;) {
  await readFile("../../../package.json");
  if (++reads % 100 === 0) { console.log("late"); host.publish({ data: { "text/plain": "late" } }); host.clear(); }
}`,
  );
  const before = kernel().outputsOf(cell.id).length;
  const next = await kernel().execute(
    "for (let i = 0; i < 50; i++) await new Promise((resolve) => setTimeout(resolve, 5)); 1",
  );
  assert.equal(next.result, "1", next.traceback);
  assert.equal(next.stdout, "");
  assert.equal(kernel().outputsOf(cell.id).length, before);
});

test("a cell that waits for what cannot come waits until it is interrupted, whatever is garbage", async () => {
  await kernel().execute(`
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
var state = 7;`);
  const cell = await interrupted(
    kernel(),
    'setTimeout(() => { collect(); setTimeout(() => console.log("started"), 1); }, 1); await new Promise(() => {});',
  );
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  assert.equal((await kernel().execute("collect(); state")).result, "7");
});

test("a busy timer is interrupted though the session uses asynchronous storage", async () => {
  await kernel().execute(`
import { AsyncLocalStorage } from "node:async_hooks";
const storage = new AsyncLocalStorage<number>();
storage.run(1, () => {});`);
  const cell = await interrupted(
    kernel(),
    'await new Promise(() => setTimeout(() => { console.log("started"); while (true) {} }, 5));',
  );
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  const next = await kernel().execute("storage.run(7, () => storage.getStore())");
  assert.equal(next.result, "7", next.traceback);
  await kernel().execute("process.exit()"); // the next test gets a session without it
});

const hooks: Record<string, string> = {
  blocks: '() { console.log("started"); while (true) {} }',
  "blocks after an await": '{ await null; console.log("started"); while (true) {} }',
  "never settles": '() { console.log("started"); return new Promise(() => {}); }',
};

for (const [what, body] of Object.entries(hooks)) {
  test(`a cell whose value's display ${what} is interrupted`, async () => {
    await kernel().execute("var state = 7;");
    const method = '[Symbol.for("Jupyter.display")]';
    const cell = await interrupted(
      kernel(),
      body.startsWith("()") ? `({ ${method}${body} })` : `({ async ${method}() ${body} })`,
    );
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
    assert.equal((await kernel().execute("state")).result, "7");
  });
}

test("a user expression that blocks is interrupted, the cell is done", async () => {
  await kernel().execute('function spin() { console.log("started"); for (;;) {} }');
  const cell = await interrupted(kernel(), "1", { user_expressions: { spin: "spin()" } });
  assert.equal(cell.status, "ok");
  const expressions = cell.reply.content.user_expressions as Record<string, Record<string, unknown>>;
  assert.equal(expressions.spin?.ename, "KeyboardInterrupt");
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("a model is trained again after its training was interrupted", async () => {
  await kernel().execute(`
import * as tf from "@tensorflow/tfjs-node";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 32, inputShape: [32] }), tf.layers.dense({ units: 1 })] });
model.compile({ optimizer: "adam", loss: "meanSquaredError" });
const xs = tf.ones([256, 32]);
const ys = tf.ones([256, 1]);
await model.fit(xs, ys, { epochs: 1, verbose: 0 });
const tensors = tf.memory().numTensors;`);
  for (let turn = 0; turn < 3; turn++) {
    const cell = await interrupted(
      kernel(),
      `
await model.fit(xs, ys, { epochs: 1e6, verbose: 0, callbacks: { onEpochBegin: (epoch) => { if (epoch === 1) console.log("started"); } } });
console.log("ran on");`,
    );
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
    assert.equal(cell.stdout, "started\n");
    const next = await kernel().execute(
      "(await model.fit(xs, ys, { epochs: 2, verbose: 0 })).epoch.length + ':' + (tf.memory().numTensors - tensors)",
    );
    assert.equal(next.result, "'2:0'", next.traceback);
  }
});

test("the interrupt of a training stops no later one, whichever loop runs it", async () => {
  await kernel().execute(`
import * as tf from "@tensorflow/tfjs-node";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });`);
  await interrupted(
    kernel(),
    `
await model.fit(tf.ones([8, 1]), tf.ones([8, 1]), { epochs: 1e6, verbose: 0, callbacks: { onEpochBegin: (epoch) => { if (epoch === 1) console.log("started"); } } });`,
  );
  const next = await kernel().execute("model.stopTraining = false; model.stopTraining");
  assert.equal(next.result, "false", next.traceback);
});

test("gradients and memory of TensorFlow.js are in order after a training loop was interrupted", async () => {
  await kernel().execute(`
import * as tf from "@tensorflow/tfjs-node";
const x = tf.ones([64, 64]);
const weights = tf.variable(tf.ones([64, 64]));
const optimizer = tf.train.sgd(0.001);
const step = () => optimizer.minimize(() => tf.tidy(() => tf.matMul(x, weights).relu().sum().asScalar()));
step();`);
  for (let turn = 0; turn < 5; turn++) {
    const cell = await interrupted(
      kernel(),
      "for (let n = 0; ; n++) { step(); if (n === 20) console.log('started'); }",
    );
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
  }
  const next = await kernel().execute(`
const held = tf.memory().numTensors;
for (let n = 0; n < 10; n++) { step(); tf.tidy(() => { tf.add(x, x); }); }
tf.memory().numTensors - held`);
  assert.equal(next.result, "0", next.traceback);
});

test("a scope that an earlier cell has opened stays open when a cell is interrupted", async () => {
  await kernel().execute(`
import * as tf from "@tensorflow/tfjs-node";
tf.engine().startScope();
const inScope = tf.scalar(3);`);
  await interrupted(kernel(), 'console.log("started"); for (;;) tf.tidy(() => tf.add(1, 2));');
  assert.equal((await kernel().execute("inScope.dataSync()[0]")).result, "3");
  const closed = await kernel().execute("tf.engine().endScope(); inScope.isDisposed");
  assert.equal(closed.result, "true", closed.traceback);
});

test("a loop that shows more than anybody can read is interrupted, every time", async () => {
  for (let turn = 0; turn < 20; turn++) {
    const cell = await interrupted(
      kernel(),
      `
const host = Reflect.get(globalThis, Symbol.for("rnnlab.displayHost"));
console.log("started");
for (;;) host.publish({ data: { "text/plain": "x".repeat(3_000_000) } });`,
    );
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  }
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("a busy loop after an await is interrupted in a session that uses AsyncLocalStorage, every time", async () => {
  await kernel().execute(
    'import { AsyncLocalStorage } from "node:async_hooks"; const storage = new AsyncLocalStorage<number>(); var state = 7;',
  );
  const waits = ["await null;", "await new Promise((resolve) => setTimeout(resolve, 5));"];
  for (const wait of [...waits, ...waits]) {
    const cell = await interrupted(
      kernel(),
      `await storage.run(2, async () => { ${wait} console.log("started"); for (;;) {} });`,
    );
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
    const next = await kernel().execute(
      `const here = storage.getStore(); ${wait} [state, here, storage.run(3, () => storage.getStore())]`,
    );
    assert.equal(next.result, "[ 7, undefined, 3 ]", next.traceback);
  }
  const inside = await kernel().execute(
    `await storage.run(4, async () => { ${waits[1]} return storage.getStore(); })`,
  );
  assert.equal(inside.result, "4", inside.traceback);
});
