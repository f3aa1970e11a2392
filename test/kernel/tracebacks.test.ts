import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import ts from "typescript";
import { type Execution, plain, useKernel } from "../../tools/kernel-client/index.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab tracebacks (of modules) "));
after(() => rmSync(folder, { recursive: true, force: true }));

const SOURCE = `interface Shape { side: number }

export function area(shape: Shape): number {
  if (shape.side < 0) throw new RangeError("negative side");
  return shape.side ** 2;
}
`;
writeFileSync(join(folder, "helper.ts"), SOURCE);
/** JavaScript that carries the source map to the TypeScript that it was compiled from. */
const compile = (text: string): string =>
  ts.transpileModule(text, {
    fileName: "written.ts",
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      inlineSourceMap: true,
      inlineSources: true,
    },
  }).outputText;
writeFileSync(join(folder, "inline.js"), compile(SOURCE));
writeFileSync(
  join(folder, "plain.js"),
  "exports.area = () => {\n  throw new TypeError('in JavaScript');\n};\n",
);
writeFileSync(
  join(folder, "module.mjs"),
  "export function area() {\n  throw new TypeError('in a module');\n}\n",
);
writeFileSync(join(folder, "broken.mjs"), "export const area = 1;\nlet b = (;\n");
writeFileSync(join(folder, "broken.cjs"), "exports.area = 1;\nlet b = (;\n");
for (const name of ["inline.d.ts", "plain.d.ts", "module.d.mts", "broken.d.mts", "broken.d.cts"]) {
  writeFileSync(join(folder, name), "export function area(shape: { side: number }): number;\n");
}

const kernel = useKernel({ cwd: folder });

async function failing(code: string): Promise<Execution> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "error");
  assert.doesNotMatch(cell.traceback, /node:internal|kernel\/session|rnnlab:\/\//);
  return cell;
}

for (const [file, place] of [
  [
    "./helper",
    /helper\.ts, line 4, column 29, in area\n +4 \| {3}if \(shape\.side < 0\) throw new RangeError/,
  ],
  [
    "./inline.js",
    /written\.ts, line 4, column \d+, in area\n +4 \| {3}if \(shape\.side < 0\) throw new RangeError/,
  ],
  ["./plain.js", /plain\.js, line 2, column 9, in exports\.area\n +2 \| {3}throw new TypeError/],
  ["./module.mjs", /module\.mjs, line 2, column 9, in area\n +2 \| {3}throw new TypeError/],
] as const) {
  test(`an error in ${file} is shown at its own line, then the cell at its`, async () => {
    const cell = await failing(`import { area } from "${file}";\n\narea({ side: -1 });`);
    assert.match(cell.traceback, place);
    assert.match(
      cell.traceback,
      /Cell In\[\d+\], line 3\n +column 1\n +3 \| area\(\{ side: -1 \}\);\n +\| \^/,
    );
    const name = file.replace("./", "");
    assert.ok(
      cell.traceback.indexOf(name.startsWith("inline") ? "written" : name) <
        cell.traceback.indexOf("Cell In"),
    );
  });
}

test("a module that was compiled again is shown at its new lines", async () => {
  const code = 'import { area } from "./again.js";\n\narea({ side: -1 });';
  writeFileSync(join(folder, "again.d.ts"), "export function area(shape: { side: number }): number;\n");
  writeFileSync(join(folder, "again.js"), compile(SOURCE));
  assert.match(
    (await failing(code)).traceback,
    /written\.ts, line 4, column \d+, in area\n +4 \|.*negative side/,
  );
  writeFileSync(join(folder, "again.js"), compile(`// one\n// two\n${SOURCE}`));
  assert.match(
    (await failing(code)).traceback,
    /written\.ts, line 6, column \d+, in area\n +6 \|.*negative side/,
  );
});

for (const [file, place] of [
  ["./broken.mjs", /broken\.mjs, line 2, column 10\n +2 \| let b = \(;\n +\| {10}\^\n/],
  ["./broken.cjs", /broken\.cjs:2\nlet b = \(;\n +\^/],
] as const) {
  test(`${file}, which does not parse, is named with the line`, async () => {
    const cell = await failing(`import { area } from "${file}";`);
    assert.equal(cell.error?.ename, "SyntaxError");
    assert.match(cell.traceback, place);
  });
}

test("every frame of the user's is shown with its line, across awaits", async () => {
  const cell = await failing(`async function outer() { await null; await inner(); }
async function inner() { await null; throw new Error("deep"); }
await outer();`);
  assert.match(
    cell.traceback,
    /line 2\n +column 44, in inner\n.*\n.*\^\n.*line 1\n +column \d+, in outer\n.*\n.*\^\n.*line 3\n +column \d+\n/,
  );
});

test("a recursion is shown once and counted", async () => {
  const cell = await failing("function down(): number { return 1 + down(); }\ndown()");
  assert.match(cell.traceback, /in down\n[\s\S]*… \d+ more times/);
  assert.ok(cell.traceback.split("\n").length < 15, cell.traceback);
});

test("own properties of an error are shown", async () => {
  const cell = await failing(
    'class HttpError extends Error { override name = "HttpError"; status = 404; body = { path: "/x" }; }\nthrow new HttpError("gone")',
  );
  assert.match(cell.traceback, /HttpError: gone[\s\S]*\n {2}status: 404\n {2}body: \{ path: '\/x' \}/);
  const node = await failing('import { readFileSync } from "node:fs";\nreadFileSync("/none")');
  assert.match(node.traceback, /\n {2}code: 'ENOENT'\n/);
});

test("a chain of causes is shown whole, in order, each with its place", async () => {
  const cell = await failing(
    'throw new Error("outer", {\n  cause: new Error("middle", {\n    cause: new TypeError("inner", { cause: "a text" }) }) })',
  );
  assert.match(
    cell.traceback,
    /Error: outer\n.*line 1[\s\S]*Caused by:\nError: middle\n.*line 2[\s\S]*Caused by:\nTypeError: inner\n.*line 3[\s\S]*Caused by:\n'a text'/,
  );
});

test("a cause that leads back to itself, and a very long chain, end", async () => {
  assert.match(
    (await failing('const a = new Error("a"); a.cause = a; throw a')).traceback,
    /Caused by:\n\[circular\]/,
  );
  const long = await failing(
    'let chain = new Error("0"); for (let i = 1; i < 1000; i++) chain = new Error(String(i), { cause: chain });\nthrow chain',
  );
  assert.ok(long.traceback.length < 10_000);
});

test("the errors of an AggregateError are shown with their own causes, and many of them are counted", async () => {
  const cell = await failing(
    'await Promise.any([Promise.reject(new Error("one", { cause: new Error("why") })), Promise.reject(2)])',
  );
  assert.match(
    cell.traceback,
    /\[errors 0\]\n {2}Error: one\n[\s\S]*Caused by:\n {2}Error: why\n[\s\S]*\[errors 1\]\n {2}2/,
  );
  const many = await failing(
    'throw new AggregateError(Array.from({ length: 500 }, () => new Error("x")), "many")',
  );
  assert.match(many.traceback, /… 490 more errors/);
});

for (const [code, evalue] of [
  ["class Own { toString() { return 'own text'; } }\nthrow new Own()", /^Own \{\} \(own text\)$/],
  ["class Bad { toString() { throw new Error('no'); } }\nthrow new Bad()", /^Bad \{\}$/],
  ["throw { get code() { throw new Error('getter'); } }", /^\{ code: \[Getter\] \}$/],
  ["throw new Proxy(new Error('inside'), { get() { throw new Error('trap'); } })", /inside/],
  ["throw new Proxy({}, { getPrototypeOf() { throw new Error('trap'); }, get() { throw 1; } })", /^\{\}$/],
  [
    "throw { [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('own inspect'); } }",
    /own inspect/,
  ],
  ["throw Object.defineProperty(new Error('m'), 'name', { get() { throw new Error('name trap'); } })", /^m$/],
  [
    "throw Object.defineProperty(new Error(), 'message', { get() { throw new Error('text trap'); } })",
    /text trap/,
  ],
  [
    "throw Object.defineProperty(new Error('m'), 'cause', { get() { throw new Error('cause trap'); } })",
    /^m$/,
  ],
  ["import vm from 'node:vm';\nvm.runInNewContext('throw new Error(\"other realm\")')", /^other realm$/],
  ["throw new DOMException('stopped', 'AbortError')", /^stopped$/],
] as const) {
  test(`${JSON.stringify(code)} ends the cell and says what was thrown`, async () => {
    const cell = await failing(code);
    assert.match(plain(String(cell.error?.evalue)), evalue);
    assert.equal((await kernel().execute("1 + 1")).result, "2");
  });
}

test("a name or message that was changed late is the one shown", async () => {
  const code = (change: string) => `const e = new Error("early"); void e.stack; ${change}; throw e`;
  assert.match((await failing(code('e.message = "late"'))).traceback, /^Error: late\n {2}Cell In/);
  assert.match(
    (await failing('throw Object.assign(new Error("x"), { stack: "of my own" })')).traceback,
    /^Error: x\nof my own$/,
  );
  assert.match((await failing(code('e.name = "LateError"'))).traceback, /^LateError: early\n {2}Cell In/);
});

test("a message with lines like frames is kept whole", async () => {
  const cell = await failing('throw new Error("first\\n    at nothing (really)")');
  assert.match(cell.traceback, /^Error: first\n {4}at nothing \(really\)\n {2}Cell In/);
});

test("an endless message and an endless line are bounded", async () => {
  const message = await failing('throw new Error("long ".repeat(1_000_000))');
  assert.match(String(message.error?.evalue), /… 4990000 more characters$/);
  assert.ok(message.traceback.length < 11_000);
  const line = await failing(
    `${"const x = 1; ".repeat(1000).replace(/x/g, () => `x${Math.random().toString(36).slice(2)}`)}throw new Error("at the end")`,
  );
  assert.ok(line.traceback.length < 600, line.traceback);
  assert.match(line.traceback, /throw new Error\("at the end"\)\n +\| +\^/);
});

test("errors in timers and unhandled rejections are shown at their place", async () => {
  const id = await kernel().submit(
    'setTimeout(() => {\n  throw new Error("in a timer");\n}, 1);\nvoid Promise.reject(new Error("nobody"));',
  );
  await kernel().streamed(id, "in a timer");
  await kernel().streamed(id, "nobody");
  const { stderr } = await kernel().finish(id);
  assert.match(stderr, /Error: in a timer\n {2}Cell In\[\d+\], line 2\n +column 9/);
  assert.match(stderr, /Error: nobody\n {2}Cell In\[\d+\], line 4\n +column 21/);
  assert.doesNotMatch(stderr, /node:/);
});

test("an error inside TensorFlow.js leads to the cell's line", async () => {
  const cell = await failing(
    'import * as tf from "@tensorflow/tfjs-node";\ntf.matMul(tf.zeros([2, 3]), tf.zeros([2, 3]))',
  );
  assert.match(cell.traceback, /… \d+ more frames\n {2}Cell In\[\d+\], line 2\n +column 4/);
});

for (const [what, code, place] of [
  ["a text", "const a = 1;\nthrow `text` + a;", "line 2\n    column 7"],
  ["an object, after an await", "await null;\nthrow { code: 7 };", "line 2\n    column 7"],
  [
    "a number in a function",
    "const fail = (): never => {\n  throw 42;\n};\nfail();",
    "line 2\n    column 9, in fail",
  ],
  ["a value in a callback", "[1].map((x) => {\n  throw x as unknown;\n});", "line 2\n    column 9"],
] as const) {
  test(`${what} that is thrown is shown at its place`, async () => {
    const { traceback } = await failing(code);
    assert.match(traceback, new RegExp(`^Thrown: .*\n(.*\n)*? {2}Cell In\\[\\d+\\], ${place}\n`));
  });
}

test("a text that a module throws is shown at its place there, then at the cell's", async () => {
  writeFileSync(
    join(folder, "throws-text.ts"),
    "export interface A { a: 1 }\nexport const f = () => {\n  throw 'text';\n};\n",
  );
  const { traceback } = await failing('import { f } from "./throws-text";\nf();');
  assert.match(
    traceback,
    /throws-text\.ts, line 3, column 9, in f\n[\s\S]*Cell In\[\d+\], line 2\n +column 1\n/,
  );
});

test("a rejection with a text that an earlier cell has thrown is not shown there", async () => {
  await kernel().execute("try { throw 'equal'; } catch {}");
  assert.equal((await failing("await Promise.reject('equal')")).traceback, "Thrown: 'equal'");
});

test("stacks stay readable when a library replaces how they are written", async () => {
  await kernel().execute('Reflect.set(Error, "prepareStackTrace", undefined);');
  const cell = await failing('function late() {\n  throw new Error("raw");\n}\nlate();');
  assert.match(cell.traceback, /Cell In\[\d+\], line 2\n +column 9, in late\n[\s\S]*line 4\n +column 1/);
});

/** What VS Code takes for the place of a cell, and replaces by a link to it, so that what follows on the line is lost. */
const LINKED_LINE = /^\s*Cell\s+In\s*\[\d+\][\s,]+line \d+([^\n]*)$/gm;

for (const [what, code] of [
  ["an exception", "function fall(): never {\n  throw new Error('down');\n}\nfall();"],
  ["a type error", "const text = 1;\ntext.length;"],
  ["a syntax error", "1;\nlet bad = (;"],
] as const) {
  test(`VS Code loses nothing of the traceback of ${what}`, async () => {
    const { traceback } = await failing(code);
    const lines = [...traceback.matchAll(LINKED_LINE)];
    assert.ok(lines.length > 0, traceback);
    for (const [line, rest] of lines) assert.equal(rest, "", line);
    assert.match(traceback.replaceAll(LINKED_LINE, ""), /column \d+/);
  });
}
