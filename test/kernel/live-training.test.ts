import assert from "node:assert/strict";
import { test } from "node:test";
import { type Execution, interrupted, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** What each display of a cell shows at the end, in the order in which they appeared. */
function finalDisplays(cell: Execution): Record<string, unknown>[] {
  const states = new Map<string, Record<string, unknown>>();
  for (const { header, content } of cell.messages) {
    if (!/^(update_)?display_data$/.test(header.msg_type)) continue;
    const { display_id: id = header.msg_id } = content.transient as { display_id?: string };
    states.set(id, content.data as Record<string, unknown>);
  }
  return [...states.values()];
}

test("an interrupted training says where it was, its plot shows the finished epochs, and it can go on", async () => {
  await kernel().execute(`
import { tf } from "rnnlab";
import { fit, trainingStep } from "rnnlab/training";
const model = tf.sequential({ name: "line", layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const x = tf.ones([64, 1]);
await fit(model, x, x, { epochs: 1, verbose: 0 });
const tensors = tf.memory().numTensors;`);
  for (let turn = 0; turn < 2; turn++) {
    const cell = await interrupted(
      kernel(),
      `
const callbacks = { onBatchEnd: async (batch: number) => {
  if (++steps === 15) console.log("started");
  if (steps >= 15) await new Promise((resolve) => setTimeout(resolve, 5));
} };
let steps = 0;
await fit(model, x, x, { epochs: 1000, batchSize: 8, livePlot: true, callbacks });
console.log("ran on");`,
    );
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
    assert.equal(cell.stdout, "started\n");
    const [bar, plot] = finalDisplays(cell);
    const place = /line · interrupted in epoch (\d+)\/1000 · step (\d+)\/8 · \d+:\d\d in all\nloss /.exec(
      String(bar?.["text/plain"]),
    );
    assert.ok(place, String(bar?.["text/plain"]));
    const epochs = Number(place[1]) - 1;
    assert.ok(epochs >= 1);
    assert.equal(plot?.["text/plain"], `Figure "Training of line": training (${epochs} values)`);
    assert.ok("application/vnd.plotly.v1+json" in plot);
    // Its steps were one op each, which an interrupt lets end.
    assert.equal((await kernel().execute("trainingStep(model).compiled")).result, "true");
    const next = await kernel().execute(
      "(await fit(model, x, x, { epochs: 2, verbose: 0 })).epoch.length + ':' + (tf.memory().numTensors - tensors)",
    );
    assert.equal(next.result, "'2:0'", next.traceback);
    // One that has ended watches for no interrupt any more.
    const mark = await kernel().execute(
      "'value' in Object.getOwnPropertyDescriptor(model, 'stopTraining_')!",
    );
    assert.equal(mark.result, "true", mark.traceback);
  }
});

test("a training that has to be ended within a step says so, too, and can go on", async () => {
  await kernel().execute(`
import { tf } from "rnnlab";
import { fitDataset } from "rnnlab/training";
const stuck = tf.sequential({ name: "stuck", layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
stuck.compile({ optimizer: "sgd", loss: "meanSquaredError" });
function* batches(count: number) {
  for (let i = 0; i < count; i++) yield { xs: tf.ones([4, 1]), ys: tf.ones([4, 1]) };
  if (count < 3) return;
  console.log("started");
  for (;;);
}`);
  const cell = await interrupted(kernel(), "await fitDataset(stuck, () => batches(3), { epochs: 2 });");
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  const [bar] = finalDisplays(cell);
  assert.match(String(bar?.["text/plain"]), /stuck · interrupted in epoch 1\/2 · step 3 · /);
  const next = await kernel().execute(
    "(await fitDataset(stuck, () => batches(2), { epochs: 2 })).epoch.join()",
  );
  assert.equal(next.result, "'1,2'", next.traceback);
});

test("a progress bar of an interrupted loop says so", async () => {
  const cell = await interrupted(
    kernel(),
    `
import { ProgressBar } from "rnnlab/display";
const bar = new ProgressBar(1e12);
for (let i = 0; ; i++) { bar.update(i, () => \`item \${i}\`); if (i === 5) console.log("started"); }`,
  );
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  const [bar] = finalDisplays(cell);
  assert.match(String(bar?.["text/plain"]), /\] interrupted: item \d+$/);
  assert.match(String(bar?.["text/html"]), /accent-color:#B87900/);
});

test("an output that cannot be finished when its cell is interrupted is reported, the others are finished", async () => {
  const cell = await interrupted(
    kernel(),
    `
import { display, whenInterrupted } from "rnnlab/display";
const complete = whenInterrupted(() => display("never"));
whenInterrupted(() => { throw new Error("cannot finish"); });
whenInterrupted(() => display("finished"));
complete();
console.log("started");
await new Promise(() => {});`,
  );
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  assert.deepEqual(
    finalDisplays(cell).map((data) => data["text/plain"]),
    ["finished"],
  );
  assert.match(cell.stderr, /Cannot finish an output of the interrupted cell:[\s\S]*cannot finish/);
});

test("the outputs of a cell that has ended are left alone by the interrupt of another", async () => {
  await kernel().execute(
    'import { display, whenInterrupted } from "rnnlab/display";\nwhenInterrupted(() => void display("late"));',
  );
  const cell = await interrupted(kernel(), 'console.log("started");\nawait new Promise(() => {});');
  assert.deepEqual(finalDisplays(cell), []);
});
