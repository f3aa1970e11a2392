import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Dictionary,
  dict,
  type Message,
  update,
  useKernel,
  WidgetPage,
} from "../../tools/kernel-client/index.js";
import { readGolden } from "../golden/read-golden.js";

const kernel = useKernel();
const { idOf, models, page, post, untilState } = new WidgetPage(kernel);

const dataOf = (messages: readonly Message[]): unknown[] => messages.map(({ content }) => content.data);

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

/** Styles that ipywidgets 7, by which VS Code draws for kernels that are not Python's, does not have. */
const STYLES_OF_8 = ["CheckboxStyleModel", "HTMLStyleModel", "TextStyleModel", "ToggleButtonStyleModel"];

/**
 * What ipywidgets 8 has, with the three differences: those styles are the plain one, which 8 and 7 have; 7 reads titles
 * from `_titles`; and a button's tooltip is its description, since 7, and 8 for a toggle, write `null` as a word.
 */
function expectedStates(): [string, Dictionary][] {
  const golden = readGolden<{ widgets: Record<string, Dictionary> }>("widgets").widgets;
  const plain = golden.DatePickerModel?.style;
  return Object.entries(golden).map(([name, state]) => [
    name,
    {
      ...state,
      ...(STYLES_OF_8.includes(String(dict(state.style)._model_name)) ? { style: plain } : {}),
      ...("titles" in state ? { _titles: { ...(state.titles as string[]) } } : {}),
      ...(["ButtonModel", "ToggleButtonModel"].includes(name) ? { tooltip: state.description } : {}),
    },
  ]);
}

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
  const found = new Map([...states.values()].map((state) => [String(state._model_name), state]));
  for (const [name, expected] of expectedStates()) {
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
  const styleOf = (kind: string) =>
    String(models().get(idOf(`${kind}Model`))?.style).replace("IPY_MODEL_", "");
  const width = (kind: string) => models().get(styleOf(kind))?.description_width;
  const made = await kernel().execute(`import * as w from "rnnlab/widgets";
const rate = w.slider({ description: "learning rate" });
w.row([rate, w.text({ description: "what the picture is to be called" }), w.checkbox({ description: "shuffle the rows" })])`);
  assert.equal(made.status, "ok", made.traceback);
  assert.deepEqual(["IntSlider", "Text", "Checkbox"].map(width), ["initial", "50%", ""]);
  await kernel().execute('rate.set({ description: "rate" });');
  await untilState(styleOf("IntSlider"), (state) => state.description_width === "", "the usual width");
});

test("a button's tooltip is its description until it has one of its own", async () => {
  const tooltip = () => models().get(idOf("ToggleButtonModel"))?.tooltip;
  await kernel().execute(`import { toggle } from "rnnlab/widgets";
const pause = toggle({ description: "Pause" });
pause`);
  assert.equal(tooltip(), "Pause");
  for (const [options, expected] of [
    ['description: "Rest"', "Rest"],
    ['tooltip: "until pressed again"', "until pressed again"],
    ['description: "Wait"', "until pressed again"],
    ["tooltip: null", "Wait"],
  ] as const) {
    await kernel().execute(`pause.set({ ${options} });`);
    await untilState(idOf("ToggleButtonModel"), (state) => state.tooltip === expected, expected);
  }
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

test("widgets are closed in the front end when the session ends, and the next session has its own", async () => {
  const open = [...models().keys()];
  const cell = await kernel().execute("process.exit(3)");
  const closed = cell.contents("comm_close").map(({ comm_id }) => comm_id);
  assert.ok(closed.includes(open.at(-1)));
  const again = await kernel().execute('import { slider } from "rnnlab/widgets";\nslider({ value: 5 })');
  assert.equal(again.status, "ok");
  assert.equal(models().get(idOf("IntSliderModel"))?.value, 5);
});
