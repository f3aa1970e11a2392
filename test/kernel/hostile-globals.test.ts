import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** What cells may break of what the session's own code, or V8 for it, would use if it lived among them. */
const broken = [
  "Array.prototype[Symbol.iterator]",
  "Array.from",
  "Array.isArray",
  "Array.prototype.filter",
  "Array.prototype.push",
  "Atomics.add",
  "Buffer.alloc",
  "Buffer.byteLength",
  "Buffer.from",
  "Buffer.prototype.copy",
  "Buffer.prototype.writeUInt32BE",
  "Buffer.prototype.write",
  "Function.prototype.call",
  "JSON.parse",
  "JSON.stringify",
  "Map.prototype.get",
  "Map.prototype.set",
  "Object.defineProperty",
  "Object.entries",
  "Promise.prototype.then",
  "Promise.resolve",
  "Reflect.apply",
  "RegExp.prototype.exec",
  "RegExp.prototype.test",
  "Set.prototype.add",
  "Set.prototype.delete",
  "String.prototype.split",
  "String.prototype.slice",
  "Uint8Array.prototype.subarray",
  "WeakMap.prototype.get",
  "Object.getPrototypeOf(new Map().values()).next",
  "Object.getPrototypeOf([][Symbol.iterator]()).next",
  "Object.getPrototypeOf(Uint8Array.prototype).set",
  "globalThis.Array",
  "globalThis.Atomics",
  "globalThis.Buffer",
  "globalThis.Map",
  "globalThis.Object",
  "globalThis.Promise",
  "globalThis.Reflect",
  "globalThis.process",
  "globalThis.setImmediate",
];

const BROKEN = 'const broken = () => { throw new Error("broken"); };';

const cells: Record<string, string> = {
  ...Object.fromEntries(broken.map((member) => [`${member} throws`, `${BROKEN}\n${member} = broken;`])),
  ...Object.fromEntries(
    ["error", "exceptionDetails", "id", "result", "toJSON", "then", "value", "get"].map((name) => [
      `every object has ${name}`,
      `Object.defineProperty(Object.prototype, "${name}", { value: 1, writable: true, configurable: true });`,
    ]),
  ),
  "every object's toJSON throws": `${BROKEN}\nObject.assign(Object.prototype, { toJSON: broken });`,
  "every object is a thenable that never calls back": "Object.assign(Object.prototype, { then() {} });",
  "every object is a thenable of another value":
    "Object.assign(Object.prototype, { then: (done: (value: number) => void) => done(9) });",
  "asking any object for then throws": `${BROKEN}\nObject.defineProperty(Object.prototype, "then", { get: broken, configurable: true });`,
  "Array[Symbol.species] throws": `${BROKEN}\nObject.defineProperty(Array, Symbol.species, { get: broken });`,
  "Promise[Symbol.species] throws": `${BROKEN}\nObject.defineProperty(Promise, Symbol.species, { get: broken });`,
  "Promise.prototype.constructor throws": `Object.defineProperty(Promise.prototype, "constructor", { get() { throw new Error("broken"); } });`,
  ...Object.fromEntries(
    ["0", "1e9", "broken()"].map((length) => [
      `the length of typed arrays is ${length}`,
      `${BROKEN}\nObject.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), "length", { get: () => ${length} });`,
    ]),
  ),
  "arrays have no methods":
    "for (const name of Reflect.ownKeys(Array.prototype)) if (name !== 'length') Reflect.deleteProperty(Array.prototype, name);",
  "there are no globals":
    "for (const name of Object.getOwnPropertyNames(globalThis)) try { Reflect.deleteProperty(globalThis, name); } catch {}",
};

for (const [what, code] of Object.entries(cells)) {
  test(`cells run, print and fail as ever when ${what}`, async () => {
    await kernel().execute(
      "const kept = 41;\nconst end = process.kill.bind(process, process.pid, 'SIGKILL');",
    );
    const hostile = await kernel().execute(`// @ts-nocheck\n${code}\nundefined;`);
    assert.equal(hostile.status, "ok", hostile.traceback);
    const kept = await kernel().execute("kept + 1");
    assert.equal(kept.result, "42", kept.traceback);
    if (what !== "there are no globals") {
      const printed = await kernel().execute("console.log('alive')");
      assert.equal(printed.stdout, "alive\n", printed.traceback);
    }
    const failed = await kernel().execute("const nothing: any = null;\nnothing.seen;");
    assert.equal(failed.error?.ename, "TypeError", failed.traceback);
    assert.match(failed.traceback, /Cell In\[\d+\], line 2\n +column 9/);
    // The next test begins in a fresh session.
    await kernel().execute("end()");
  });
}

test("a cell whose end every object's fixed then would decide ends with an error that offers the restart", async () => {
  await kernel().execute("const end = process.kill.bind(process, process.pid, 'SIGKILL');");
  const hostile = await kernel().execute('Object.defineProperty(Object.prototype, "then", { value() {} });');
  assert.match(hostile.traceback, /restart the kernel/);
  await kernel().execute("end()");
  const next = await kernel().execute("20 + 22");
  assert.equal(next.result, "42", next.traceback);
});

test("where Node.js itself does not survive what a cell has done, the session says so and another one starts", async () => {
  const code = `Object.defineProperty(Array.prototype, 0, { set() { throw new Error("broken"); } });
await new Promise((resolve) => setTimeout(resolve, 5));`;
  const hostile = await kernel().execute(code);
  const told = hostile.status === "ok" ? await kernel().execute("1") : hostile;
  if (told.status !== "ok") {
    assert.equal(told.error?.ename, "SessionEnded", told.traceback);
    assert.match(told.stderr, /Node\.js itself does not survive; restart the kernel/);
  }
  const next = await kernel().execute("20 + 22");
  assert.equal(next.result, "42", next.traceback);
});
