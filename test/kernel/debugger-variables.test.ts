import assert from "node:assert/strict";
import { test } from "node:test";
import { DebugClient, useKernel, type Variable } from "../../tools/kernel-client/index.js";

const kernel = useKernel();
const { attach, body, goOn, panel, refused, rich, stack, start, stopped, variablesOf } = new DebugClient(
  kernel,
);

test("the variables are listed with types and values, opened step by step, and no getter is run", async () => {
  const cell = await kernel().execute(`
    class Point { constructor(readonly x: number) {} get far(): number { throw new Error("was run"); } }
    interface Shape { sides: number }
    const size: number = 5;
    const point: object = new Point(3);
    const ways = new Map([["a", { b: 1 }]]);
    const big = Array.from({ length: 25_000 }, (_, i) => i);
    const cyclic: Record<string, unknown> = { name: "c" };
    cyclic.self = cyclic;
    let ran = 0;
    const watched = { get tick() { return ++ran; }, [Symbol.for("nodejs.util.inspect.custom")]: () => { ran++; return "x"; } };
    const proxy = new Proxy({}, { get: () => ++ran, ownKeys: () => { ran++; return []; } });
    const long = "x".repeat(100_000);
    const sign = Symbol("x".repeat(192));
    const longSign = Symbol("x".repeat(193));
    const texts = ["x".repeat(150)];`);
  assert.equal(cell.status, "ok", cell.traceback);
  const found = await panel();
  assert.equal(found.has("Shape"), false, "a type has no value");
  const told = (name: string) => [found.get(name)?.type, found.get(name)?.value];
  assert.deepEqual(told("size"), ["number", "5"]);
  assert.deepEqual(told("point"), ["object (Point)", "Point { x: 3 }"]);
  assert.deepEqual(told("cyclic"), [
    "Record<string, unknown>",
    "<ref *1> { name: 'c', self: [Circular *1] }",
  ]);
  assert.equal(found.get("ways")?.value, "Map(1) { 'a' => [Object] }");
  assert.ok((found.get("long")?.value.length ?? 0) < 250);
  assert.equal(found.get("sign")?.value, `Symbol(${"x".repeat(192)})`, "200 characters");
  assert.equal(found.get("longSign")?.value, `Symbol(${"x".repeat(193)}…`, "the first 200 of 201");
  assert.match(found.get("big")?.value ?? "", /24990 more items/);
  assert.equal(found.get("texts")?.value, `[ '${"x".repeat(100)}'... 50 more characters ]`);
  const open = async (variable: Variable | undefined) => variablesOf(variable?.variablesReference ?? 0);
  const ranges = await open(found.get("big"));
  assert.deepEqual([ranges.length, ranges[1]?.name], [3, "[10000 … 19999]"]);
  const [inner] = await open(ranges[2]);
  assert.equal(inner?.name, "[20000 … 20099]");
  assert.deepEqual((await open(inner))[7]?.value, "20007");
  const [name, self] = await open(found.get("cyclic"));
  assert.deepEqual([name?.value, self?.name], ["'c'", "self"]);
  assert.equal((await open(self))[0]?.value, "'c'");
  assert.equal((await open(found.get("watched")))[0]?.value, "(getter, not run)");
  const [entry] = await open(found.get("ways"));
  assert.deepEqual([entry?.name, (await open(entry))[0]?.value], ["'a'", "1"]);
  assert.equal((await kernel().execute("ran")).result, "0");
  assert.match(String((await rich("ways"))["text/plain"]), /b/);
  assert.deepEqual(await rich("not a name"), {});
});

test("a running cell's variables are listed, too", async () => {
  const id = await kernel().submit('let turns = 1;\nconsole.log("on");\nwhile (turns > 0) turns++;');
  await kernel().streamed(id, "on");
  assert.match((await panel()).get("turns")?.value ?? "", /^\d+$/);
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(id)).status, "error");
});

test("data frames open into their columns; frames, tables and figures are drawn, also while a cell is stopped", async () => {
  const made = await kernel().execute(`import { dataFrame, describe, table } from "rnnlab/table";
import { lineFigure } from "rnnlab/plot";
const frame = dataFrame({ month: ["May", "June"], amount: [1.5, 2] });
const column = frame.column("amount");
const shown = table([{ a: 1 }, { a: 2 }]);
const summary = describe([{ a: 1 }]);
const figure = lineFigure({ name: "line", y: [1, 2] });
const byHand = { data: [{ y: [1, 2], type: "scatter" }], layout: {} };
const element = { nodeType: 1, outerHTML: "<p>drawn</p>" };
const canvas = { width: 2, height: 1, toDataURL: () => "data:image/png;base64,AAAA" };
const slow = { width: 2, height: 1, toDataURL: async () => "data:image/png;base64,AAAA" };`);
  assert.equal(made.status, "ok", made.traceback);
  const found = await panel();
  const told = (name: string) => [found.get(name)?.type, found.get(name)?.value];
  assert.deepEqual(told("frame"), ["DataFrame", "DataFrame [2, 2]"]);
  assert.deepEqual(told("column"), ["DataSeries (Series)", "Series [2, 1]"]);
  const opened = async (name: string) => {
    const parts = await variablesOf(found.get(name)?.variablesReference ?? 0);
    return parts.map((part) => `${part.name} = ${part.value}`);
  };
  assert.deepEqual(await opened("frame"), ["month = [ 'May', 'June' ]", "amount = [ 1.5, 2 ]"]);
  assert.deepEqual(await opened("column"), ["amount = [ 1.5, 2 ]"]);
  const types = async (name: string, given = {}) => Object.keys(await rich(name, given)).sort();
  const [tables, figures] = [
    ["text/html", "text/markdown", "text/plain"],
    ["application/vnd.plotly.v1+json", "image/svg+xml", "text/html", "text/plain"],
  ];
  for (const name of ["frame", "column", "shown", "summary"])
    assert.deepEqual(await types(name), tables, name);
  for (const name of ["figure", "byHand"]) assert.deepEqual(await types(name), figures, name);
  assert.deepEqual(await rich("element"), { "text/html": "<p>drawn</p>", "text/plain": "<p>drawn</p>" });
  assert.equal((await rich("canvas"))["image/png"], "AAAA");
  // What has to be awaited is there as text alone: stopped code cannot wait.
  assert.deepEqual(await types("slow"), ["text/plain"]);
  await attach();
  const id = await start("{\n  const local = frame.head(1);\n  local;\n}", [3]);
  assert.deepEqual(await stopped(), ["breakpoint", "cell:3"]);
  const [top] = await stack();
  assert.match(String((await rich("local", { frameId: top!.id }))["text/html"]), /May/);
  assert.deepEqual(await types("figure", { frameId: top!.id }), figures);
  assert.equal((await goOn(id)).status, "ok");
});

test("an expression in a frame is TypeScript, is checked, and may change variables", async () => {
  await attach();
  const id = await start(
    "let left: number = 2;\nfunction inside(seen: string[]) {\n  let word: string = 'a';\n  return seen.length + word.length;\n}\ninside(['x', 'y'])",
    [4],
  );
  assert.deepEqual(await stopped(), ["breakpoint", "inside:4", "cell:6"]);
  const [inner, outer] = await stack();
  const result = async (expression: string, frameId = inner!.id) =>
    (await body("evaluate", { expression, frameId, context: "repl" })).result;
  assert.equal(await result("seen.map((each): string => each + word) satisfies string[]"), "[ 'xa', 'ya' ]");
  assert.equal(await result("left * 2", outer!.id), "4");
  assert.equal((await body("evaluate", { expression: "seen", frameId: inner!.id })).type, "string[]");
  const problem = (expression: string) => refused("evaluate", { expression, frameId: inner!.id });
  assert.match(await problem("word.size"), /'size' does not exist on type 'string'/);
  assert.match(await problem("word +"), /Expression expected/);
  assert.match(await problem("await left"), /cannot await/);
  assert.match(await problem('(() => { throw new Error("mine"); })()'), /mine/);
  const [local] = (await body("scopes", { frameId: inner!.id })).scopes as { variablesReference: number }[];
  const set = { variablesReference: local!.variablesReference, name: "word" };
  assert.equal((await body("setVariable", { ...set, value: "'long' + 1" })).value, "'long1'");
  assert.match(await refused("setVariable", { ...set, value: "5" }), /not assignable to type 'string'/);
  const variables = await variablesOf(local!.variablesReference);
  const seenList = variables.find(({ name }) => name === "seen")!.variablesReference;
  await body("setVariable", { variablesReference: seenList, name: "1", value: "'z'" });
  assert.equal(await result("seen"), "[ 'x', 'z' ]");
  assert.equal((await rich("word", { frameId: inner!.id }))["text/plain"], "'long1'");
  await body("copyToGlobals", { srcVariableName: "seen", dstVariableName: "copied", srcFrameId: inner!.id });
  assert.equal((await goOn(id)).result, "7");
  assert.equal((await kernel().execute("copied.map((each) => each.toUpperCase())")).result, "[ 'X', 'Z' ]");
  const wrong = await kernel().execute("copied.toFixed()");
  assert.match(String(wrong.error?.evalue), /'toFixed' does not exist on type 'string\[\]'/);
});
