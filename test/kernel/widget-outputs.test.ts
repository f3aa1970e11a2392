import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Dictionary,
  dict,
  plain,
  update,
  useKernel,
  WidgetPage,
} from "../../tools/kernel-client/index.js";

const kernel = useKernel();
const { idOf, models, page, post, untilState } = new WidgetPage(kernel);

test("an output takes what code prints, shows and throws, also after an await, and nothing of others", async () => {
  const cell = await kernel().execute(`import { display, html, ProgressBar } from "rnnlab/display";
import { output } from "rnnlab/widgets";
const log = output();
await display(log);
await log.capture(async () => {
  console.log("one");
  await new Promise((resolve) => setTimeout(resolve, 1));
  console.log("two");
  console.error("three");
  await display(html("<b>four</b>", "four"));
  const bar = new ProgressBar(2);
  bar.update(1, "half");
  bar.finish("whole");
  setTimeout(() => console.log("late"), 1);
  throw new RangeError("five");
});
console.log("outside");`);
  assert.equal(cell.stdout, "outside\n");
  assert.deepEqual(
    cell.outputs.filter((type) => !type.startsWith("comm")),
    ["display_data", "stream"],
  );
  const shown = (state: Dictionary) => JSON.stringify(state.outputs);
  const state = await untilState(idOf("OutputModel"), (now) => /late/.test(shown(now)), "the late text");
  const outputs = state.outputs as Dictionary[];
  assert.deepEqual(
    outputs.map(({ output_type, name, text, data, evalue }) =>
      output_type === "display_data"
        ? (data as Dictionary)["text/plain"]
        : [output_type, name, text ?? evalue],
    ),
    [
      ["stream", "stdout", "one\ntwo\n"],
      ["stream", "stderr", "three\n"],
      "four",
      "[============            ] whole",
      ["error", undefined, "five"],
      ["stream", "stdout", "late\n"],
    ],
  );
  assert.match(
    plain([outputs[4]?.traceback].flat().join("\n")),
    /^RangeError: five\n {2}Cell In\[\d+\], line 15/,
  );
});

test("interact runs again with the newest values, and its output takes the place of the one before", async () => {
  const cell = await kernel().execute(`import { interact } from "rnnlab/widgets";
const runs: string[] = [];
let pass = () => {};
interact(
  async ({ alpha, model }, { signal }) => {
    runs.push(model + " " + alpha);
    if (alpha === 0.5) {
      console.log("begun");
      await new Promise<void>((resolve) => { pass = resolve; });
      runs.push("aborted: " + signal.aborted);
    }
    if (alpha === 1) throw new RangeError("too much");
    if (model === "LSTM") console.log("printed");
    return alpha;
  },
  { alpha: [0, 1, 0.05], model: ["GRU", "LSTM"] },
)`);
  assert.equal(cell.error, undefined);
  const [alpha, model, output] = [idOf("FloatSliderModel"), idOf("DropdownModel"), idOf("OutputModel")];
  const texts = (state: Dictionary) =>
    (state.outputs as Dictionary[]).map(({ text, data, evalue }) =>
      String(text ?? evalue ?? (data as Dictionary)["text/plain"]),
    );
  assert.deepEqual(texts(models().get(output) ?? {}), ["0"]);
  await page(alpha, update({ value: 0.5 }));
  await untilState(output, (state) => texts(state).join() === "begun\n", "the run that waits");
  for (const value of [0.6, 0.7, 0.8]) await page(alpha, update({ value }));
  await page(model, update({ index: 1 }));
  assert.deepEqual(texts(models().get(output) ?? {}), ["begun\n"]);
  await kernel().execute("pass()");
  await untilState(output, (state) => texts(state).join() === "printed\n,0.8", "the newest run");
  assert.equal((await kernel().execute("runs.join()")).result, "'GRU 0,GRU 0.5,aborted: true,LSTM 0.8'");
  await page(alpha, update({ value: 1 }));
  await untilState(output, (state) => texts(state).join() === "too much", "the error in its place");
});

test("a figure of interact is HTML that changes in place, and plotly.js comes below the cell once", async () => {
  const cell = await kernel().execute(`import { lineFigure } from "rnnlab/plot";
import { interact } from "rnnlab/widgets";
interact(({ n }) => lineFigure({ name: "n", y: [1, n] }), { n: [0, 5] })`);
  const output = idOf("OutputModel");
  const html = (state: Dictionary) =>
    String(((state.outputs as Dictionary[])[0]?.data as Dictionary | undefined)?.["text/html"]);
  const key = (text: string) => /figures\["([^"]+)"\]/.exec(text)?.[1];
  const first = html(models().get(output) ?? {});
  assert.ok(first.length < 100_000 && first.includes("plotly.react") && key(first) !== undefined);
  await kernel().waitFor(
    ({ header, parent, content }) =>
      header.msg_type === "display_data" &&
      parent.msg_id === cell.id &&
      JSON.stringify(content).includes("DecompressionStream"),
    "plotly.js",
  );
  await page(idOf("IntSliderModel"), update({ value: 3 }));
  const next = await untilState(output, (state) => html(state) !== first, "the next figure");
  assert.equal(key(html(next)), key(first));
  // What pages and documents show that have no widgets.
  const data = cell.contents("execute_result")[0]?.data as Dictionary;
  assert.match(String(data["text/html"]), /n: 0 \(controls where the notebook runs\)/);
  assert.ok(String(data["text/html"]).includes("plotly.react"));
  assert.match(String(data["image/svg+xml"]), /^<svg/);
});

test("a sketch has the pixels that the page sends, and refuses another number of them", async () => {
  const cell = await kernel().execute(`import { sketch } from "rnnlab/widgets";
const board = sketch({ width: 2, height: 2 });
board.onChange((pixels) => console.log("drawn", pixels.join()));
board`);
  assert.equal(cell.result, "sketch: 2 × 2 pixels");
  const id = idOf("AnyModel");
  const drawn = { method: "update", state: {}, buffer_paths: [["pixels"]] };
  await page(id, drawn, [Buffer.from([0, 9, 255, 0])]);
  await kernel().streamed(cell.id, "drawn 0,9,255,0");
  const answers = await page(id, drawn, [Buffer.from([1, 2, 3])]);
  // The page gets its own change, and the pixels that are there.
  assert.deepEqual(
    answers.map(({ buffers }) => buffers),
    [[Buffer.from([1, 2, 3])], [Buffer.from([0, 9, 255, 0])]],
  );
  assert.equal((await kernel().execute("board.value.join()")).result, "'0,9,255,0'");
});

test("anywidget carries a module, a typed state with bytes, and messages both ways", async () => {
  const cell = await kernel().execute(`import { anywidget } from "rnnlab/widgets";
type State = { count: number; pixels: Uint8Array };
const own = anywidget<State, { done: number }, { ask: string }>({
  esm: "export default { render({ model, el }) { el.textContent = model.get('count'); } }",
  state: { count: 0, pixels: new Uint8Array([1, 2]) },
});
own.onChange(({ count, pixels }) => console.log("changed", count, pixels.join()));
own.onMessage(({ content, buffers }) => {
  own.send({ done: content.ask.length }, [Uint8Array.from(buffers[0] ?? []).reverse()]);
});
own`);
  assert.equal(cell.error, undefined);
  const id = idOf("AnyModel");
  const open = cell.messages.find(({ content }) => content.comm_id === id);
  assert.deepEqual(dict(open?.content.data).buffer_paths, [["pixels"]]);
  assert.deepEqual(open?.buffers, [Buffer.from([1, 2])]);
  const state = models().get(id);
  assert.deepEqual(
    [state?._model_module, state?._view_name, state?.count, "pixels" in (state ?? {})],
    ["anywidget", "AnyView", 0, false],
  );
  const change = { method: "update", state: { count: 1 }, buffer_paths: [["pixels"]] };
  const [echo] = await page(id, change, [Buffer.from([7, 8, 9])]);
  assert.deepEqual(echo?.content.data, { ...change, method: "echo_update" });
  assert.deepEqual(echo?.buffers, [Buffer.from([7, 8, 9])]);
  await kernel().streamed(cell.id, "changed 1 7,8,9");
  const [answer] = await page(id, { method: "custom", content: { ask: "four" } }, [Buffer.from([1, 2, 3])]);
  assert.deepEqual(answer?.content.data, { method: "custom", content: { done: 4 } });
  assert.deepEqual(answer?.buffers, [Buffer.from([3, 2, 1])]);
  const later = await kernel().execute("own.change({ count: 5 });\nown.value.count");
  assert.equal(later.result, "5");
  assert.deepEqual(
    later.contents("comm_msg").map(({ data }) => (data as Dictionary).state),
    [{ count: 5 }],
  );
});

test("the controls of a training pause it, change its learning rate and stop it while its cell awaits it", async () => {
  const cell = await kernel().submit(`import { tf } from "rnnlab";
import { fit } from "rnnlab/training";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [4]])];
let told = "";
const history = await fit(model, x, y, {
  epochs: 1e6, batchSize: 1, yieldEvery: 5, controls: true,
  onEpochEnd: () => {
    const rate = "rate " + (model.optimizer as unknown as { learningRate: number }).learningRate;
    if (told !== rate) console.log(rate);
    told = rate;
  },
});
history.loss.length < 1e6`);
  await kernel().streamed(cell, "rate 0.01");
  await page(idOf("FloatLogSliderModel"), update({ value: 0.001 }));
  await kernel().streamed(cell, "rate 0.001");
  await page(idOf("ToggleButtonModel"), update({ value: true }));
  await page(idOf("ButtonModel"), { method: "custom", content: { event: "click" } });
  assert.equal((await kernel().finish(cell)).result, "true");
  for (const model of ["ButtonModel", "ToggleButtonModel", "FloatLogSliderModel"])
    assert.equal(models().get(idOf(model))?.disabled, true, model);
});

test("an interrupt ends a training that pauses", async () => {
  const cell = await kernel().submit(
    "const paused = await fit(model, x, y, { epochs: 1e6, batchSize: 1, yieldEvery: 5, controls: true, onEpochEnd: ({ epoch }) => { if (epoch === 1) console.log('begun'); } });",
  );
  await kernel().streamed(cell, "begun");
  await page(idOf("ToggleButtonModel"), update({ value: true }));
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(cell)).error?.ename, "KeyboardInterrupt");
  const again = "(await fit(model, x, y, { epochs: 2, verbose: 0 })).epoch.join()";
  assert.equal((await kernel().execute(again)).result, "'1,2'");
});

test("timeTravel() draws from the model of the chosen epoch, and an interrupt gives it its weights back", async () => {
  const cell = await kernel().execute(`import { openComm } from "rnnlab/comm";
import { timeTravel, type Moment } from "rnnlab/training";
const kept = await fit(model, x, y, { epochs: 4, verbose: 0, keepWeights: "epoch" });
const kernelOf = () => String(model.getWeights()[0]?.dataSync()[0]);
const lasting = kernelOf();
let then: string[] = [];
const drawn = async ({ epoch }: Moment) => {
  then[epoch] = kernelOf();
  if (hangs !== "") openComm("hangs").close();
  if (hangs === "await") await new Promise(() => {});
  while (hangs === "loop") {}
  return "drawn at " + epoch;
};
let hangs = "";
timeTravel(kept, drawn)`);
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal(
    dict(cell.contents("execute_result")[0]?.data)["text/plain"],
    "interact\n  slider epoch: 4\n  drawn at 4",
  );
  const [slider, output] = [idOf("IntSliderModel"), idOf("OutputModel")];
  const { min, max, value } = models().get(slider) ?? {};
  assert.deepEqual([min, max, value], [0, 4, 4]);
  const shows = (text: string) =>
    untilState(output, ({ outputs }) => JSON.stringify(outputs).includes(text), `the output with ${text}`);
  await page(slider, update({ value: 3 }));
  await shows("drawn at 3");
  const same = "[kernelOf() === lasting, then.indexOf(lasting), new Set(then).size].join()";
  assert.equal((await kernel().execute(same)).result, "'true,4,5'");
  for (const kind of ["await", "loop"]) {
    await kernel().execute(`hangs = "${kind}"`);
    const hanging = kernel().waitFor(
      ({ header, content }) => header.msg_type === "comm_open" && content.target_name === "hangs",
      "the drawing that hangs",
    );
    const request = await post(slider, update({ value: kind === "await" ? 2 : 3 }));
    await hanging;
    await kernel().request("control", "interrupt_request");
    await kernel().idleOf(request);
    await kernel().execute('hangs = ""');
    assert.equal((await kernel().execute("kernelOf() === lasting")).result, "true", kind);
    await page(slider, update({ value: 0 }));
    await shows("drawn at 0");
  }
  const further = await kernel().execute(`await kept.weights.restore(2);
(await fit(model, x, y, { epochs: 4, initialEpoch: 2, verbose: 0 })).epoch.join() + (kernelOf() === lasting)`);
  assert.equal(further.result, "'3,4true'", further.traceback);
});
