import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const { path: folder, writePackage } = notebookFolder("rnnlab-upgrades-");
const kernel = useKernel({ cwd: folder });

const MODULE = { type: "module", exports: { types: "./index.d.ts", default: "./index.js" } };

/** Installs a package that exports `v2` in its version 2.0.0, as a package manager does: in a new folder. */
function install(name: string, major: number, manifest: object = {}): void {
  rmSync(join(folder, "node_modules", name), { recursive: true, force: true });
  writePackage(
    name,
    { version: `${major}.0.0`, ...manifest },
    {
      "index.js": "type" in manifest ? `export const v${major} = ${major};` : `exports.v${major} = ${major};`,
      "index.d.ts": `export declare const v${major}: ${major};`,
    },
  );
}

async function resultOf(code: string): Promise<string> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "ok", `${code}\n${cell.traceback}`);
  return String(cell.result);
}

async function errorOf(code: string): Promise<string> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "error", `${code}\n${cell.result}`);
  return cell.traceback;
}

const restart = (name: string): RegExp =>
  new RegExp(
    `Cannot import "${name}": the package must be the one that the session has loaded \\(1\\.0\\.0\\), got 2\\.0\\.0 in .*restart the kernel`,
  );

for (const [kind, name, manifest] of [
  ["a script", "pu-script", {}],
  ["an ES module", "pu-module", MODULE],
] as const) {
  test(`${kind} that is upgraded after it was loaded is refused, with what to do`, async () => {
    install(name, 1, manifest);
    assert.equal(await resultOf(`import { v1 } from "${name}"; v1`), "1");
    install(name, 2, manifest);
    assert.match(await errorOf(`import { v2 } from "${name}"; v2`), restart(name));
    assert.match(await errorOf(`(await import("${name}")).v2`), restart(name));
    // What is loaded still works.
    assert.equal(await resultOf("v1"), "1");
  });
}

test("require of a package that is upgraded after it was loaded is refused, too", async () => {
  install("pu-required", 1);
  assert.equal(await resultOf('require("pu-required").v1'), "1");
  install("pu-required", 2);
  assert.match(await errorOf('require("pu-required").v2'), restart("pu-required"));
});

test("a package is refused, too, that another one has loaded before it was upgraded", async () => {
  install("pu-inner", 1);
  writePackage("pu-outer", {}, { "index.js": "exports.inner = require('pu-inner');" });
  await resultOf('import "pu-outer";');
  install("pu-inner", 2);
  assert.match(await errorOf('import { v2 } from "pu-inner"; v2'), restart("pu-inner"));
});

test("a package that was not loaded is used as it is by now, with its types", async () => {
  for (const [name, manifest] of [
    ["pu-new-script", {}],
    ["pu-new-module", MODULE],
  ] as const) {
    install(name, 1, manifest);
    assert.match(await errorOf(`import { v2 } from "${name}"; v2`), /TS2305: .* no exported member 'v2'/);
    install(name, 2, manifest);
    assert.equal(await resultOf(`import { v2 } from "${name}"; const two: 2 = v2; two`), "2");
  }
});

test("a package whose types have moved is found with them", async () => {
  writePackage("pu-moved", { types: "old.d.ts" }, { "old.d.ts": "export declare const other: number;" });
  assert.match(await errorOf('import { there } from "pu-moved"; there'), /no exported member/);
  rmSync(join(folder, "node_modules/pu-moved"), { recursive: true });
  writePackage(
    "pu-moved",
    { version: "2.0.0", types: "types/new.d.ts" },
    { "index.js": "exports.there = 5;", "types/new.d.ts": "export declare const there: number;" },
  );
  assert.equal(await resultOf('import { there } from "pu-moved"; there.toFixed()'), "'5'");
});

test("a fresh session takes the package that is there, with its types", async () => {
  install("pu-later", 1);
  assert.equal(await resultOf('import { v1 } from "pu-later"; v1'), "1");
  install("pu-later", 2);
  assert.match(await errorOf("process.exit()"), /SessionEnded/);
  assert.equal(await resultOf('import { v2 } from "pu-later"; v2'), "2");
});

test("the next try of a package that failed finds nothing of the one before", async () => {
  writePackage(
    "pu-keyed",
    {},
    {
      "settings.js": "exports.key = process.env.PU_KEYED;",
      "index.js":
        "const { key } = require('./settings.js');\nif (!key) throw new Error('set PU_KEYED');\nexports.key = key;",
    },
  );
  const code = '// @ts-nocheck\nimport { key } from "pu-keyed"; key';
  assert.match(await errorOf(code), /set PU_KEYED/);
  await resultOf('process.env.PU_KEYED = "open";');
  assert.equal(await resultOf(code), "'open'");
});
