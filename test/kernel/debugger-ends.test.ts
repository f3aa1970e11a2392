import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { DebugClient, until, useKernel } from "../../tools/kernel-client/index.js";
import { temporaryFolder } from "../setup/temporary.js";

const kernel = useKernel();
const { attach, body, goneOn, goOn, panel, rich, stack, start, stopped } = new DebugClient(kernel);

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

test("a callback of fit stops, with the library's frames named and the kernel's left out, and an interrupt ends the training", async () => {
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
  await body("continue");
  assert.deepEqual((await stopped()).slice(0, 2), ["breakpoint", "onEpochEnd:11"]);
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(id)).error?.ename, "KeyboardInterrupt");
  await goneOn();
  assert.equal(
    (await kernel().execute("model.predict(matrix.slice([0, 0], [1, 1])) instanceof tf.Tensor")).result,
    "true",
  );
});

test("packages are stepped into with justMyCode: false alone, and the kernel and Node never", async () => {
  const code = `import { table } from "rnnlab/table";
const rows = [{ a: 1 }];
console.log("printed");
const shown = table(rows);
await new Promise<void>((done) => setTimeout(done, 1));
[shown].length`;
  await attach({ justMyCode: false });
  const stepping = await start(code, [3]);
  assert.deepEqual(await stopped(), ["breakpoint", "cell:3"]);
  const step = async (command = "stepIn") => {
    await body(command);
    return (await stopped()).slice(1);
  };
  assert.deepEqual(await step(), ["cell:4"]);
  const [within, ...callers] = await step();
  assert.match(String(within), /^table in rich-table\.js:\d+$/);
  assert.deepEqual(callers, ["cell:4"]);
  assert.deepEqual(await step("stepOut"), ["cell:5"]);
  assert.deepEqual(await step(), ["cell:5", "cell:5"]);
  assert.equal((await goOn(stepping)).result, "1");
  await body("attach", { justMyCode: true });
  const over = await start(`${code}\n`, [4]);
  assert.deepEqual(await stopped(), ["breakpoint", "cell:4"]);
  assert.deepEqual(await step(), ["cell:5"]);
  assert.equal((await goOn(over)).result, "1");
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

/** Prints the JavaScript of its own script, and the source map that V8 knows of it. It uses a name of an earlier cell. */
const MAP_OF_ITSELF = `interface Size { width: number }
const half = ({ width }: Size): number => {
  const widest: number = width * 2;
  return widest - width + twice(0);
};
const session = new inspector.Session();
session.connect();
let own = { scriptId: "0", map: "" };
session.on("Debugger.scriptParsed", ({ params }) => {
  const { scriptId, url, sourceMapURL: map = "" } = params;
  if (url.startsWith("rnnlab:") && Number(scriptId) > Number(own.scriptId)) own = { scriptId, map };
});
session.post("Debugger.enable");
session.post("Debugger.getScriptSource", { scriptId: own.scriptId }, (_, { scriptSource }) => {
  const map = Buffer.from(own.map.split(",")[1] ?? "", "base64");
  console.log(scriptSource + "\\0" + map);
});
session.disconnect();`;

test("a client of Node's inspector attaches where a cell has opened it; an interrupt ends what it has stopped", async (context) => {
  const opened = await kernel().execute(
    'import inspector from "node:inspector";\ninspector.open(0, "127.0.0.1");\ninspector.url()',
  );
  const [address] = /127\.0\.0\.1:\d+/.exec(opened.result ?? "") ?? [];
  assert.ok(address, opened.traceback);
  assert.match(opened.stderr, new RegExp(`Debugger listening on ws://${address}/`));
  const client = spawn(process.execPath, ["inspect", address], { stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  client.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const said = async (pattern: RegExp): Promise<void> => {
    await until(
      () => pattern.test(text),
      60_000,
      () => `the client has not said ${pattern}, but ${text}`,
    );
    text = "";
  };
  try {
    // Then it has switched its debugger on.
    await said(/debug> $/);
    const code = "function twice(a: number) {\n  debugger;\n  return a * 2;\n}\nconsole.log(twice(4));";
    const ended = await kernel().submit(code);
    await said(/break in rnnlab:\/\/\/cell\/\d+:3.*debug> $/s);
    client.stdin.write("exec('a + 100')\n");
    await said(/104.*debug> $/s);
    await kernel().request("control", "interrupt_request");
    const { error, stdout } = await kernel().finish(ended);
    assert.deepEqual([error?.ename, stdout], ["KeyboardInterrupt", ""]);
    const gone = await kernel().submit(`${code}\n`);
    await said(/break in rnnlab:\/\/\/cell\/\d+:3.*debug> $/s);
    client.stdin.write("cont\n");
    assert.equal((await kernel().finish(gone)).stdout, "8\n");
  } finally {
    client.kill();
  }
  // Clients that read source maps see the TypeScript, without what the kernel puts before it.
  const { stdout, traceback } = await kernel().execute(MAP_OF_ITSELF);
  assert.equal(traceback, "");
  const [javascript = "", json = ""] = stdout.split("\0");
  const map = JSON.parse(json);
  assert.match(map.sources[0], /^Cell In\[\d+\]\.ts$/);
  assert.deepEqual(map.sourcesContent, [MAP_OF_ITSELF]);
  const rows = javascript.split("\n");
  const row = rows.findIndex((each) => each.includes("widest ="));
  const entry = new SourceMap(map).findEntry(row, rows[row]?.indexOf("width * 2") ?? -1);
  assert.ok("originalLine" in entry);
  const line = MAP_OF_ITSELF.split("\n")[entry.originalLine];
  assert.equal(line?.slice(entry.originalColumn), "width * 2;");
  // That of a module names its file.
  const folder = temporaryFolder(context);
  const file = join(folder, "half.ts");
  writeFileSync(file, "export const half = (size: number): number => size / 2;\n");
  const imported = await kernel().execute(`const maps: string[] = [];
const follower = new inspector.Session();
follower.connect();
follower.on("Debugger.scriptParsed", ({ params: { url, sourceMapURL } }) => {
  if (url.endsWith("half.ts")) maps.push(sourceMapURL ?? "");
});
follower.post("Debugger.enable");
const { half } = await import(${JSON.stringify(file)});
follower.disconnect();
Buffer.from(maps.at(-1)?.split(",")[1] ?? "", "base64").toString()`);
  assert.equal(imported.traceback, "");
  assert.match(imported.result ?? "", new RegExp(`"sources":\\["${pathToFileURL(file).href}"\\]`));
  assert.equal((await kernel().execute("inspector.close();\ninspector.url()")).result, undefined);
  assert.equal((await kernel().execute(`${MAP_OF_ITSELF}\n`)).stdout.split("\0")[1], "\n");
});

test("a stopped kernel can be shut down", async () => {
  await attach();
  await start("let last = 1;\nlast", [2]);
  assert.deepEqual(await stopped(), ["breakpoint", "cell:2"]);
  const reply = await kernel().shutdown();
  assert.equal(reply.content.status, "ok");
});
