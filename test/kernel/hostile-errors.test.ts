import assert from "node:assert/strict";
import { test } from "node:test";
import { processorTime, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Throws whose description never ends, unless it is interrupted. */
const endless: Record<string, string> = {
  message:
    'class Odd extends Error { override get message(): string { console.log("started"); for (;;); } } throw new Odd();',
  stack:
    'const error = new Error("x"); Object.defineProperty(error, "stack", { get() { console.log("started"); for (;;); } }); throw error;',
  name: 'class Odd extends Error { override get name(): string { console.log("started"); for (;;); } } throw Object.assign(new Error("y", { cause: new Odd() }));',
  "own property":
    'throw Object.defineProperty(new Error("x"), "code", { enumerable: true, get() { console.log("started"); for (;;); } });',
  toString: 'throw { toString() { console.log("started"); for (;;); } };',
  inspection: 'throw { [Symbol.for("nodejs.util.inspect.custom")]() { console.log("started"); for (;;); } };',
  "message after an await":
    'class Odd extends Error { override get message(): string { console.log("started"); for (;;); } } await null; throw new Odd();',
};

for (const [what, code] of Object.entries(endless)) {
  test(`an error whose ${what} never comes is interrupted and the state is kept`, async () => {
    await kernel().execute("var state = 7;");
    const id = await kernel().submit(code);
    await kernel().streamed(id, "started");
    await kernel().request("control", "interrupt_request");
    const cell = await kernel().finish(id);
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
    const next = await kernel().execute('console.log("heard"); await null; state');
    assert.equal(next.result, "7", next.traceback);
    assert.equal(next.stdout, "heard\n");
  });
}

/** Thrown values that are too large to be shown. */
const huge: Record<string, string> = {
  "a text of zeros": 'throw "\\0".repeat(1e8);',
  "a text of zeros after an await": 'await null; throw "\\0".repeat(1e8);',
  "a message": 'throw new Error("x".repeat(1e8));',
  "a message of words": 'throw new Error("word ".repeat(1e7));',
  "a message of lines": 'throw new Error("\\n".repeat(1e7));',
  "a name": 'throw Object.assign(new Error("m"), { name: "N".repeat(1e7) });',
  "an array": "throw new Array(1e7).fill(1);",
  "a stack": 'throw Object.assign(new Error("m"), { stack: "    at x (y:1:1)\\n".repeat(1e6) });',
  "a stack of one line": 'throw Object.assign(new Error("m"), { stack: " at ".concat("x".repeat(1e7)) });',
  "a property": 'throw Object.assign(new Error("m"), { code: "c".repeat(1e7) });',
  "many errors": 'throw new AggregateError(Array.from({ length: 1e5 }, () => new Error("e")), "many");',
};

for (const [what, code] of Object.entries(huge)) {
  test(`${what} without end is cut in its error`, async () => {
    const session = Number((await kernel().execute("process.pid")).result);
    const start = processorTime(session);
    const cell = await kernel().execute(code);
    const seconds = processorTime(session) - start;
    assert.equal(cell.status, "error");
    assert.ok(JSON.stringify(cell.error).length < 200_000, `${JSON.stringify(cell.error).length} characters`);
    assert.ok(seconds < 5, `${seconds} s`);
  });
}

/** Values with errors whose text is too long to be shown. */
const shown: Record<string, string> = {
  "an error": 'new Error("line\\n".repeat(5e6))',
  "a list of errors": '[new Error("line\\n".repeat(2e6)), new TypeError("some")]',
  "a map of errors": 'new Map([["some", new RangeError("line\\n".repeat(2e6))]])',
  "an error whose cause is long": 'new Error("some", { cause: new Error("line\\n".repeat(2e6)) })',
  "an error whose stack is long": 'Object.assign(new Error("some"), { stack: "line\\n".repeat(2e6) })',
};

for (const [what, value] of Object.entries(shown)) {
  test(`${what} is cut where it is shown as a value`, async () => {
    const session = Number((await kernel().execute("process.pid")).result);
    const start = processorTime(session);
    const cell = await kernel().execute(value);
    const seconds = processorTime(session) - start;
    assert.match(String(cell.result), /line\n[\s\S]*more (characters|lines)/, cell.traceback);
    assert.ok(String(cell.result).length < 200_000, `${String(cell.result).length} characters`);
    assert.ok(seconds < 5, `${seconds} s`);
  });
}

test("errors are shown whole, and those that show themselves are asked", async () => {
  const cell = await kernel().execute(`
import { inspect } from "node:util";
class Own extends Error { [inspect.custom](): string { return "my own"; } }
[Object.assign(new Error("some"), { code: "E" }), new Own("x")]`);
  assert.match(String(cell.result), /Error: some[\s\S]*code: 'E'[\s\S]*my own/);
  const left = await kernel().execute("Object.getOwnPropertySymbols(Error.prototype).length");
  assert.equal(left.result, "0");
});
