import assert from "node:assert/strict";
import { test } from "node:test";
import { notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const folder = notebookFolder("rnnlab-own-kind-");
folder.write("numbers.json", '{ "list": [1] }');
const kernel = useKernel({ cwd: folder.path });

/** Whatever cells get of the session, `instanceof` and prototypes say of it what they say of the cells' own. */
const values: Record<string, string> = {
  "functions that the session has replaced": `import fs from "node:fs";
import { promisify } from "node:util";
[setTimeout, clearTimeout, setImmediate, queueMicrotask, process.nextTick, fs.readFile, fs.writeSync, require]
  .every((each) => each instanceof Function && each.name.length > 0) && promisify(setTimeout) instanceof Function;`,
  promises: `import { open } from "node:fs/promises";
const file = open("numbers.json");
const promises: unknown[] = [import("node:os"), input("?"), file];
await Promise.allSettled(promises);
await (await file).close();
promises.every((each) => each instanceof Promise);`,
  "a missing module's error": `const missing: string = "./missing";
const errors = [await import(missing).catch((error) => error)];
try { require(missing); } catch (error) { errors.push(error); }
errors.every((each) => each instanceof Error);`,
  "the error of a refused question": `const refused = [await input("?").catch((error) => error)];
try { prompt("?"); } catch (error) { refused.push(error); }
refused.every((each) => each instanceof Error && each.name === "StdinNotImplementedError");`,
  "the error of data that JSON does not have": `import { display } from "rnnlab/display";
const ring: Record<string, unknown> = {};
ring.ring = ring;
let circular: unknown;
try { display({ "application/json": ring }); } catch (error) { circular = error; }
circular instanceof TypeError;`,
  "JSON that is imported": `import numbers from "./numbers.json";
Object.getPrototypeOf(numbers) === Object.prototype && numbers.list instanceof Array;`,
  "import.meta": "Object.getPrototypeOf(import.meta) === null;",
};

for (const [what, code] of Object.entries(values)) {
  test(`${what}: of the cells' own kind`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.result, "true", cell.traceback || cell.stderr);
  });
}

test("what a comm brings is of the cells' own kind", async () => {
  const cell = await kernel().execute(`import { registerCommTarget } from "rnnlab/comm";
registerCommTarget("kind", (_comm, { data, buffers }) => {
  const [bytes] = buffers;
  console.log(data instanceof Object, data.list instanceof Array, buffers instanceof Array, bytes instanceof Uint8Array);
});`);
  const content = { comm_id: "k-1", target_name: "kind", data: { list: [1] } };
  await kernel().send("shell", "comm_open", content, { buffers: [Buffer.from([7])] });
  await kernel().streamed(cell.id, "true true true true");
});
