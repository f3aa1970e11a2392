import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const { path: folder } = notebookFolder("rnnlab-mended-");
const kernel = useKernel({ cwd: folder });

type Files = Readonly<Record<string, string>>;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
/** Whether CommonJS modules can require ES modules. */
const requiresModules = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);

const ESM = '{ "type": "module", "exports": { ".": "./main.js", "./*": "./*.js" } }';
const SCRIPT = '{ "main": "main.js" }';

/** A package that cannot be loaded, what is the matter with it, and what mends it; then a cell that imports it gives 1. */
const cases: readonly {
  readonly what: string;
  readonly before: Files;
  readonly code: string;
  readonly error: RegExp;
  readonly after: Files;
  readonly only?: boolean;
}[] = [
  {
    what: "an ES module that does not parse",
    before: {
      "a/package.json": ESM,
      "a/main.js": 'export * from "./part.js";',
      "a/part.js": "export const = 1;",
    },
    code: 'import { n } from "a"; n',
    error: /SyntaxError/,
    after: { "a/part.js": "export const n = 1;" },
  },
  {
    what: "an ES module that a file is missing for",
    before: {
      "b/package.json": ESM,
      "b/main.js": 'export * from "./one.js";',
      "b/one.js": 'export * from "./two.js";',
    },
    code: 'import { n } from "b"; n',
    error: /two\.js/,
    after: { "b/two.js": "export const n = 1;" },
  },
  {
    what: "an ES module that lacks an export",
    before: {
      "c/package.json": ESM,
      "c/main.js": 'export { n } from "./part.js";',
      "c/part.js": "export const m = 1;",
    },
    code: 'import { n } from "c"; n',
    error: /does not provide an export named 'n'/,
    after: { "c/part.js": "export const n = 1;" },
  },
  {
    what: "a script that an ES module imports",
    before: {
      "d/package.json": ESM,
      "d/main.js": 'import part from "./part.cjs"; export const n = part.n;',
      "d/part.cjs": 'throw new Error("d is broken");',
    },
    code: 'import { n } from "d"; n',
    error: /d is broken/,
    after: { "d/part.cjs": "exports.n = 1;" },
  },
  {
    what: "JSON that an ES module imports",
    before: {
      "e/package.json": ESM,
      "e/main.js": 'import data from "./data.json" with { type: "json" }; export const { n } = data;',
      "e/data.json": '{ "n": ',
    },
    code: 'import { n } from "e"; n',
    error: /JSON/,
    after: { "e/data.json": '{ "n": 1 }' },
  },
  {
    what: "JSON of a package",
    before: { "f/package.json": "{}", "f/data.json": '{ "n": ' },
    code: 'import data from "f/data.json"; (data as { n: number }).n',
    error: /JSON/,
    after: { "f/data.json": '{ "n": 1 }' },
  },
  {
    what: "modules that import each other and wait",
    before: {
      "g/package.json": ESM,
      "g/main.js": 'export { n } from "./part.js"; export const base = 1;',
      "g/part.js": 'import "./main.js"; await null; throw new Error("g is broken"); export const n = 0;',
    },
    code: 'import { n } from "g"; n',
    error: /g is broken/,
    after: { "g/part.js": 'import { base } from "./main.js"; await null; export const n = 1;' },
  },
  {
    what: "a script that requires a package which is missing",
    before: { "h/package.json": SCRIPT, "h/main.js": 'exports.n = require("h-later").n;' },
    code: 'import { n } from "h"; n',
    error: /Cannot find module 'h-later'/,
    after: { "h-later/package.json": '{ "main": "lib/x.js" }', "h-later/lib/x.js": "exports.n = 1;" },
  },
  {
    what: "an ES module that imports a package which is missing",
    before: { "i/package.json": ESM, "i/main.js": 'export { n } from "i-later";' },
    code: 'import { n } from "i"; n',
    error: /i-later/,
    after: {
      "i-later/package.json": '{ "type": "module", "exports": "./lib/x.js" }',
      "i-later/lib/x.js": 'export * from "./y.js";',
      "i-later/lib/y.js": "export const n = 1;",
    },
  },
  {
    what: "an ES module that is missing itself",
    before: {},
    code: 'const { n } = await import("j"); n',
    error: /Cannot find (?:package|module) 'j'/,
    after: {
      "j/package.json": '{ "type": "module", "exports": "./lib/x.js" }',
      "j/lib/x.js": 'export * from "./y.js";',
      "j/lib/y.js": "export const n = 1;",
    },
  },
  {
    what: "a script whose package.json names a file that is not there",
    before: { "k/package.json": '{ "main": "lib/gone.js" }', "k/lib/x.js": "exports.n = 1;" },
    code: 'import { n } from "k"; n',
    error: /Cannot find (?:package|module) /,
    after: { "k/package.json": '{ "main": "lib/x.js" }' },
  },
  {
    what: "a path that the package.json of a package does not export",
    before: {
      "l/package.json": '{ "type": "module", "exports": "./x.js" }',
      "l/x.js": "export const n = 1;",
    },
    code: 'const { n } = await import("l/x"); n',
    error: /l\/x|\.\/x/,
    after: { "l/package.json": '{ "type": "module", "exports": { "./x": "./x.js" } }' },
  },
  {
    what: "a path that the package.json of an imported package does not export",
    before: {
      "m/package.json": ESM,
      "m/main.js": 'export { n } from "m-inner/x";',
      "m-inner/package.json": '{ "type": "module", "exports": "./x.js" }',
      "m-inner/x.js": "export const n = 1;",
    },
    code: 'const { n } = await import("m"); n',
    error: /\.\/x/,
    after: { "m-inner/package.json": '{ "type": "module", "exports": { "./x": "./x.js" } }' },
  },
  {
    what: "a path that the package.json of a required package does not export",
    before: {
      "o/package.json": SCRIPT,
      "o/main.js": 'exports.n = require("o-inner/x").n;',
      "o-inner/package.json": '{ "exports": "./x.js" }',
      "o-inner/x.js": "exports.n = 1;",
    },
    code: 'const { n } = await import("o"); n',
    error: /\.\/x/,
    after: { "o-inner/package.json": '{ "exports": { "./x": "./x.js" } }' },
  },
  {
    what: "a file that package.json says nothing of, which is missing",
    before: { "p/package.json": '{ "name": "p" }' },
    code: 'const { n } = await import("p/lib/x.js"); n',
    error: /x\.js/,
    after: { "p/lib/x.js": "exports.n = 1;" },
  },
  {
    what: "an ES module that a script requires",
    before: {
      "q/package.json": SCRIPT,
      "q/main.js": 'exports.n = require("q-inner").n;',
      "q-inner/package.json": ESM,
      "q-inner/main.js": 'export * from "./part.js";',
      "q-inner/part.js": 'throw new Error("q is broken");',
    },
    code: 'const { n } = await import("q"); n',
    error: /q is broken/,
    after: { "q-inner/part.js": "export const n = 1;" },
    only: requiresModules,
  },
  {
    what: "what is written into a name",
    before: {},
    code: 'const { n } = await import("data:text/javascript,if (!process.env.MENDED) throw Error(7); export const n = 1;"); n',
    error: /Error: 7/,
    after: { "mend.js": 'process.env.MENDED = "1";' },
  },
];

function write(files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, "node_modules", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

for (const { what, before, code, error, after, only = true } of cases) {
  if (!only) continue;
  test(`a package is loaded as soon as it is mended: ${what}`, async () => {
    write(before);
    const unchecked = `// @ts-nocheck\n${code}`;
    for (let i = 0; i < 2; i++) {
      const cell = await kernel().execute(unchecked);
      assert.match(cell.traceback, error);
      assert.doesNotMatch(cell.traceback, /again=/);
    }
    write(after);
    if ("mend.js" in after) await kernel().execute('process.env.MENDED = "1";');
    const cell = await kernel().execute(unchecked);
    assert.equal(cell.result, "1", cell.traceback);
  });
}
