import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import {
  DebugClient,
  type Dictionary,
  installKernel,
  python,
  run,
  useKernel,
} from "../../tools/kernel-client/index.js";

const kernel = useKernel();
const { attach, body, goOn, refused, scopes, stack, start, stopped } = new DebugClient(kernel);
const folder = mkdtempSync(join(tmpdir(), "rnnlab-debugger-"));
after(() => rmSync(folder, { recursive: true, force: true }));

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
  const inWorker = async (name: string, text: string): Promise<Dictionary | undefined> => {
    const path = join(folder, name);
    writeFileSync(path, text);
    const reply = await body("setBreakpoints", { source: { path }, breakpoints: [{ line: 2 }] });
    return (reply.breakpoints as Dictionary[])[0];
  };
  const refusedOne = await inWorker(
    "worker.mjs",
    'import { parentPort } from "node:worker_threads";\nparentPort.postMessage(1);\n',
  );
  assert.equal(refusedOne?.verified, false);
  assert.match(String(refusedOne?.message), /Worker threads cannot be stopped/);
  const ofBoth = await inWorker(
    "both.mjs",
    'import { isMainThread, parentPort } from "node:worker_threads";\nif (!isMainThread) parentPort.postMessage(1);\n',
  );
  assert.equal(ofBoth?.verified, true);
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
      cell: "inner = 1\ninner = inner + 1\ninner = inner + 2\ninner",
      endless: "print(1, flush=True)\nwhile True:\n  pass",
    });
    const own = await drive("rnnlab", {
      ...asked,
      definition: "const items = [1];",
      cell: "let inner = 1;\ninner = inner + 1;\ninner = inner + 2;\ninner",
      endless: "console.log(1);\nfor (;;) {\n  items.length = 0;\n}",
    });
    assert.deepEqual([own.path, own.line], [reference.path, reference.line]);
    // Python stops all its threads; the first runs the cells.
    assert.deepEqual(own.stopped, (reference.stopped as number[]).slice(0, 1));
    assert.deepEqual(own.names, ["inner", "items"]);
    assert.deepEqual(own.features, ["debugger"]);
    assert.ok((reference.features as string[]).includes("debugger"));
    for (const { metadata } of [own, reference]) assert.equal((metadata as Dictionary).debugger, true);
    const unanswered = (reference.commands as string[]).filter((command) => !(command in own.replies));
    assert.deepEqual(unanswered, []);
    assert.deepEqual(own.restarted, ["ok", false]);
    assert.deepEqual(reference.restarted, own.restarted);
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
