import assert from "node:assert/strict";
import { test } from "node:test";
import { plain, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

test("output of a late timer has its own cell as parent", async () => {
  const first = await kernel().execute('setTimeout(() => console.log("late word"), 300); undefined');
  const second = await kernel().execute(
    'await new Promise((resolve) => setTimeout(resolve, 600)); console.log("second")',
  );
  await kernel().streamed(first.id, "late word");
  assert.equal(second.stdout, "second\n");
});

test("output of a late timer after its cell is shown though the kernel is idle", async () => {
  const cell = await kernel().execute('setTimeout(() => console.error("alone"), 200); undefined');
  await kernel().streamed(cell.id, "alone");
});

test("output of two cells' timers is told apart", async () => {
  const ids: string[] = [];
  for (const name of ["a", "b"]) {
    ids.push(
      (
        await kernel().execute(
          `{ let n = 0; const timer = setInterval(() => { console.log("${name}" + n); if (++n === 5) clearInterval(timer); }, 20); }\nundefined`,
        )
      ).id,
    );
  }
  await kernel().streamed(ids[0]!, "a0\na1\na2\na3\na4\n");
  await kernel().streamed(ids[1]!, "b0\nb1\nb2\nb3\nb4\n");
});

test("output of a promise that goes on after its cell has its own cell as parent", async () => {
  const cell = await kernel().execute(
    '(async () => { await new Promise((resolve) => setTimeout(resolve, 150)); console.log("from the promise"); })();\nundefined',
  );
  await kernel().execute("1");
  await kernel().streamed(cell.id, "from the promise");
});

test("a late display has its own cell as parent", async () => {
  const cell = await kernel().execute(
    'setTimeout(() => Reflect.get(globalThis, Symbol.for("rnnlab.displayHost")).publish({ data: { "text/plain": "later" } }), 150); undefined',
  );
  await kernel().execute("2");
  await kernel().waitFor(
    (message) => message.header.msg_type === "display_data" && message.parent.msg_id === cell.id,
    "late display_data",
  );
});

test("an unhandled rejection is shown in its own cell and the kernel lives", async () => {
  const cell = await kernel().execute('Promise.reject(new RangeError("nobody waits"));\nundefined');
  await kernel().waitFor(
    (message) =>
      message.parent.msg_id === cell.id &&
      ["stream", "error"].includes(message.header.msg_type) &&
      plain(JSON.stringify(message.content)).includes("nobody waits"),
    "message about the rejection",
  );
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("a throw in a timer is shown in its own cell and the kernel lives", async () => {
  await kernel().execute("var survivor = 11;");
  const cell = await kernel().execute(
    'setTimeout(() => { throw new Error("timer broke"); }, 100); undefined',
  );
  await kernel().waitFor(
    (message) =>
      message.parent.msg_id === cell.id &&
      ["stream", "error"].includes(message.header.msg_type) &&
      plain(JSON.stringify(message.content)).includes("timer broke"),
    "message about the throw",
  );
  assert.equal((await kernel().execute("survivor")).result, "11");
});

test("a throw in a timer names its place in its cell", async () => {
  const cell = await kernel().execute('setTimeout(() => {\n  throw new Error("placed");\n}, 50);\nundefined');
  const message = await kernel().waitFor(
    (received) =>
      received.parent.msg_id === cell.id &&
      JSON.stringify(received.content).includes("placed") &&
      received.header.msg_type !== "execute_input",
    "message about the throw",
  );
  assert.match(plain(JSON.stringify(message.content)), /line 2\\n +column 9/);
});

test("a rejection that is handled a moment later is no error", async () => {
  const cell = await kernel().execute(
    'const handled = Promise.reject(new Error("quiet"));\nhandled.catch(() => {});\nawait new Promise((resolve) => setTimeout(resolve, 50));\n"calm"',
  );
  assert.equal(cell.result, "'calm'");
  assert.deepEqual(cell.outputs, ["execute_result"]);
});

test("a throw in a timer while a cell awaits does not end that cell", async () => {
  const cell = await kernel().execute(
    'setTimeout(() => { throw new Error("beside"); }, 30);\nawait new Promise((resolve) => setTimeout(resolve, 200));\n"still here"',
  );
  assert.equal(cell.result, "'still here'", cell.traceback);
});

test("an event emitter's unhandled error is shown and the kernel lives", async () => {
  await kernel().execute("var stay = 1;");
  const cell = await kernel().execute(
    'import { createReadStream } from "node:fs";\nconst lost = createReadStream("/no/such/file");\nundefined',
  );
  await kernel().waitFor(
    (message) => message.parent.msg_id === cell.id && JSON.stringify(message.content).includes("ENOENT"),
    "message about the error event",
  );
  assert.equal((await kernel().execute("stay")).result, "1");
});

test("the warning that a file was never closed belongs to the cell that has opened it", async () => {
  const opening = await kernel().execute(
    'import { open } from "node:fs/promises";\n(async () => { await open(process.execPath); })();\nundefined',
  );
  await kernel().execute("1 + 1");
  const collecting = await kernel().execute(`
    require("node:v8").setFlagsFromString("--expose-gc");
    const collect = require("node:vm").runInNewContext("gc");
    for (let i = 0; i < 5; i++) { collect(); await new Promise((end) => setTimeout(end, 20)); }`);
  await kernel().streamed(opening.id, "on garbage collection");
  assert.equal(collecting.stderr, "");
});
