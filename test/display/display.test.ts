import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, test } from "node:test";
import { inspect } from "node:util";
import {
  clearOutput,
  currentCell,
  type DisplayHost,
  type DisplayMessage,
  display,
  displayTarget,
  escapeHtml,
  html,
  markdown,
  replay,
  rich,
  richDisplay,
  updateDisplay,
} from "rnnlab/display";

const hostSymbol = Symbol.for("rnnlab.displayHost");
const globals = globalThis as { [hostSymbol]?: DisplayHost };
let published: DisplayMessage[] = [];
let cleared: unknown[] = [];

const host = (): DisplayHost => ({
  publish: (message) => published.push(message),
  clear: (wait) => cleared.push(wait),
  cell: { id: "intro", executionCount: 7 },
});

beforeEach(() => {
  published = [];
  cleared = [];
  globals[hostSymbol] = host();
});
afterEach(() => {
  delete globals[hostSymbol];
});

test("replay() asks its host for a cell, and does nothing where none keeps outputs", () => {
  const asked: unknown[] = [];
  replay();
  globals[hostSymbol] = { ...host(), replay: (...wish) => asked.push(wish) };
  replay({ cell: 3, since: new Date(5) });
  assert.deepEqual(asked, [[3, 5]]);
});

test("display() publishes a value's own rich form", () => {
  display(html("<b>x</b>"));
  display(markdown("*y*"));
  assert.deepEqual(published, [
    { data: { "text/html": "<b>x</b>", "text/plain": "x" } },
    { data: { "text/markdown": "*y*", "text/plain": "*y*" } },
  ]);
});

test("a rich value prints as its text, where values are printed rather than shown", () => {
  assert.equal(inspect(html("<b>x</b>")), "x");
  assert.equal(inspect(rich({ "image/png": "AAAA" })), "[image/png]");
});

test("display() waits for a rich form that comes later", async () => {
  await display({ [richDisplay]: async () => ({ "text/plain": "late" }) });
  assert.deepEqual(published, [{ data: { "text/plain": "late" } }]);
});

test("display() takes a MIME bundle as it is and shows any other value as text", () => {
  display({ "image/png": "AAAA" }, { metadata: { "image/png": { width: 3 } } });
  display({ a: 1 });
  display({});
  display("text");
  display({ "train/loss": 0.1 });
  assert.deepEqual(published, [
    { data: { "image/png": "AAAA" }, metadata: { "image/png": { width: 3 } } },
    { data: { "text/plain": "{ a: 1 }" } },
    { data: { "text/plain": "{}" } },
    { data: { "text/plain": "text" } },
    { data: { "text/plain": "{ 'train/loss': 0.1 }" } },
  ]);
});

test("display() refuses a rich form that is no bundle, now or later, and shows a value that has none as text", async () => {
  const message = "Cannot display value: its Jupyter.display method must return a MIME bundle, got null";
  const nothing = JSON.parse("null");
  assert.throws(() => display({ [richDisplay]: () => nothing }), { name: "TypeError", message });
  await assert.rejects(async () => display({ [richDisplay]: async () => nothing }), {
    name: "TypeError",
    message,
  });
  assert.equal(published.length, 0);
  display({ a: 1, [richDisplay]: () => undefined });
  assert.match(JSON.stringify(published), /a: 1/);
});

test("updateDisplay() replaces the output of its display id", () => {
  display("1", { displayId: "n" });
  updateDisplay("n", "2");
  assert.deepEqual(published, [
    { data: { "text/plain": "1" }, displayId: "n" },
    { data: { "text/plain": "2" }, displayId: "n", update: true },
  ]);
});

test("display() refuses an update without a display id", () => {
  assert.throws(() => display("x", { update: true }), {
    name: "TypeError",
    message: "Cannot update a display: options.displayId must name it, got undefined",
  });
});

test("clearOutput(), displayTarget() and currentCell() ask the kernel's host", () => {
  clearOutput({ wait: true });
  assert.deepEqual(cleared, [true]);
  assert.equal(displayTarget(), "rnnlab");
  assert.equal(currentCell().id, "intro");
});

test("escapeHtml() leaves nothing that HTML reads as markup", () => {
  assert.equal(escapeHtml(`<a href="x" t='y'>&`), "&lt;a href=&quot;x&quot; t=&#39;y&#39;&gt;&amp;");
});

test("without a kernel the plain text goes to standard output, and updates do not", () => {
  const program = `const d = require("rnnlab/display"); d.display(d.html("<i>a</i>"), { displayId: "n" });
    d.updateDisplay("n", "b"); d.display({ "image/png": "AAAA" }); d.display(d.displayTarget());`;
  assert.equal(
    execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }),
    "a\n[image/png]\ntext\n",
  );
});

test("inside tslab's kernel all formats go through tslab's writer", () => {
  const program = `require("tslab/dist/jupyter.js").lastWriteDisplayData =
      (content, update) => console.log(JSON.stringify([content, update]));
    const d = require("rnnlab/display");
    d.display(d.markdown("a"), { displayId: "n" }); d.updateDisplay("n", "b");`;
  assert.deepEqual(
    execFileSync(process.execPath, ["-e", program], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
    [
      [
        {
          data: { "text/markdown": "a", "text/plain": "a" },
          metadata: {},
          transient: { display_id: "n" },
        },
        false,
      ],
      [{ data: { "text/plain": "b" }, metadata: {}, transient: { display_id: "n" } }, true],
    ],
  );
});
