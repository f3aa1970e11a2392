import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import {
  type Dictionary,
  type Execution,
  installKernel,
  type Message,
  python,
  run,
  useKernel,
} from "../../tools/kernel-client/index.js";

const kernel = useKernel();
const folder = mkdtempSync(join(tmpdir(), "rnnlab-debugger-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly variablesReference: number;
}

interface StackFrame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly source: { readonly name: string; readonly path: string };
  readonly presentationHint?: string;
}

let sequence = 0;
/** The events of stops that were waited for. */
const seen = new WeakSet<Message>();

/** Sends a request of the Debug Adapter Protocol; returns the reply. */
async function ask(command: string, given: Dictionary = {}): Promise<Dictionary> {
  const request = { type: "request", seq: ++sequence, command, arguments: given };
  const { content } = await kernel().request("control", "debug_request", request);
  assert.equal(content.request_seq, sequence);
  assert.equal(content.command, command);
  return content;
}

/** What a request that must succeed is answered with. */
async function body(command: string, given: Dictionary = {}): Promise<Dictionary> {
  const reply = await ask(command, given);
  assert.ok(reply.success, `${command}: ${reply.message}`);
  return reply.body as Dictionary;
}

async function refused(command: string, given: Dictionary = {}): Promise<string> {
  const reply = await ask(command, given);
  assert.equal(reply.success, false, `${command} was not refused`);
  return String(reply.message);
}

async function attach(): Promise<void> {
  await body("initialize");
  await body("attach");
}

const isStop = (message: Message): boolean =>
  message.header.msg_type === "debug_event" && message.content.event === "stopped" && !seen.has(message);

/** Waits until code is stopped; returns why. */
async function reason(): Promise<string> {
  const message = await kernel().waitFor(isStop, "stopped");
  seen.add(message);
  const { reason, text } = message.content.body as { reason: string; text?: string };
  return text === undefined ? reason : `${reason} (${text})`;
}

/** Waits until the kernel has said that code goes on which was stopped last. */
async function goneOn(): Promise<void> {
  const { content } = kernel().received.findLast((message) => seen.has(message))!;
  await kernel().waitFor(
    (message) =>
      message.header.msg_type === "debug_event" &&
      message.content.event === "continued" &&
      Number(message.content.seq) > Number(content.seq),
    "continued",
  );
}

async function stack(): Promise<readonly StackFrame[]> {
  return (await body("stackTrace", { threadId: 1 })).stackFrames as StackFrame[];
}

/** Waits until code is stopped; returns why and where, the innermost frame first. The numbers of cells are left out. */
async function stopped(): Promise<string[]> {
  const why = await reason();
  const frames = await stack();
  return [
    why,
    ...frames.map(({ name, line }) => `${name.replace(/(?: in |^)Cell In\[\d+\]$/, "") || "cell"}:${line}`),
  ];
}

/** Runs a cell with breakpoints on lines; does not wait for its end. */
async function start(code: string, breakpoints: readonly (number | Dictionary)[] = []): Promise<string> {
  const { sourcePath: path } = await body("dumpCell", { code });
  const set = await body("setBreakpoints", {
    source: { path },
    breakpoints: breakpoints.map((each) => (typeof each === "number" ? { line: each } : each)),
  });
  for (const { verified, message } of set.breakpoints as Dictionary[]) assert.ok(verified, String(message));
  return kernel().submit(code);
}

async function goOn(id: string): Promise<Execution> {
  await body("continue", { threadId: 1 });
  return kernel().finish(id);
}

const variablesOf = async (reference: number): Promise<Variable[]> =>
  (await body("variables", { variablesReference: reference })).variables as Variable[];

/** The variables of a frame by scope, as "name = value". */
async function scopes(frameId: number): Promise<Record<string, string[]>> {
  const found = (await body("scopes", { frameId })).scopes as { name: string; variablesReference: number }[];
  const entries: [string, string[]][] = [];
  for (const { name, variablesReference } of found) {
    const variables = await variablesOf(variablesReference);
    entries.push([name, variables.map((each) => `${each.name} = ${each.value}`)]);
  }
  return Object.fromEntries(entries);
}

const panel = async (): Promise<Map<string, Variable>> => {
  const { variables } = await body("inspectVariables");
  return new Map((variables as Variable[]).map((each) => [each.name, each]));
};

const rich = async (variableName: string, given: Dictionary = {}): Promise<Dictionary> =>
  (await body("richInspectVariables", { variableName, ...given })).data as Dictionary;

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
    const long = "x".repeat(100_000);`);
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
  assert.match(found.get("big")?.value ?? "", /24990 more items/);
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

test("debugInfo says how cells are named, and what has to be started first is refused until then", async () => {
  const info = await body("debugInfo");
  assert.deepEqual(
    [info.isStarted, info.hashMethod, info.tmpFileSuffix, info.stoppedThreads, info.breakpoints],
    [false, "Murmur2", ".ts", [], []],
  );
  assert.match(await refused("threads"), /after initialize/);
  assert.match(await refused("fly"), /no request/);
  assert.deepEqual((await body("modules")).modules, []);
});

test("without a debugger nothing stops", async () => {
  assert.equal((await kernel().execute("debugger;\n7")).result, "7");
});

test("a cell stops at a breakpoint, shows its frames and variables, and goes on in steps", async () => {
  const before = await kernel().execute(
    "const factor = 2;\nfunction scale(a: number): number {\n  const b = a * factor;\n  return b;\n}",
  );
  await attach();
  const id = await start(
    "let total = 0;\nfor (let i = 0; i < 3; i++) {\n  total += scale(i);\n}\n\nconsole.log('summed');\ntotal",
    [3],
  );
  const queued = await kernel().submit("total + 1");
  assert.deepEqual(await stopped(), ["breakpoint", "cell:3"]);
  const [top] = await stack();
  const number = Number(before.reply.content.execution_count) + 1;
  assert.equal(top!.name, `Cell In[${number}]`);
  assert.equal(top!.source.name, `Cell In[${number}]`);
  const shown = await scopes(top!.id);
  assert.deepEqual(shown.Locals, ["i = 0"]);
  assert.ok(shown.Globals?.includes("total = 0"), shown.Globals?.join());
  // Everything else is answered meanwhile.
  assert.deepEqual((await body("debugInfo")).stoppedThreads, [1]);
  assert.equal((await kernel().request("shell", "kernel_info_request")).content.status, "ok");
  const completed = await kernel().request("shell", "complete_request", { code: "fact", cursor_pos: 4 });
  assert.deepEqual(completed.content.matches, ["factor"]);
  const inspected = await kernel().request("shell", "inspect_request", {
    code: "scale",
    cursor_pos: 1,
    detail_level: 0,
  });
  assert.equal(inspected.content.found, true);
  assert.equal((await kernel().request("shell", "comm_info_request")).content.status, "ok");
  await body("stepIn");
  assert.deepEqual(await stopped(), ["step", "scale:3", "cell:3"]);
  await body("next");
  assert.deepEqual(await stopped(), ["step", "scale:4", "cell:3"]);
  assert.deepEqual((await scopes((await stack())[0]!.id)).Locals, ["a = 0", "b = 0"]);
  await body("stepOut");
  assert.equal((await stopped())[1], "cell:2");
  const { path } = (await stack())[0]!.source;
  assert.match(String((await body("source", { source: { path } })).content), /summed/);
  // Lines without code stand for the next that has some.
  const { breakpoints } = await body("setBreakpoints", {
    source: { path },
    breakpoints: [{ line: 5 }, { line: 6 }],
  });
  assert.deepEqual(
    (breakpoints as Dictionary[]).map(({ line }) => line),
    [6, 6],
  );
  assert.deepEqual((await body("debugInfo")).breakpoints, [
    { source: path, breakpoints: [{ line: 6 }, { line: 6 }] },
  ]);
  await body("continue");
  assert.deepEqual(await stopped(), ["breakpoint", "cell:6"]);
  await body("next");
  assert.deepEqual(await stopped(), ["step", "cell:7"]);
  await kernel().streamed(id, "summed");
  // The last step leaves the cell: it ends.
  await body("next");
  assert.equal((await kernel().finish(id)).result, "6");
  assert.equal((await kernel().finish(queued)).result, "7");
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

test("steps go across await, and into what is awaited", async () => {
  await attach();
  await kernel().execute(
    "async function later(x: number) {\n  await null;\n  const y = x + 1;\n  return y;\n}",
  );
  const id = await start("const first = await later(1);\nconst second = first + 1;\nsecond", [1]);
  assert.deepEqual(await stopped(), ["breakpoint", "cell:1"]);
  await body("stepIn");
  assert.deepEqual(await stopped(), ["step", "later:2", "cell:1"]);
  await body("next");
  assert.deepEqual(await stopped(), ["step", "later:3"]);
  await body("stepOut");
  assert.equal((await stopped())[1], "cell:1");
  await body("next");
  assert.deepEqual(await stopped(), ["step", "cell:2"]);
  assert.equal((await goOn(id)).result, "3");
});

test("conditions and logpoints are TypeScript", async () => {
  await attach();
  const loop = (name: string) =>
    `let ${name} = 0;\nfor (let i = 0; i < 4; i++) {\n  ${name} += i;\n}\n${name}`;
  const id = await start(loop("sum"), [{ line: 3, condition: "i === 2 && (sum as number) > 0" }]);
  assert.deepEqual(await stopped(), ["breakpoint", "cell:3"]);
  assert.deepEqual((await scopes((await stack())[0]!.id)).Locals, ["i = 2"]);
  assert.equal((await goOn(id)).result, "6");
  const logged = await start(loop("told"), [
    { line: 3, logMessage: "i is {i}, {[told]}", condition: "i < 2" },
  ]);
  const cell = await kernel().finish(logged);
  assert.equal(cell.stdout, "i is 0, [ 0 ]\ni is 1, [ 0 ]\n");
  const { sourcePath: path } = await body("dumpCell", { code: loop("bad") });
  const set = await body("setBreakpoints", {
    source: { path },
    breakpoints: [{ line: 3, condition: "i.length" }],
  });
  const [breakpoint] = set.breakpoints as Dictionary[];
  assert.equal(breakpoint?.verified, false);
  assert.match(String(breakpoint?.message), /'length' does not exist on type 'number'/);
});

test("errors stop the code where they are thrown, caught ones and others apart", async () => {
  await attach();
  await kernel().execute('async function fails() {\n  await null;\n  throw new Error("deep");\n}');
  await body("setExceptionBreakpoints", { filters: ["uncaught"] });
  const stopsAt = async (code: string, where: RegExp) => {
    const id = await start(code);
    assert.match((await stopped()).slice(0, 2).join(" "), where, code);
    return goOn(id);
  };
  const caught = "try { await fails(); } catch { console.log('caught'); }\n";
  await stopsAt(
    `try { throw new Error("not this"); } catch {}\nthrow new Error("mine");`,
    /^exception \(Error: mine\) cell:2$/,
  );
  await stopsAt(
    'function throws() {\n  JSON.parse("{");\n}\nawait null;\nthrows();',
    /^exception \(SyntaxError: .* JSON .*\) throws:2$/,
  );
  await stopsAt(
    `${caught}await fails().catch(() => 1);\nawait fails();`,
    /^exception \(Error: deep\) fails:3$/,
  );
  await body("setExceptionBreakpoints", { filters: ["caught"] });
  const cell = await stopsAt(`${caught}throw new Error("uncaught");`, /^exception \(Error: deep\) fails:3$/);
  assert.equal(cell.stdout, "caught\n");
  assert.equal(cell.error?.evalue, "uncaught");
  await body("setExceptionBreakpoints", { filters: [] });
  assert.equal((await kernel().finish(await start('throw new Error("unheard");'))).error?.evalue, "unheard");
});

test("debugger statements and a busy loop stop, and a stopped cell goes on with what is changed", async () => {
  await attach();
  const halted = await start("let here = 1;\ndebugger;\nhere");
  assert.deepEqual(await stopped(), ["pause", "cell:2"]);
  assert.equal((await goOn(halted)).result, "1");
  const id = await start("let spin = 0;\nconsole.log('spins');\nwhile (spin >= 0) {\n  spin++;\n}\n'over'");
  await kernel().streamed(id, "spins");
  await body("pause");
  const [why, where] = await stopped();
  assert.equal(why, "pause");
  assert.match(String(where), /^cell:[34]$/);
  await body("evaluate", { expression: "spin = -5" });
  assert.equal((await goOn(id)).result, "'over'");
});

test("an interrupt ends a stopped cell, also in a timer, and the next one stops again", async () => {
  await attach();
  const codes = [
    "let v = 1;\nv++;\nconsole.log('ran on');\nv",
    "await new Promise(() => setTimeout(() => {\n  const t = 5;\n  console.log('ran on', t);\n}, 1))",
    "const before = 1;\nawait null;\nconsole.log('ran on');",
  ];
  for (const [index, code] of codes.entries()) {
    const id = await start(code, [index === 2 ? 3 : 2]);
    const queued = await kernel().submit("1");
    assert.equal((await stopped())[0], "breakpoint");
    await kernel().request("control", "interrupt_request");
    const cell = await kernel().finish(id);
    assert.equal(cell.error?.ename, "KeyboardInterrupt", code);
    assert.equal(cell.stdout, "");
    assert.equal((await kernel().finish(queued)).status, "aborted");
    await goneOn();
    assert.deepEqual((await body("debugInfo")).stoppedThreads, []);
  }
  assert.equal((await kernel().execute("v")).result, "1");
});

test("breakpoints in a module stand at its TypeScript's lines; those of a worker are refused", async () => {
  await attach();
  const file = join(folder, "helper.ts");
  writeFileSync(
    file,
    "type N = number;\n\ninterface Result { a: N }\n\nexport function help(a: N): Result {\n  const result: Result = { a: a + 1 };\n  return result;\n}\n",
  );
  const set = await body("setBreakpoints", {
    source: { path: file },
    breakpoints: [{ line: 6 }, { line: 2 }],
  });
  assert.deepEqual(
    (set.breakpoints as Dictionary[]).map(({ line, verified }) => [line, verified]),
    [
      [6, true],
      [5, true],
    ],
  );
  const id = await kernel().submit(`import { help } from ${JSON.stringify(file)};\nhelp(4)`);
  assert.deepEqual(await stopped(), ["breakpoint", "help in helper.ts:6", "cell:2"]);
  const [frame] = await stack();
  assert.equal(frame?.source.path, file);
  assert.equal(
    (await body("evaluate", { expression: "(a as number) * 10", frameId: frame!.id })).result,
    "40",
  );
  const locals = (await scopes(frame!.id)).Locals ?? [];
  assert.match(locals.join("; "), /^a = 4; result = (?:undefined|\(not initialised\))$/);
  assert.match(String((await body("source", { source: { path: file } })).content), /^type N/);
  const { modules } = await body("modules");
  assert.ok((modules as { path: string }[]).some(({ path }) => path === file));
  assert.equal((await goOn(id)).result, "{ a: 5 }");
  const worker = join(folder, "worker.mjs");
  writeFileSync(worker, 'import { parentPort } from "node:worker_threads";\nparentPort.postMessage(1);\n');
  const reply = await body("setBreakpoints", { source: { path: worker }, breakpoints: [{ line: 2 }] });
  const [refusedOne] = reply.breakpoints as Dictionary[];
  assert.equal(refusedOne?.verified, false);
  assert.match(String(refusedOne?.message), /Worker threads cannot be stopped/);
  const unknown = await body("setBreakpoints", {
    source: { path: join(folder, "none.ts") },
    breakpoints: [{ line: 1 }],
  });
  assert.equal((unknown.breakpoints as Dictionary[])[0]?.verified, false);
  assert.match(
    await refused("source", { source: { path: "/etc/hostname" } }),
    /must be of code that is loaded/,
  );
});

test("a callback of fit stops, with the library's frames named and the kernel's left out; tensors have their views", async () => {
  await attach();
  const id = await start(
    `import { tf } from "rnnlab";
import { fit } from "rnnlab/training";
import { lineFigure } from "rnnlab/plot";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const matrix = tf.zeros([20, 30]);
const figure = lineFigure({ name: "line", y: [1, 2] });
await fit(model, tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [4]]), {
  epochs: 2, batchSize: 2, seed: 1, verbose: 0,
  onEpochEnd: ({ epoch }) => {
    const seen = epoch;
    return seen;
  },
});`,
    [11],
  );
  const frames = await stopped();
  assert.deepEqual(frames.slice(0, 2), ["breakpoint", "onEpochEnd:11"]);
  const all = await stack();
  assert.equal(all[1]?.presentationHint, "subtle");
  const library = await body("source", { source: { path: all[1]?.source.path } });
  assert.match(String(library.content), /function train/);
  assert.ok(all.every(({ source }) => !source.path.includes("/kernel/")));
  assert.equal((await body("evaluate", { expression: "epoch + 1", frameId: all[0]!.id })).result, "2");
  assert.deepEqual([(await panel()).get("matrix")?.value], ["Tensor [20, 30] float32"]);
  assert.match(String((await rich("matrix"))["text/plain"]), /^Tensor \[20, 30\] float32\n\[\[0, 0/);
  assert.ok("application/vnd.plotly.v1+json" in (await rich("figure")));
  await body("setBreakpoints", { source: { path: all[0]!.source.path }, breakpoints: [] });
  const cell = await goOn(id);
  assert.equal(cell.status, "ok", cell.traceback);
});

test("a session that dies or is asked to begin anew is debugged on, and disconnecting lets a stopped cell go", async () => {
  await attach();
  const dying = await start("let dies = 1;\nprocess.exit(3);", [2]);
  assert.deepEqual(await stopped(), ["breakpoint", "cell:2"]);
  assert.equal((await goOn(dying)).error?.ename, "SessionEnded");
  const id = await start("let anew = 1;\nanew", [2]);
  assert.deepEqual(await stopped(), ["breakpoint", "cell:2"]);
  await body("disconnect");
  assert.equal((await kernel().finish(id)).result, "1");
  assert.equal((await body("debugInfo")).isStarted, false);
  assert.equal((await kernel().execute("let anew = 1;\nanew")).result, "1");
});

test("Node's inspector opens on the loopback when a cell asks for it, and says where", async () => {
  const cell = await kernel().execute(
    'import inspector from "node:inspector";\ninspector.open(0, "127.0.0.1");\nconst page = inspector.url()!.replace("ws:", "http:").replace(/[^/]*$/, "json/list");\nconst listed = await (await fetch(page)).json() as unknown[];\ninspector.close();\nlisted.length',
  );
  assert.equal(cell.result, "1", cell.traceback);
  assert.match(cell.stderr, /Debugger listening on ws:\/\/127\.0\.0\.1:\d+\//);
});

test("a stopped kernel can be shut down", async () => {
  await attach();
  await start("let last = 1;\nlast", [2]);
  assert.deepEqual(await stopped(), ["breakpoint", "cell:2"]);
  const reply = await kernel().shutdown();
  assert.equal(reply.content.status, "ok");
});

/** What of a shape another one has not. */
function lacking(expected: unknown, got: unknown, at: string): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(got)) return [at];
    return expected.length === 0 || got.length === 0 ? [] : lacking(expected[0], got[0], `${at}[]`);
  }
  if (typeof expected !== "object" || expected === null) return expected === got ? [] : [at];
  if (typeof got !== "object" || got === null) return [at];
  return Object.entries(expected).flatMap(([name, part]) =>
    name in got ? lacking(part, (got as Dictionary)[name], `${at}.${name}`) : [`${at}.${name}`],
  );
}

/** What debugpy says besides, and JupyterLab does not ask for. */
const BESIDES =
  /^initialize\.body\.supports|Filters\[\]\.description$|\.(?:presentationHint|preserveFocusHint|hitBreakpointIds)$|scopes\[\]\.source$/;

test("replies and events have the shape of ipykernel's, and cells the names that it gives them", async () => {
  const home = await installKernel();
  try {
    const script = resolve(packageRoot, "test/kernel/debugger_reference.py");
    const drive = async (name: string, cells: object) => {
      const { status, stdout, stderr } = await run(python(), [script, name, JSON.stringify(cells)], {
        env: home.env,
      });
      assert.equal(status, 0, stdout + stderr);
      return JSON.parse(stdout) as Dictionary & {
        replies: Record<string, { success: boolean; body: Dictionary }>;
      };
    };
    const asked = { evaluated: "inner + 1", inspected: "inner", value: "5" };
    const reference = await drive("python3", {
      ...asked,
      definition: "items = [1]",
      cell: "inner = 1\ninner = inner + 1\ninner",
    });
    const own = await drive("rnnlab", {
      ...asked,
      definition: "const items = [1];",
      cell: "let inner = 1;\ninner = inner + 1;\ninner",
    });
    assert.deepEqual([own.path, own.line], [reference.path, reference.line]);
    // Python stops all its threads; the first runs the cells.
    assert.deepEqual(own.stopped, (reference.stopped as number[]).slice(0, 1));
    assert.deepEqual(own.names, ["inner", "items"]);
    const missing = Object.entries(reference.replies).flatMap(([command, reply]) =>
      lacking(reply, own.replies[command], command),
    );
    assert.deepEqual(
      missing.filter((each) => !BESIDES.test(each)),
      [],
    );
    assert.deepEqual(
      lacking(reference.events, own.events, "events").filter((each) => !BESIDES.test(each)),
      [],
    );
  } finally {
    home.remove();
  }
});
