import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const { path: folder, writePackage } = notebookFolder("rnnlab-npm-");
const kernel = useKernel({ cwd: folder });

writePackage("np-plain", { version: "2.3.1", types: "i.d.ts" }, { "index.js": "exports.v = '2.3.1';\n" });
writeFileSync(join(folder, "node_modules/np-plain/i.d.ts"), "export declare const v: string;\n");
writePackage("@np/scoped", { version: "0.4.2" }, { "index.js": "exports.v = '0.4.2';\n" });
writePackage("np-early", { version: "3.0.0-beta.10" }, { "index.js": "exports.v = '3.0.0-beta.10';\n" });
writeFileSync(
  join(folder, "np-local.ts"),
  'import { v } from "npm:np-plain@2";\nexport const fromLocal: string = v;\n',
);

// The ranges are those of npm's documentation of semver.
const accepted = [
  "npm:np-plain",
  "npm:/np-plain@latest",
  "npm:np-plain@2",
  "npm:np-plain@2.x",
  "npm:np-plain@^2.1.0",
  "npm:np-plain@~2.3.0",
  "npm:np-plain@>=2.0.0 <3",
  "npm:np-plain@1.x || 2.3.1",
  "npm:np-plain@2.0 - 2.3",
  "npm:np-plain@^2/index.js",
  "npm:@np/scoped@^0.4.1",
  "npm:@np/scoped/index.js",
  "npm:np-early@^3.0.0-beta.2",
];
const refused = [
  "npm:np-plain@3",
  "npm:np-plain@2.3.0",
  "npm:np-plain@^2.4.0",
  "npm:np-plain@~2.2",
  "npm:np-plain@<2.3.1",
  "npm:np-plain@>2.3",
  "npm:@np/scoped@^0.3.0",
  "npm:np-early@^3.0.0",
  "npm:np-early@^3.0.0-beta.11",
];

test("an npm: specifier means the package of that name, in a version within the range", async () => {
  for (const specifier of accepted) {
    const cell = await kernel().execute(`import { v } from "${specifier}";\nv`);
    assert.match(cell.result ?? "", /^'(2\.3\.1|0\.4\.2|3\.0\.0-beta\.10)'$/, specifier + cell.traceback);
  }
});

test("an npm: specifier is refused where another version is there, which the error names", async () => {
  for (const specifier of refused) {
    const { traceback } = await kernel().execute(`import { v } from "${specifier}";\nv`);
    const [, name = "", range = ""] = /^npm:(.+)@(.+)$/.exec(specifier) ?? [];
    assert.ok(traceback.includes(`the version must be ${range}, got `), specifier + traceback);
    assert.match(traceback, new RegExp(`run %npm install "?${name}@`), specifier);
  }
});

test("npm: specifiers have types, in import(), require() and local modules too", async () => {
  const wrong = await kernel().execute('import { v as typed } from "npm:np-plain@2";\ntyped.toFixed()');
  assert.match(wrong.traceback, /TS2551|TS2339/);
  const cell = await kernel().execute(
    'import { fromLocal } from "./np-local";\n[(await import("npm:np-plain")).v, require("npm:np-plain@2").v, fromLocal].join()',
  );
  assert.equal(cell.result, "'2.3.1,2.3.1,2.3.1'", cell.traceback);
});

test("an npm: specifier of a package that is missing says how to install it in its version", async () => {
  const { traceback } = await kernel().execute('import x from "npm:np-missing@^4.1/sub";');
  assert.ok(
    traceback.includes(
      `run %npm install "np-missing@^4.1" in a cell, or npm install "np-missing@^4.1" in ${folder}`,
    ),
    traceback,
  );
});

test("jsr: and https: specifiers say what to do instead", async () => {
  const jsr = await kernel().execute('await import("jsr:@std/" + "path")');
  assert.match(jsr.traceback, /Cannot import "jsr:@std\/path": [^\n]*npx jsr add @std\/path/);
  const https = await kernel().execute('await import("https:" + "//localhost/x.js")');
  assert.match(https.traceback, /Node\.js has no modules of "https:"; install the package by npm/);
});
