import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const { path: folder, writePackage } = notebookFolder("rnnlab-failed-");
const kernel = useKernel({ cwd: folder });

const esm = { type: "module", exports: "./index.js" };
const demanding = (key: string): string => `if (!process.env.${key}) throw new Error("set ${key}");\n`;
writePackage("fm-script", {}, { "index.js": `${demanding("FM_SCRIPT")}exports.a = 1;\n` });
writePackage("fm-module", esm, { "index.js": `${demanding("FM_MODULE")}export const a = 2;\n` });
writePackage("fm-waits", esm, { "index.js": `await null;\n${demanding("FM_WAITS")}export const a = 3;\n` });
writePackage("fm-lacks", esm, { "index.js": 'import "fm-later";\nexport const a = 4;\n' });
writePackage("fm-well", esm, { "index.js": "export const one = {};\n" });
writePackage("fm-inner", esm, { "index.js": `${demanding("FM_INNER")}export const a = 5;\n` });
writePackage("fm-outer", esm, {
  "index.js": 'export { a } from "fm-inner";\nexport { one } from "fm-well";\n',
});
writeFileSync(join(folder, "fm-local.ts"), 'export { a as local } from "fm-waits";\n');

for (const [kind, name, result] of [
  ["a script", "fm-script", "1"],
  ["an ES module", "fm-module", "2"],
  ["an ES module that awaits", "fm-waits", "3"],
] as const) {
  test(`${kind} that failed is loaded anew, as often as it fails`, async () => {
    const key = name.toUpperCase().replace("-", "_");
    const code = `import { a } from "${name}";\na`;
    for (let i = 0; i < 3; i++) {
      assert.match((await kernel().execute(code)).traceback, new RegExp(`set ${key}`));
    }
    await kernel().execute(`process.env.${key} = "x";`);
    const cell = await kernel().execute(code);
    assert.equal(cell.result, result, cell.traceback);
  });
}

test("a local module gets the same instance of a module that was loaded anew", async () => {
  const cell = await kernel().execute('import { local } from "./fm-local";\nlocal');
  assert.equal(cell.result, "3", cell.traceback);
});

test("an ES module loads once what it imports is installed", async () => {
  const code = 'import { a } from "fm-lacks";\na';
  assert.match((await kernel().execute(code)).traceback, /fm-later/);
  writePackage("fm-later", esm, { "index.js": "export {};\n" });
  const cell = await kernel().execute(code);
  assert.equal(cell.result, "4", cell.traceback);
});

test("what a failed ES module imports is loaded anew, what is well is not", async () => {
  const code = 'import { a, one } from "fm-outer";\na';
  await kernel().execute('import { one as before } from "fm-well";');
  for (let i = 0; i < 2; i++) assert.match((await kernel().execute(code)).traceback, /set FM_INNER/);
  await kernel().execute('process.env.FM_INNER = "x";');
  const cell = await kernel().execute(code);
  assert.equal(cell.result, "5", cell.traceback);
  assert.equal((await kernel().execute("one === before")).result, "true");
});
