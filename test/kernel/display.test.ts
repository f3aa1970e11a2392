import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** The host that the kernel gives to the modules of the package. */
const HOST = `const host = Reflect.get(globalThis, Symbol.for("rnnlab.displayHost"));\n`;

test("publish() sends display_data with all types and metadata", async () => {
  const cell = await kernel().execute(`${HOST}host.publish({
    data: { "text/plain": "p", "text/html": "<p>h</p>", "application/json": { a: [1] }, "image/png": "iVBORw0KGgo=" },
    metadata: { "image/png": { width: 10 } },
  });`);
  assert.equal(cell.status, "ok", cell.traceback);
  const [content] = cell.contents("display_data");
  assert.deepEqual(content?.data, {
    "text/plain": "p",
    "text/html": "<p>h</p>",
    "application/json": { a: [1] },
    "image/png": "iVBORw0KGgo=",
  });
  assert.deepEqual(content?.metadata, { "image/png": { width: 10 } });
});

test("publish() with a display id and update sends update_display_data", async () => {
  const cell = await kernel().execute(`${HOST}
    host.publish({ data: { "text/plain": "0 %" }, displayId: "bar" });
    host.publish({ data: { "text/plain": "50 %" }, displayId: "bar", update: true });`);
  assert.deepEqual(cell.outputs, ["display_data", "update_display_data"]);
  assert.equal((cell.contents("display_data")[0]?.transient as Dictionary | undefined)?.display_id, "bar");
  assert.equal(
    (cell.contents("update_display_data")[0]?.transient as Dictionary | undefined)?.display_id,
    "bar",
  );
  assert.deepEqual(cell.contents("update_display_data")[0]?.data, { "text/plain": "50 %" });
});

test("a display is updated by a later cell", async () => {
  await kernel().execute(`${HOST}host.publish({ data: { "text/plain": "a" }, displayId: "later" });`);
  const cell = await kernel().execute(
    `${HOST}host.publish({ data: { "text/plain": "b" }, displayId: "later", update: true });`,
  );
  assert.deepEqual(cell.outputs, ["update_display_data"]);
});

test("clear() sends clear_output with and without waiting, in order", async () => {
  const cell = await kernel().execute(`${HOST}
    console.log("one"); host.clear(); console.log("two"); host.clear(true); console.log("three");`);
  assert.deepEqual(cell.outputs, ["stream", "clear_output", "stream", "clear_output", "stream"]);
  assert.deepEqual(
    cell.contents("clear_output").map((content) => content.wait),
    [false, true],
  );
});

test("the host tells the running cell's id and count", async () => {
  const cell = await kernel().execute(`${HOST}console.log(JSON.stringify(host.cell)); undefined`, {
    metadata: { cellId: "abc-123" },
  });
  const { id, executionCount } = JSON.parse(cell.stdout);
  assert.equal(id, "abc-123");
  assert.equal(executionCount, cell.reply.content.execution_count);
});

test("the host has no cell id when the front end sends none", async () => {
  const cell = await kernel().execute(`${HOST}console.log(host.cell.id === undefined); undefined`);
  assert.equal(cell.stdout, "true\n");
});

test("displays are live: they arrive while the cell still runs", async () => {
  const id = await kernel().submit(
    `${HOST}host.publish({ data: { "text/plain": "early" } }); while (true) {}`,
  );
  await kernel().waitFor(
    (message) => message.header.msg_type === "display_data" && message.parent.msg_id === id,
    "display_data of the running cell",
  );
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(id)).status, "error");
});

test("data that JSON cannot hold ends in an error of its cell and the kernel goes on", async () => {
  const cell = await kernel().execute(`${HOST}host.publish({ data: { "application/json": { big: 10n } } });`);
  assert.equal(cell.status, "error");
  assert.match(cell.traceback, /BigInt/);
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("$$ is a name like any other in TypeScript", async () => {
  assert.match((await kernel().execute("$$.html('')")).traceback, /Cannot find name '\$\$'/);
  assert.equal((await kernel().execute("const $$ = 5;\n$$ + 1")).result, "6");
});
