import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type KernelClient, useKernel } from "../../tools/kernel-client/index.js";

/** A project whose notebooks stand in a folder of their own. */
const project = mkdtempSync(join(tmpdir(), "rnnlab-local-"));
const folder = join(project, "notebooks");
after(() => rmSync(project, { recursive: true, force: true }));

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

write(
  "tsconfig.json",
  JSON.stringify({ compilerOptions: { strict: true, paths: { "@lib/*": ["../lib/*"] } } }),
);
write("plain.js", "exports.plain = 'js'; exports.other = require('./other').other;\n");
write("other.ts", "export const other = 2;\n");
write(
  "helper.ts",
  "import { other } from './other.js';\nexport const scaled = (n: number): number => n * other;\n",
);
write("view.tsx", "export const view: string = 'tsx';\n");
write("strict.mts", "export const mts: string = 'mts';\n");
write("common.cts", "export const cts: string = 'cts';\n");
write("required.cjs", "module.exports = { cjs: 'cjs' };\n");
write("folder/index.ts", "export * from './leaf';\nexport const index: string = 'index';\n");
write("folder/leaf.ts", "export const leaf = 1;\nexport default function named() { return 'default'; }\n");
write("../lib/far.ts", "import { up } from '@lib/up';\nexport const far = 'far ' + up;\n");
write("../lib/up.ts", "export const up: string = 'up';\n");
write("a.ts", "import { b } from './b';\nexport const a = 1;\nexport const getB = () => b;\n");
write("b.ts", "import { a } from './a';\nexport const b = 2;\nexport const getA = () => a;\n");
write(
  "kernels.ts",
  "import { MinMaxScaler } from 'rnnlab/preprocessing';\nexport const made = new MinMaxScaler();\n",
);
write("waits.mjs", "export const waited = await Promise.resolve('waited');\n");
write("waits.ts", "export const number: number = await Promise.resolve(7);\n");
write(
  "chain.ts",
  "import { waited } from './waits.mjs';\nimport { number } from './waits';\nexport const chain = waited + number;\n",
);
write(
  "circle1.ts",
  "import { b } from './circle2';\nexport const a = await Promise.resolve('a');\nexport const both = () => a + b();\n",
);
write("circle2.ts", "import { a } from './circle1';\nexport const b = () => 'b' + a;\n");
write(
  "old-names.mjs",
  `import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
const __filename = fileURLToPath(import.meta.url);
const __dirname = dirname(__filename);
const require = createRequire(import.meta.url);
export const names = [__dirname === import.meta.dirname, require("./plain.js").plain];
`,
);
write("lazy.ts", "export const lazy = async () => (await import('./other')).other;\n");
write(
  "node_modules/waits-esm/package.json",
  '{"name":"waits-esm","type":"module","exports":"./i.js","types":"./i.d.ts"}',
);
write("node_modules/waits-esm/i.js", "export default await Promise.resolve('package');\n");
write("node_modules/waits-esm/i.d.ts", "declare const text: string;\nexport default text;\n");
write("uses-esm.ts", "import text from 'waits-esm';\nexport const used = text.toUpperCase();\n");

const kernel = useKernel({ cwd: folder });

const imports: [string, string, string][] = [
  ["TypeScript under its JavaScript name", 'import { scaled } from "./helper.js";\nscaled(3)', "6"],
  [".tsx", 'import { view } from "./view";\nview', "'tsx'"],
  [".mts", 'import { mts } from "./strict.mjs";\nmts', "'mts'"],
  [".cts", 'import { cts } from "./common.cts";\ncts', "'cts'"],
  [".cjs", 'import common, { cjs } from "./required.cjs";\ncjs + common.cjs', "'cjscjs'"],
  [
    "JavaScript that requires TypeScript",
    'import { plain, other } from "./plain.js";\nplain + other',
    "'js2'",
  ],
  ["a folder with an index", 'import { index, leaf } from "./folder";\nindex + leaf', "'index1'"],
  ["a default", 'import named from "./folder/leaf";\nnamed()', "'default'"],
  ["a path of the tsconfig", 'import { far } from "@lib/far";\nfar', "'far up'"],
  ["the folder above", 'import { up } from "../lib/up";\nup', "'up'"],
  ["modules in a circle", 'import { getA } from "./b";\nimport { getB } from "./a";\ngetA() + getB()', "3"],
  [
    "a module that imports the kernel's packages",
    'import { made } from "./kernels";\nmade.constructor.name',
    "'MinMaxScaler'",
  ],
  ["an .mjs module that awaits", 'import { waited } from "./waits.mjs";\nwaited', "'waited'"],
  ["modules that import modules that await", 'import { chain } from "./chain";\nchain', "'waited7'"],
  ["modules that await in a circle", 'import { both } from "./circle1";\nboth()', "'aba'"],
  [
    "a module that imports an ES package that awaits",
    'import { used } from "./uses-esm";\nused',
    "'PACKAGE'",
  ],
  [
    "a module that makes CommonJS's names itself",
    'import { names } from "./old-names.mjs";\nnames.join()',
    "'true,js'",
  ],
  ["a module with import()", 'import { lazy } from "./lazy";\nawait lazy()', "2"],
  ["by require", 'require("./helper").scaled(2) + require("@lib/up").up', "'4up'"],
  ["TypeScript by a URL, typed", 'import { other as o } from "FOLDER/other.ts";\no.toFixed(1)', "'2.0'"],
  ["by a computed name", 'const stem = "other";\n(await import("./" + stem)).other', "2"],
];

for (const [name, code, expected] of imports) {
  test(`a cell imports ${name}`, async () => {
    const cell = await kernel().execute(code.replace("FOLDER", pathToFileURL(folder).href));
    assert.equal(cell.result, expected, cell.traceback);
  });
}

test("names of JavaScript modules are typed", async () => {
  write("typed.mjs", "export const width = 3;\n");
  const cell = await kernel().execute('import { width } from "./typed.mjs";\nwidth.toUpperCase()');
  assert.match(cell.traceback, /TS2339: Property 'toUpperCase' does not exist on type '3'/);
});

test("a type error in a module that a module imports names its file and line", async () => {
  write("wrong.ts", "export const fine = 1;\nexport const wrong: number = 'text';\n");
  write("uses-wrong.ts", "export { fine } from './wrong';\n");
  const cell = await kernel().execute('import { fine } from "./uses-wrong";');
  assert.match(cell.traceback, /wrong\.ts, line 2, column 14\n[\s\S]*TS2322/);
});

test("an error that a module throws points into it", async () => {
  write(
    "throws.mts",
    "export interface Unused { a: 1 }\n\nexport const fail = (): never => {\n  throw new Error('thrown');\n};\n",
  );
  const cell = await kernel().execute('import { fail } from "./throws.mts";\nfail();');
  assert.match(cell.traceback, /throws\.mts, line 4, column 9/);
});

test("an error while a module loads is its own, and the next import loads it again", async () => {
  write("breaks.ts", "await null;\nthrow new Error('not yet');\n");
  assert.match((await kernel().execute('import "./breaks";')).traceback, /not yet[\s\S]*breaks\.ts, line 2/);
  write("breaks.ts", "await null;\nexport const mended = true;\n");
  const cell = await kernel().execute('import { mended } from "./breaks";\nmended');
  assert.equal(cell.result, "true", cell.traceback);
});

/** Runs a cell that reads a module before and after an edit. */
async function edited(client: KernelClient, code: string, edit: () => void): Promise<(string | undefined)[]> {
  const before = await client.execute(code);
  edit();
  const now = await client.execute(code);
  return [before.result ?? before.traceback, now.result ?? now.traceback];
}

for (const [name, file, one, two, code] of [
  [
    "ES module",
    "fresh.mjs",
    "export const v = 1;",
    "export const v = 2;",
    'import { v } from "./top.mjs";\nv',
  ],
  [
    "TypeScript module",
    "fresh.ts",
    "export const v = 1;",
    "export const v = 2;",
    'import { v } from "./top.ts";\nv',
  ],
  ["CommonJS module", "fresh.cjs", "exports.v = 1;", "exports.v = 2;", 'require("./top.cjs").v'],
] as const) {
  test(`an edited ${name} is read again through the one that imports it`, async () => {
    write(file, one);
    const reexport = file.endsWith(".cjs")
      ? `module.exports = require("./${file}");`
      : `export * from "./${file}";`;
    write(file.replace("fresh", "top"), reexport);
    assert.deepEqual(await edited(kernel(), code, () => write(file, two)), ["1", "2"]);
  });
}

for (const [name, file, code] of [
  ["import() of a computed name", "computed1.ts", 'const n1 = "1.ts";\n(await import("./computed" + n1)).v'],
  ["require of a computed name", "computed2.ts", 'const n2 = "2";\nrequire("./computed" + n2).v'],
  [
    "import() of a computed name",
    "computed3.mjs",
    'const n3 = "3.mjs";\n(await import("./computed" + n3)).v',
  ],
] as const) {
  test(`${name} reads ${file}, which no cell has named, and again when it is edited`, async () => {
    const text = (v: number) =>
      `import { v as plus } from "./${file.replace(".", "-part.")}";\nexport const v = ${v} + plus;\n`;
    write(file, text(1));
    write(file.replace(".", "-part."), "export const v = 10;\n");
    assert.deepEqual(await edited(kernel(), code, () => write(file, text(2))), ["11", "12"]);
    write(file.replace(".", "-part."), "export const v = 20;\n");
    assert.equal((await kernel().execute(code)).result, "22");
  });
}

test("a module that begins with a byte order mark is loaded once", async () => {
  write("marked.ts", "\uFEFFconsole.log('loading');\nexport const v = 1;\n");
  const code = 'const marked = "marked";\n(await import("./" + marked)).v';
  assert.equal((await kernel().execute(code)).stdout, "loading\n");
  const again = await kernel().execute(code);
  assert.deepEqual([again.result, again.stdout], ["1", ""]);
});

test("a function of an earlier cell imports a module as it is now", async () => {
  write("later.ts", "export const v = 1;\n");
  await kernel().execute('const importLater = async () => (await import("./later")).v;');
  const code = "await importLater()";
  assert.deepEqual(await edited(kernel(), code, () => write("later.ts", "export const v = 2;\n")), [
    "1",
    "2",
  ]);
});

test("a module of a computed name that does not parse is named with the line, and loads once mended", async () => {
  write("unparsed.ts", "export const fine = 1;\nexport const v: number = ;\n");
  const code = 'const stem4 = "unparsed";\n(await import("./" + stem4)).v';
  const cell = await kernel().execute(code);
  assert.equal(cell.error?.ename, "SyntaxError");
  assert.match(
    cell.traceback,
    /unparsed\.ts, line 2, column 26\n[\s\S]*TS1109: Expression expected\.\n {2}Cell In\[\d+\], line 2\n +column 8/,
  );
  write("unparsed.ts", "export const v: number = 3;\n");
  assert.equal((await kernel().execute(code)).result, "3");
});

test("an edited module required by a cell is read again", async () => {
  write("required.ts", "export const v = 1;\n");
  const code = 'require("./required").v';
  assert.deepEqual(await edited(kernel(), code, () => write("required.ts", "export const v = 2;\n")), [
    "1",
    "2",
  ]);
});

test("a module that another one lacks is found once it is there", async () => {
  write("lacks.ts", "export { found } from './found';\n");
  const missing = await kernel().execute('import { found } from "./lacks";');
  assert.match(missing.traceback, /lacks\.ts, line 1[\s\S]*TS2307[\s\S]*\.\/found/);
  write("found.ts", "export const found = 'there';\n");
  const cell = await kernel().execute('import { found } from "./lacks";\nfound');
  assert.equal(cell.result, "'there'", cell.traceback);
});

test("a module whose loading was interrupted is loaded anew", async () => {
  write(
    "slow.ts",
    "console.log('loading');\nif (process.env.SLOW !== 'no') await new Promise(() => {});\nexport const slow = 1;\n",
  );
  const id = await kernel().submit('import { slow } from "./slow";\nslow');
  await kernel().streamed(id, "loading");
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(id)).error?.ename, "KeyboardInterrupt");
  const cell = await kernel().execute('process.env.SLOW = "no";\nconst m = await import("./slow");\nm.slow');
  assert.equal(cell.result, "1", cell.traceback);
});

test("import.meta resolves what a cell could import", async () => {
  const cell = await kernel().execute('[import.meta.resolve("fs"), import.meta.resolve("./other.ts")]');
  assert.equal(cell.result, `[ 'node:fs', 'file://${folder}/other.ts' ]`, cell.traceback);
});
