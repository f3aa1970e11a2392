import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import ts from "typescript";
import { packageRoot } from "../../src/platform/package-root.js";
import { KernelClient, notebookFolder } from "../../tools/kernel-client/index.js";
import { printedBy, transpile } from "./run-module.js";

const CLI = resolve(__dirname, "../../cli/main.js");

interface Cell {
  readonly source: string;
  readonly type?: "markdown" | "raw";
  readonly tags?: readonly string[];
}

const cell = (source: string, ...tags: string[]): Cell => ({ source, tags });

function notebookText(cells: readonly Cell[], language = "typescript"): string {
  const written = cells.map(({ source, type = "code", tags = [] }, index) => ({
    cell_type: type,
    id: `id-${index}`,
    metadata: { tags },
    source: source.split(/(?<=\n)/),
    ...(type === "code" ? { execution_count: null, outputs: [] } : {}),
  }));
  const metadata = { kernelspec: { name: "rnnlab", display_name: "TypeScript", language } };
  return JSON.stringify({ cells: written, metadata, nbformat: 4, nbformat_minor: 5 });
}

function runExport(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "export", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Notebooks whose modules have to do what the kernel does. */
const notebooks: Readonly<Record<string, readonly Cell[]>> = {
  redeclared: [
    cell("const x = 1;\nconst f = () => x;\nclass Point { readonly x = 1 }\nconst make = () => new Point();"),
    cell('const x = "two"\nf()'),
    cell("class Point { readonly y = 2 }\nmake()"),
    cell('function g() { return h(); }\nfunction h() { return "old"; }\ng()'),
    cell('console.log(g());\nfunction h() { return "new"; }\nh.name'),
    cell("let count = 0;\nfunction step() { count += 1; return count; }\nstep()"),
    cell("let count = 10;\nstep();\nconst { count: kept } = { count };\n({ count, kept })"),
    cell("[1, 2].map((value) => value + count)"),
    cell("const [count, ...others] = [1, 2, 3];\nstep;\n[count, others.length]"),
    cell("const f = (count: number) => { const x = 3; return count + x; };\nf(1)"),
    cell("const named = () => 1;"),
    cell("const named = () => 2;\nnamed.name"),
  ],
  types: [
    cell("interface Row { a: number }\nconst rows: Row[] = [{ a: 1 }];"),
    cell("interface Row { b: number }\nconst more: Row[] = [{ b: 2 }];\n[rows, more]"),
    cell("type Row = string;\nconst row: Row = rows.map((each) => String(each.a)).join();\nrow"),
    cell("enum Colour { Red, Green }\nColour.Green"),
    cell("enum Colour { Blue = 7 }\nColour.Blue"),
    cell("namespace Sizes { export const small = 3 }\nSizes.small"),
    cell("class Box<T> { constructor(readonly content: T) {} }\nconst box: Box<Row> = new Box('a');"),
    cell("class Box { readonly size = 3 }\nconst later: Box = new Box();\n[box, later]"),
    cell('let mode: "a" | "b" = "a";'),
    cell('if (mode === "b") console.log("b");\nelse console.log("a");'),
    cell("let best = null;"),
    cell("best = 5;\nbest.toFixed(1)"),
  ],
  imports: [
    cell('import { join } from "node:path";\nimport { type Stats, statSync } from "node:fs";'),
    cell(
      'import { join, sep } from "node:path";\nimport { Stats as Info } from "node:fs";\njoin("a", "b") + sep',
    ),
    cell("const about: Info | Stats = statSync('.');\nabout.isDirectory()"),
    cell(
      'import { twice, type Numbers } from "./helper";\nconst numbers: Numbers = [1, 2];\nnumbers.map(twice)',
    ),
    cell('import data from "./data.json";\ndata.name'),
    cell('const { basename } = await import("node:path");\nbasename("/a/b")'),
    cell('import { basename as join } from "node:path";\njoin("/c/d")'),
    cell('const os = require("node:os");\n[typeof os.cpus, typeof __dirname]'),
    cell('import * as path from "npm:node-path-of-nobody@1";', "raises-exception"),
    cell("export const exported = 1;\nexport default function () { return 2; }"),
  ],
  globals: [
    cell("new Map([[1, 2]]).size"),
    cell("class Map { readonly mine = true }\nnew Map()"),
    cell(
      'const console = { log: (text: string) => process.stdout.write(text + "!\\n") };\nconsole.log("mine");',
    ),
    cell(
      'const showResult = "taken", newest = 1, process = 2, name = "n";\n[showResult, newest, process, name]',
    ),
  ],
  errors: [
    { source: "# A title */\n\nof text", type: "markdown" },
    { source: "raw", type: "raw" },
    cell(
      "const before = 5, { after } = { after: 6 };\nfunction late() { return before; }\nthrow new Error('no');",
      "raises-exception",
    ),
    cell("before + after + late()"),
    cell('const wrong: number = "text";', "raises-exception"),
    cell("before?"),
    cell("let text = `a\n// not a comment\n`\ntext"),
    cell("(1 + 1).toFixed()"),
    cell("[1, 2]"),
    cell("{ a: 1, b: { before } } // an object"),
    cell("undefined"),
    cell("console.log('printed')"),
    cell("var seen = 0;\nfor (const each of [1, 2]) { var seen = each; }\nseen"),
    cell("text += text, text.length"),
    cell("Promise.resolve(5)"),
    cell("await Promise.resolve('waited');"),
    cell("null"),
    cell("({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'shown', 'text/html': '<b>' }) })"),
    cell("const nothing = (): void => {};\nnothing()"),
    cell("%replay"),
  ],
};

const folder = notebookFolder("rnnlab-export-");
folder.write("inner/place.txt", "");
folder.write("package.json", '{ "type": "module" }');
folder.write("helper.ts", "export type Numbers = number[];\nexport const twice = (x: number) => 2 * x;\n");
folder.write("data.json", '{ "name": "of data" }');
folder.write("tsconfig.json", '{ "compilerOptions": { "strict": true } }');

/** What Node prints that runs a module in the notebooks' folder. */
function printedByNode(name: string): Promise<string> {
  const path = (file: string): string => join(folder.path, file);
  transpile(path("helper.ts"), path("helper.mjs"));
  transpile(path(`${name}.mts`), path(`${name}.mjs`));
  // Only tsx and newer versions of Node run the helper as it is.
  folder.write(`${name}.mjs`, readFileSync(path(`${name}.mjs`), "utf8").replace("helper.ts", "helper.mjs"));
  return printedBy(path(`${name}.mjs`), { cwd: folder.path });
}

/** What the cells print, and their results as text. */
async function printedByKernel(context: TestContext, cells: readonly Cell[]): Promise<string> {
  const kernel = await KernelClient.start({ cwd: folder.path });
  context.after(() => kernel.dispose());
  let printed = "";
  for (const { source, type, tags = [] } of cells) {
    if (type !== undefined) continue;
    const done = await kernel.execute(source);
    if (done.status !== "ok") assert.deepEqual(tags, ["raises-exception"], `${source}\n${done.traceback}`);
    if (source.endsWith("?")) continue;
    printed += done.stdout + (done.result === undefined ? "" : `${done.result}\n`);
  }
  return printed;
}

for (const [name, cells] of Object.entries(notebooks)) {
  test(`the module of a notebook prints what its cells print: ${name}`, async (context) => {
    folder.write(`${name}.ipynb`, notebookText(cells));
    const { status, stderr } = runExport(
      folder.path,
      `${name}.ipynb`,
      "--to",
      "ts",
      "--output",
      `${name}.mts`,
    );
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.equal(await printedByNode(name), await printedByKernel(context, cells));
  });
}

test("TypeScript accepts the modules with strict settings, each for itself as Node and tsx take it", () => {
  const names = readdirSync(folder.path).filter((name) => name.endsWith(".mts"));
  assert.equal(names.length, Object.keys(notebooks).length);
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    isolatedModules: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ["node"],
    typeRoots: [join(packageRoot, "node_modules/@types")],
  };
  const program = ts.createProgram(
    names.map((name) => join(folder.path, name)),
    options,
  );
  const found = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
    return `${file?.fileName}: ${file?.text.split("\n")[line]}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
  assert.deepEqual(found, []);
});

test("the code below magics is exported, and they are comments", () => {
  folder.write(
    "magics.ipynb",
    notebookText([cell("%who"), cell("%ls\n%time const two = 2;\ntwo"), cell("%%bash\nls\n")]),
  );
  const { status, stdout, stderr } = runExport(folder.path, "magics.ipynb");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /\n\/\/ %who\n[\s\S]*\n\/\/ %ls\nconst two = 2;\n[\s\S]*\n\/\/ %%bash\n\/\/ ls\n/);
});

test("a cell that the kernel would not run is a comment with its reason, and the exit code is 1", () => {
  folder.write("broken.ipynb", notebookText([cell("f(;"), cell("const a: number = '';"), cell("1")]));
  const { status, stdout, stderr } = runExport(folder.path, "broken.ipynb");
  assert.equal(status, 1);
  assert.equal(
    stderr,
    `rnnlab: broken.ipynb, cell 1 is left out: line 1: TS1005: ')' expected.
rnnlab: broken.ipynb, cell 2 is left out: line 1: TS2322: Type 'string' is not assignable to type 'number'.
`,
  );
  assert.match(stdout, /\n\/\/ f\(;\n/);
  const json = runExport(folder.path, "broken.ipynb", "--json");
  assert.equal(json.status, 1);
  const { notebook, cells, code, leftOut } = JSON.parse(json.stdout);
  assert.deepEqual({ notebook, cells, code }, { notebook: "broken.ipynb", cells: 1, code: stdout });
  assert.deepEqual(
    leftOut.map(({ cell, expected }: { cell: number; expected: boolean }) => [cell, expected]),
    [
      [1, false],
      [2, false],
    ],
  );
});

test("a module elsewhere imports the notebook's files from there, and other modules import what the notebook declares", () => {
  folder.write(
    "elsewhere.ipynb",
    notebookText([
      cell('import { twice } from "./helper";\nconst x = twice(1);'),
      cell("const x = twice(2);"),
    ]),
  );
  const { status, stderr } = runExport(folder.path, "elsewhere.ipynb", "--output", "inner/elsewhere.mts");
  assert.equal(status, 0, stderr);
  const text = readFileSync(join(folder.path, "inner/elsewhere.mts"), "utf8");
  assert.match(text, /^import \{ twice \} from "\.\.\/helper\.ts";$/m);
  assert.match(text, /^export \{ x_2 as x \};$/m);
});

test("what cannot be exported is refused, and a file that is there stays as it is", () => {
  folder.write("text.ipynb", "hello");
  folder.write("old.ipynb", '{"worksheets":[],"nbformat":3}');
  folder.write("js.ipynb", notebookText([cell("total = 1")], "javascript"));
  folder.write("py.ipynb", notebookText([cell("1")], "python"));
  folder.write("good.ipynb", notebookText([cell("1")]));
  folder.write("kept.mts", "kept");
  for (const [args, expected, pattern] of [
    [[], 2, /^rnnlab: export takes one notebook\n/],
    [["a.ipynb", "b.ipynb"], 2, /^rnnlab: export takes one notebook\n/],
    [["good.ipynb", "--to", "py"], 2, /^rnnlab: --to must be ts, got "py"\n/],
    [["good.ipynb", "--output", "inner"], 2, /^rnnlab: --output must be a file, got the folder inner\n/],
    [["good.ipynb", "--fast"], 2, /^rnnlab: Unknown option '--fast'/],
    [["none.ipynb"], 1, /^rnnlab: Cannot read none\.ipynb: ENOENT/],
    [["text.ipynb", "--output", "kept.mts"], 1, /^rnnlab: Cannot read text\.ipynb: .*JSON/],
    [["old.ipynb"], 1, /^rnnlab: Cannot read old\.ipynb: .*got format 3/],
    [["py.ipynb"], 1, /^rnnlab: Cannot read py\.ipynb: .*got "python"/],
    [
      ["js.ipynb"],
      1,
      /^rnnlab: Cannot export js\.ipynb as TypeScript: its cells must be TypeScript, got javascript\n$/,
    ],
    [
      ["good.ipynb", "--output", "no/such/folder.mts"],
      1,
      /^rnnlab: Cannot write no\/such\/folder\.mts: ENOENT/,
    ],
  ] as const) {
    const { status, stderr } = runExport(folder.path, ...args);
    assert.match(stderr, pattern);
    assert.equal(status, expected, args.join(" "));
  }
  assert.equal(readFileSync(join(folder.path, "kept.mts"), "utf8"), "kept");
  assert.deepEqual(
    readdirSync(folder.path).filter((name) => name.endsWith(".part")),
    [],
  );
});
