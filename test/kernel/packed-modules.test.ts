import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { entryPrefix } from "../../kernel/shared/built-parts.js";
import {
  CODE_FILE,
  HEAD,
  INDEX_FILE,
  moduleScript,
  PACK,
  type PackIndex,
  TAIL,
} from "../../kernel/shared/module-pack.js";
import { makeModulePack } from "../../setup/module-pack.js";
import { type Execution, KernelClient } from "../../tools/kernel-client/index.js";

const home = realpathSync(mkdtempSync(join(tmpdir(), "rnnlab-packed-")));
after(() => rmSync(home, { recursive: true, force: true }));

const scope = join(home, "node_modules/@tensorflow");
const MAIN = join(scope, "made/index.js");
/** What fails is on the first line, where a script has more than the file. */
const TEXT = `exports.part = require("./part").name; exports.fail = () => { throw new Error("failed"); };
exports.names = [__filename, __dirname, module.filename, module.children.length].join();
exports.isOfCells = require instanceof Function && require.cache[__filename] === module;
`;
mkdirSync(join(scope, "made"), { recursive: true });
writeFileSync(join(scope, "made/package.json"), '{ "name": "@tensorflow/made", "version": "1.0.0" }');
writeFileSync(join(scope, "made/part.js"), 'exports.name = "part";');
writeFileSync(join(scope, "made/other.js"), 'exports.name = "other";');

/** Writes a pack with one module, in which a request means a file that Node would not take for it. */
function writePack(code?: Buffer): void {
  writeFileSync(MAIN, TEXT);
  const text = HEAD + TEXT + TAIL;
  const bytes = code ?? moduleScript(text, MAIN).createCachedData();
  const folder = join(home, "rnnlab", `${entryPrefix(PACK)}made`);
  const requests = { "./part": join(scope, "made/other.js") };
  const index: PackIndex = {
    modules: { [MAIN]: { at: 3, code: bytes.length, text: text.length, ascii: true, requests } },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, INDEX_FILE), JSON.stringify(index));
  writeFileSync(join(folder, CODE_FILE), Buffer.concat([Buffer.from("???"), bytes, Buffer.from(text)]));
}

const CELL =
  'const made: any = require("@tensorflow/made");\nJSON.stringify([made.part, made.names, made.isOfCells])';
const shown = (part: string): string =>
  `'${JSON.stringify([part, [MAIN, join(scope, "made"), MAIN, 1].join(), true])}'`;

async function inKernel(
  use: (execute: (code: string) => Promise<Execution>) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const kernel = await KernelClient.start({ cwd: home, env: { XDG_CACHE_HOME: home, ...env } });
  try {
    await use((code) => kernel.execute(code));
  } finally {
    await kernel.dispose();
  }
}

test("a module of the pack is a module like those that Node loads, and its stack names the same place", async () => {
  writePack();
  await inKernel(async (execute) => {
    assert.equal((await execute(CELL)).result, shown("other"));
    assert.match((await execute("made.fail()")).traceback, /made\/index\.js[:,] ?(?:line )?1[:,]/);
    const column = TEXT.indexOf('new Error("failed")') + 1;
    const place = "(() => { try { made.fail(); } catch (error) { return (error as Error).stack; } })()";
    assert.match(String((await execute(place)).result), new RegExp(`index\\.js:1:${column}\\b`));
  });
});

test("a module whose file has changed since is loaded by Node, also where its length is the same", async () => {
  writePack();
  writeFileSync(MAIN, readFileSync(MAIN, "utf8").replace("failed", "FAILED"));
  await inKernel(async (execute) => {
    assert.equal((await execute(CELL)).result, shown("part"));
    assert.match((await execute("made.fail()")).traceback, /FAILED/);
  });
});

test("code that V8 refuses is compiled anew", async () => {
  writePack(Buffer.alloc(512));
  await inKernel(async (execute) => assert.equal((await execute(CELL)).result, shown("part")));
  writePack();
  await inKernel(async (execute) => assert.equal((await execute(CELL)).result, shown("part")), {
    NODE_OPTIONS: "--max-old-space-size=3000",
  });
});

if (process.platform === "linux")
  test("makeModulePack() makes the pack once and removes earlier ones; the session has one instance of each module of it", async () => {
    const cache = join(home, "rnnlab");
    const earlier = join(cache, `${entryPrefix(PACK)}made`);
    mkdirSync(earlier, { recursive: true });
    const line = await makeModulePack(cache);
    assert.equal(await makeModulePack(cache), line);
    assert.throws(() => realpathSync(earlier), { code: "ENOENT" });
    await inKernel(async (execute) => {
      const code = [
        'import { layers, tf } from "rnnlab";',
        'import * as own from "rnnlab/layers";',
        'import { fit } from "rnnlab/training";',
        'import * as stock from "@tensorflow/tfjs-node";',
        'import { readlinkSync, readdirSync, existsSync } from "node:fs";',
        "const model = tf.sequential({ layers: [layers.gru({ units: 2, inputShape: [3, 1] })] });",
        "model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });",
        "await fit(model, tf.zeros([4, 3, 1]), tf.zeros([4, 2]), { epochs: 1 });",
        "const opened = readdirSync('/proc/self/fd').map((each) => '/proc/self/fd/' + each).filter(existsSync);",
        "const sum = (model.predict(tf.zeros([1, 3, 1])) as tf.Tensor).sum().dataSync()[0];",
        "const same = [layers === own.layers, tf.Tensor === stock.Tensor, model instanceof stock.Sequential, sum === 0];",
        "JSON.stringify([...same, opened.some((each) => readlinkSync(each).endsWith('modules.code'))])",
      ].join("\n");
      const cell = await execute(code);
      assert.equal(cell.result, "'[true,true,true,true,true]'", cell.traceback);
    });
  });
