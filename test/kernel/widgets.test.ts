import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, type Message, plain, useKernel } from "../../tools/kernel-client/index.js";
import { readGolden } from "../golden/read-golden.js";

const kernel = useKernel();

/** The states of all models so far, by their names in the front end: as a page has them. */
function models(): Map<string, Dictionary> {
  const states = new Map<string, Dictionary>();
  for (const { header, content } of kernel().received) {
    const data = content.data as Dictionary | undefined;
    const id = String(content.comm_id);
    if (header.msg_type === "comm_open" && data?.state) states.set(id, { ...dict(data.state) });
    if (header.msg_type === "comm_msg" && data?.method === "update")
      Object.assign(states.get(id) ?? {}, data.state);
  }
  return states;
}

/** The latest model of a kind that was opened. */
function idOf(model: string): string {
  const [found] = [...models()].findLast(([, state]) => state._model_name === model) ?? [];
  assert.ok(found, `a ${model} is open`);
  return found;
}

/** Sends what a page sends; it is handled when this resolves with what came back. */
async function page(id: string, data: Dictionary, buffers: Buffer[] = []): Promise<Message[]> {
  return sent(await post(id, data, buffers));
}

const post = (id: string, data: Dictionary, buffers: Buffer[] = []): Promise<string> =>
  kernel().send("shell", "comm_msg", { comm_id: id, data }, { buffers });

async function sent(request: string): Promise<Message[]> {
  await kernel().idleOf(request);
  return kernel()
    .outputsOf(request)
    .filter(({ header }) => header.msg_type === "comm_msg");
}

const dict = (value: unknown): Dictionary => (value ?? {}) as Dictionary;

const update = (state: Dictionary): Dictionary => ({ method: "update", state, buffer_paths: [] });

const dataOf = (messages: readonly Message[]): unknown[] => messages.map(({ content }) => content.data);

/** Waits until this holds for the state of a model. */
async function untilState(
  id: string,
  holds: (state: Dictionary) => boolean,
  what: string,
): Promise<Dictionary> {
  const now = () => models().get(id) ?? {};
  if (!holds(now()))
    await kernel().waitFor((message) => message.content.comm_id === id && holds(now()), what);
  return now();
}

const CONTROLS = `import * as w from "rnnlab/widgets";
const first = w.slider({ min: 2, max: 9, value: 3, description: "a" });
const second = w.slider({ min: 0, max: 1, step: 0.05, value: 0.5, disabled: true });
const slow = { slow: 0.001, fast: 0.1 };
w.column([
  w.column([first, second]),
  w.slider({ min: 1e-5, max: 1, value: 0.01, log: true }),
  w.rangeSlider({ value: [25, 75] }),
  w.rangeSlider({ min: 0, max: 1, step: 0.01, value: [0.25, 0.75] }),
  w.number({ value: 1.5 }),
  w.number({ min: 1, max: 500, step: 1, value: 20 }),
  w.checkbox({ value: true, tooltip: "all of them" }),
  w.toggle({ description: "Pause", icon: "pause" }),
  w.dropdown({ options: ["GRU", "LSTM"], value: "LSTM" }),
  w.radio({ options: slow }),
  w.text({ value: "b", placeholder: "name", continuousUpdate: false }),
  w.textarea({ rows: 4 }),
  w.button({ description: "Run", buttonStyle: "primary" }),
  w.datePicker({ value: new Date(2026, 10, 29), min: new Date(2020, 0, 31) }),
  w.progress({ max: 10, value: 4, barStyle: "success" }),
  w.html({ value: "<b>bold</b>", layout: { width: "50%", gridGap: "1em" } }),
  w.row([first]),
  w.tabs({ one: first, two: second }),
  w.accordion({ more: first }),
  w.output(),
])`;

test("each control has the model, the version and the state that ipywidgets gives it", async () => {
  const cell = await kernel().execute(CONTROLS);
  assert.equal(cell.error, undefined);
  const [result] = cell.contents("execute_result");
  const view = dict(result?.data)["application/vnd.jupyter.widget-view+json"] as Dictionary;
  assert.deepEqual([view.version_major, view.version_minor], [2, 0]);
  assert.ok(String(dict(result?.data)["text/plain"]).startsWith("column\n  column\n    slider a: 3\n"));
  const opened = cell.messages.filter(({ header }) => header.msg_type === "comm_open");
  assert.ok(opened.every(({ metadata }) => metadata.version === "2.1.0"));
  const states = models();
  const referred = (name: unknown) => states.get(String(name).replace("IPY_MODEL_", "")) ?? {};
  const whole = (state: Dictionary): Dictionary => ({
    ...state,
    layout: referred(state.layout),
    ...("style" in state ? { style: referred(state.style) } : {}),
    ...("children" in state
      ? { children: (state.children as string[]).map((child) => referred(child)._model_name) }
      : {}),
  });
  const golden = readGolden<{ widgets: Record<string, Dictionary> }>("widgets").widgets;
  const found = new Map([...states.values()].map((state) => [String(state._model_name), state]));
  for (const [name, expected] of Object.entries(golden)) {
    // The column of two is within the one of all.
    const state =
      name === "VBoxModel"
        ? [...states.values()].find(({ children }) => Array.isArray(children) && children.length === 2)
        : found.get(name);
    const { children, ...rest } = whole(state ?? {});
    assert.deepEqual({ ...rest, ...(children === undefined ? {} : { children }) }, expected, name);
  }
  assert.equal(opened.at(-1)?.content.comm_id, view.model_id);
});

test("a description that front ends would cut gets the room that it takes, and one within its control none", async () => {
  const width = (kind: string) => models().get(idOf(`${kind}StyleModel`))?.description_width;
  const made = await kernel().execute(`import * as w from "rnnlab/widgets";
const rate = w.slider({ description: "learning rate" });
w.row([rate, w.text({ description: "what the picture is to be called" }), w.checkbox({ description: "shuffle the rows" })])`);
  assert.equal(made.status, "ok", made.traceback);
  assert.deepEqual(["Slider", "Text", "Checkbox"].map(width), ["initial", "50%", ""]);
  await kernel().execute('rate.set({ description: "rate" });');
  await untilState(idOf("SliderStyleModel"), (state) => state.description_width === "", "the usual width");
});

test("a change on a page comes back to all pages first, then to the handlers, with its message as parent", async () => {
  const cell = await kernel().execute(`import { slider } from "rnnlab/widgets";
const alpha = slider({ max: 10, description: "alpha" });
alpha.onChange(async (value) => {
  await new Promise((resolve) => setTimeout(resolve, 1));
  console.log("now", value);
});
alpha`);
  const id = idOf("IntSliderModel");
  const messages = await page(id, update({ value: 4 }));
  assert.deepEqual(dataOf(messages), [{ method: "echo_update", state: { value: 4 }, buffer_paths: [] }]);
  await kernel().streamed(cell.id, "now 4");
  const later = await kernel().execute("alpha.value = 7;\nalpha.value");
  assert.equal(later.result, "7");
  assert.deepEqual(
    later.contents("comm_msg").map(({ data }) => data),
    [{ method: "update", state: { value: 7 }, buffer_paths: [] }],
  );
  await kernel().streamed(cell.id, "now 7");
  assert.match(
    String((await kernel().execute("alpha.value = 11")).error?.evalue),
    /^Cannot set slider: value must/,
  );
});

test("what a page cannot mean is refused, and it gets the value back", async () => {
  const id = idOf("IntSliderModel");
  assert.deepEqual(dataOf(await page(id, update({ value: "much", unheard: 1 }))), [
    { method: "echo_update", state: { value: "much" }, buffer_paths: [] },
    { method: "update", state: { value: 7 }, buffer_paths: [] },
  ]);
  const [whole] = dataOf(await page(id, { method: "request_state" })) as Dictionary[];
  assert.equal(dict(whole?.state).value, 7);
});

test("changes that come while a handler runs are thrown together, and each of its messages is answered", async () => {
  const cell = await kernel().execute(`import { slider } from "rnnlab/widgets";
const dragged = slider({ max: 1000 });
const seen: number[] = [];
let release = () => {};
const ends = new Promise<void>((resolve) => { release = resolve; });
dragged.onChange(async (value) => {
  seen.push(value);
  if (seen.length === 1) console.log("begun");
  await ends;
});
dragged`);
  const id = idOf("IntSliderModel");
  const first = await post(id, update({ value: 1 }));
  await kernel().streamed(cell.id, "begun");
  const rest: string[] = [];
  for (let value = 2; value <= 200; value++) rest.push(await post(id, update({ value })));
  await untilEcho(rest.at(-1));
  await kernel().execute("release()");
  for (const request of [first, ...rest]) await kernel().idleOf(request);
  assert.equal((await kernel().execute("seen")).result, "[ 1, 200 ]");
});

/** Waits until a message of a page has come back to all pages. */
const untilEcho = (request: string | undefined): Promise<Message> =>
  kernel().waitFor(
    ({ header, parent }) => header.msg_type === "comm_msg" && parent.msg_id === request,
    "the echo of a change",
  );

test("a cell that awaits reads a widget's values, and clicks are counted one by one", async () => {
  const cell = await kernel().submit(`import { display } from "rnnlab/display";
import { button, row, text } from "rnnlab/widgets";
const [name, go] = [text(), button({ description: "Go" })];
let clicks = 0;
go.onClick(() => { clicks++; });
await display(row([name, go]));
const read: string[] = [];
for await (const value of name) {
  read.push(value);
  if (value === "end") break;
  console.log("read", value);
}
[read, clicks, go.value]`);
  await kernel().waitFor(
    ({ header, parent }) => header.msg_type === "display_data" && parent.msg_id === cell,
    "the row",
  );
  await page(idOf("TextModel"), update({ value: "a" }));
  await kernel().streamed(cell, "read a");
  const click = { method: "custom", content: { event: "click" } };
  const clicks = await Promise.all([1, 2, 3].map(() => post(idOf("ButtonModel"), click)));
  for (const request of clicks) await kernel().idleOf(request);
  await page(idOf("TextModel"), update({ value: "end" }));
  assert.equal((await kernel().finish(cell)).result, "[ [ 'a', 'end' ], 3, 3 ]");
});

test("what a handler throws is shown below the widget, at the line of the handler", async () => {
  await kernel().execute(`import { checkbox } from "rnnlab/widgets";
const shuffle = checkbox({ description: "shuffle" });
shuffle.onChange(() => {
  throw new RangeError("not now");
});`);
  const shown = await kernel().execute("shuffle");
  await page(idOf("CheckboxModel"), update({ value: true }));
  await kernel().streamed(shown.id, "Error in a handler of checkbox shuffle: true:\nRangeError: not now");
  await kernel().streamed(shown.id, "line 4\n");
});

test("an interrupt ends a handler, and the widget goes on", async () => {
  const cell = await kernel().execute(`import { slider } from "rnnlab/widgets";
const busy = slider();
busy.onChange(async (value) => {
  console.log("got", value);
  if (value === 1) await new Promise(() => {});
  if (value === 2) while (true) {}
});
busy`);
  const id = idOf("IntSliderModel");
  for (const value of [1, 2]) {
    const request = await post(id, update({ value }));
    await kernel().streamed(cell.id, `got ${value}`);
    await kernel().request("control", "interrupt_request");
    await kernel().idleOf(request);
  }
  await page(id, update({ value: 3 }));
  await kernel().streamed(cell.id, "got 3");
});

test("a page that is opened again gets all models at once", async () => {
  await kernel().idleOf(
    await kernel().send("shell", "comm_open", {
      comm_id: "control",
      target_name: "jupyter.widget.control",
      data: {},
    }),
  );
  const [answer] = dataOf(await page("control", { method: "request_states" })) as Dictionary[];
  assert.equal(answer?.method, "update_states");
  const states = answer?.states as Record<string, Dictionary>;
  const { _model_name, ...state } = models().get(idOf("IntSliderModel")) ?? {};
  const again = states[idOf("IntSliderModel")];
  assert.deepEqual(
    { ...again, state: undefined },
    {
      model_name: _model_name,
      model_module: "@jupyter-widgets/controls",
      model_module_version: "2.0.0",
      state: undefined,
    },
  );
  assert.deepEqual(again?.state, { ...state, _model_name, value: 3 });
  assert.deepEqual(new Set(Object.keys(states)), new Set(models().keys()));
});

test("a widget that a page has closed keeps its value, and can be shown again", async () => {
  const before = idOf("IntSliderModel");
  await kernel().idleOf(await kernel().send("shell", "comm_close", { comm_id: before, data: {} }));
  const cell = await kernel().execute("busy.value = 9;\nbusy");
  assert.equal(cell.status, "ok");
  assert.notEqual(idOf("IntSliderModel"), before);
  assert.equal(models().get(idOf("IntSliderModel"))?.value, 9);
});

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

test("widgets are closed in the front end when the session ends, and the next session has its own", async () => {
  const open = [...models().keys()];
  const cell = await kernel().execute("process.exit(3)");
  const closed = cell.contents("comm_close").map(({ comm_id }) => comm_id);
  assert.ok(closed.includes(open.at(-1)));
  const again = await kernel().execute('import { slider } from "rnnlab/widgets";\nslider({ value: 5 })');
  assert.equal(again.status, "ok");
  assert.equal(models().get(idOf("IntSliderModel"))?.value, 5);
});
