import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { kernel, notebookProject } from "./notebook-project.js";

/** A folder with notebooks, and the command run in it. */
function project(context: TestContext) {
  const { folder, write, rnnlab } = notebookProject(context);
  return { folder, write, check: (...args: string[]) => rnnlab("check", ...args) };
}

test("rnnlab check knows the cells above, and shows cell, line, column and a marker", (context) => {
  const { write, check } = project(context);
  write("sums.ipynb", [
    { source: "interface Row { size: number }\nconst row: Row = { size: 3 };" },
    { type: "markdown", source: "const a = ;" },
    { source: "row.size?" },
    { source: 'row.size + 1;\nconst wrong: number = "text";' },
    { source: "wrong.toFixed();\nconst row = 'again';\nrow.length;" },
    { source: "row.size" },
    { source: "%replay 3" },
  ]);
  assert.deepEqual(check("sums.ipynb"), {
    status: 1,
    stdout: `sums.ipynb, cell 4, line 2, column 7
     2 | const wrong: number = "text";
       |       ^~~~~
error: TS2322: Type 'string' is not assignable to type 'number'.

sums.ipynb, cell 6, line 1, column 5
     1 | row.size
       |     ^~~~
error: TS2339: Property 'size' does not exist on type '"again"'.

2 errors in 1 notebook
`,
    stderr: "",
  });
});

test("rnnlab check checks the code below magics, and leaves alone what they take", (context) => {
  const { write, check } = project(context);
  write("magics.ipynb", [
    { source: "%npm install nothing\nconst size = 3;" },
    { source: "%%bash\nif [ ]; then\nls; fi" },
    { source: "%time size.length" },
  ]);
  const { status, stdout } = check("magics.ipynb");
  assert.equal(status, 1);
  assert.match(
    stdout,
    /^magics\.ipynb, cell 3, line 1, column 12\n.*\n.*\nerror: TS2339: .*\n\n1 error in 1 notebook\n$/,
  );
});

test("rnnlab check looks for notebooks at any depth, but not among copies, and runs none of them", (context) => {
  const { folder, write, check } = project(context);
  const file = JSON.stringify(join(folder, "written"));
  const run = { source: `import { writeFileSync } from "node:fs";\nwriteFileSync(${file}, "");` };
  for (const name of ["inner", "inner/node_modules", ".ipynb_checkpoints"]) mkdirSync(join(folder, name));
  write("one.ipynb", [run]);
  write("inner/two.ipynb", [{ source: "unknown" }]);
  write("inner/node_modules/theirs.ipynb", [{ source: "unknown" }]);
  write(".ipynb_checkpoints/one-checkpoint.ipynb", [{ source: "unknown" }]);
  const { status, stdout } = check(".");
  assert.equal(status, 1);
  assert.match(stdout, /^inner\/two\.ipynb, cell 1, line 1, column 1\n/);
  assert.match(stdout, /\n1 error in 2 notebooks\n$/);
  assert.throws(() => readFileSync(join(folder, "written")), /ENOENT/);
});

test("rnnlab check follows the notebook's tsconfig, and what does not stop a cell is a warning", (context) => {
  const { folder, write, check } = project(context);
  write("loose.ipynb", [{ source: "function twice(x) {\n  return 2 * x;\n}" }]);
  const loose = check("loose.ipynb");
  assert.equal(loose.status, 0);
  assert.match(loose.stdout, /\nwarning: TS7006: .*\n\n0 errors and 1 warning in 1 notebook\n$/);
  writeFileSync(join(folder, "tsconfig.json"), '{ "compilerOptions": { "strict": true } }');
  const strict = check("loose.ipynb");
  assert.equal(strict.status, 1);
  assert.match(strict.stdout, /\nerror: TS7006: .*\n\n1 error in 1 notebook\n$/);
});

test("rnnlab check finds in each of many notebooks what it would find in that one alone", (context) => {
  const { folder, write, check } = project(context);
  const add = (name: string, types: string): void => {
    mkdirSync(join(folder, "node_modules", name), { recursive: true });
    writeFileSync(
      join(folder, "node_modules", name, "package.json"),
      JSON.stringify({ name, types: "t.d.ts" }),
    );
    writeFileSync(join(folder, "node_modules", name, "t.d.ts"), types);
  };
  add("adds-global", "export declare const one: 1;\ndeclare global {\n  var added: number;\n}");
  add("adds-script", "interface Scripted {\n  size: number;\n}");
  add("asks-for-it", 'import "adds-script";\nexport declare const two: 2;');
  add("adds-namespace", "export interface Shape {\n  size: 3;\n}\nexport as namespace Added;");
  add(
    "adds-to-module",
    'import "adds-global";\ndeclare module "adds-global" {\n  const more: string;\n}\nexport {};',
  );
  const cells: Record<string, string[]> = {
    importsGlobal: ['import { one } from "adds-global";\nconst here = one + added;', "here.toFixed();"],
    importsScript: ['import { two } from "asks-for-it";\nconst here: Scripted = { size: two };'],
    importsNamespace: [
      'import type { Shape } from "adds-namespace";\nconst here: Added.Shape = { size: 3 } satisfies Shape;',
    ],
    importsMore: ['import "adds-to-module";\nimport { more } from "adds-global";\nmore.length;'],
    addsItself: [
      'import { one } from "adds-global";\ndeclare module "adds-global" {\n  const own: string;\n}',
      "one;",
    ],
    usesGlobal: ["added.toFixed();"],
    usesScript: ["const there: Scripted = { size: 2 };"],
    usesNamespace: ["const there: Added.Shape = { size: 3 };"],
    usesMore: ['import { more } from "adds-global";\nmore.length;'],
    usesOwn: ['import { own } from "adds-global";\nown.length;'],
    usesNames: ["here;", "const here = 'text';", "here.length;"],
    writesOneWay: ['const way: "left" | "right" = 1;'],
    writesTheOther: ['const way: "right" | "left" = 1;'],
    usesNothing: ["const here = 1;", "here.toFixed();"],
  };
  for (const [name, sources] of Object.entries(cells))
    write(
      `${name}.ipynb`,
      sources.map((source) => ({ source })),
    );
  const names = Object.keys(cells).map((name) => `${name}.ipynb`);
  const found = JSON.parse(check(...names, "--format", "json").stdout) as {
    notebook: string;
    message: string;
  }[];
  assert.deepEqual(
    found.map(({ notebook }) => notebook),
    names.filter((name) => /^(?:uses(?!Nothing)|writes)/.test(name)),
  );
  assert.deepEqual(
    found.flatMap(({ notebook, message }) => (notebook.startsWith("writes") ? [message] : [])),
    ['"left" | "right"', '"right" | "left"'].map((way) => `Type '1' is not assignable to type '${way}'.`),
  );
});

test("rnnlab check knows constants however a later cell writes their names, and symbols that no later cell names", (context) => {
  const { write, check } = project(context);
  const wrong = (type: string): string => `const wrong: ${type} = null!;`;
  write("constants.ipynb", [
    { source: "const plain = 1;\nconst escaped = 2;\nconst ümlaut$ = 3;\nconst unused = 4;" },
    { source: 'const key = Symbol("key");\nconst boxed = { [key]: 5 };' },
    { source: "const again = boxed;" },
    { source: `${wrong("typeof plain")}\nwrong.one;` },
    { source: `${wrong("typeof \\u0065scaped")}\nwrong.two;` },
    { source: `${wrong("typeof ümlaut$")}\nwrong.three;` },
    { source: "again.four;" },
  ]);
  const { stdout } = check("constants.ipynb", "--json");
  assert.deepEqual(
    (JSON.parse(stdout) as { cell: number; message: string }[]).map(({ cell, message }) => [cell, message]),
    [
      [4, "Property 'one' does not exist on type '1'."],
      [5, "Property 'two' does not exist on type '2'."],
      [6, "Property 'three' does not exist on type '3'."],
      [7, "Property 'four' does not exist on type '{ [key]: number; }'."],
    ],
  );
});

test("rnnlab check lets a cell fail that may, and goes on after cells that cannot be parsed", (context) => {
  const { write, check } = project(context);
  write("may-fail.ipynb", [
    { source: "const a: number = 'text';", tags: ["raises-exception"] },
    { source: "a.toFixed();\nconst b = (;" },
    { source: "a.length" },
  ]);
  const { status, stdout } = check("may-fail.ipynb");
  assert.equal(status, 1);
  assert.match(
    stdout,
    /cell 2, line 2, column 12\n[\s\S]*cell 3, line 1, column 3\n[\s\S]*\n2 errors in 1 notebook\n$/,
  );
});

test("rnnlab check knows later what a cell has declared that cannot be parsed, or whose JSX has no library", (context) => {
  const { write, check } = project(context);
  write("refused.ipynb", [
    { source: "const half = (x: number) => x / 2;\nconst b = ;" },
    { source: "interface Props { size: number }\nconst Box = ({ size }: Props) => <b>{half(size)}</b>;" },
    { source: "const a = half(1);\nBox({ size: a });" },
    { source: 'half("x");' },
    { source: 'Box({ size: "x" });' },
  ]);
  const { stdout } = check("refused.ipynb");
  const places = [...stdout.matchAll(/cell (\d), line (\d), column (\d+)/g)].map(([, ...place]) =>
    place.join(),
  );
  assert.deepEqual(places, ["1,2,11", "2,2,34", "4,1,6", "5,1,7"]);
});

test("rnnlab check knows notebooks of JavaScript", (context) => {
  const { write, check } = project(context);
  write("loose.ipynb", [{ source: "total = 3" }, { source: "total.nothing + [];" }], kernel("javascript"));
  write("broken.ipynb", [{ source: "let x = ;" }], kernel("JavaScript"));
  assert.deepEqual(check("loose.ipynb"), { status: 0, stdout: "0 errors in 1 notebook\n", stderr: "" });
  assert.match(check("broken.ipynb").stdout, /broken\.ipynb, cell 1, line 1, column 9/);
});

test("rnnlab check writes JSON for programs, and annotations for GitHub at the lines of the file", (context) => {
  const { folder, write, check } = project(context);
  const message = "Type 'string' is not assignable to type 'number'.";
  write("100%.ipynb", [{ source: "1;" }, { source: 'const x = 1;\nconst wrong: number = "text";' }]);
  const json = check("100%.ipynb", "--format", "json");
  assert.equal(json.status, 1);
  assert.deepEqual(JSON.parse(json.stdout), [
    {
      notebook: "100%.ipynb",
      cell: 2,
      id: "id-1",
      line: 2,
      column: 7,
      length: 5,
      severity: "error",
      code: 2322,
      message,
    },
  ]);
  const lines = readFileSync(join(folder, "100%.ipynb"), "utf8").split("\n");
  const line = lines.findIndex((each) => each.includes("const wrong")) + 1;
  assert.equal(
    check("100%.ipynb", "--format=github").stdout,
    `::error file=100%25.ipynb,line=${line},title=cell 2%2C line 2%2C column 7::TS2322: ${message}\n1 error in 1 notebook\n`,
  );
});

test("rnnlab check says of a file that it cannot read why, and checks the others", (context) => {
  const { folder, write, check } = project(context);
  write("good.ipynb", [{ source: "1" }]);
  write("python.ipynb", [{ source: "print(1)" }], kernel("python"));
  write("nothing.ipynb", [{ source: "1" }], {});
  writeFileSync(join(folder, "text.ipynb"), "hello");
  writeFileSync(join(folder, "old.ipynb"), '{"worksheets":[],"nbformat":3}');
  writeFileSync(
    join(folder, "odd.ipynb"),
    JSON.stringify({ cells: [{ cell_type: "code", source: 3 }], metadata: kernel("typescript") }),
  );
  const { status, stdout, stderr } = check(".");
  assert.equal(status, 1);
  assert.equal(stdout, "0 errors in 1 notebook\n");
  const said = stderr.trim().split("\n");
  for (const [index, pattern] of [
    /^rnnlab: Cannot read nothing\.ipynb: .*must be typescript or javascript, got none: metadata\.kernelspec is missing$/,
    /^rnnlab: Cannot read odd\.ipynb: the source of cell 1 must be text or a list of lines$/,
    /^rnnlab: Cannot read old\.ipynb: it must be a notebook of format 4, got format 3; jupyter nbconvert/,
    /^rnnlab: Cannot read python\.ipynb: .*must be typescript or javascript, got "python"$/,
    /^rnnlab: Cannot read text\.ipynb: .*JSON/,
  ].entries())
    assert.match(said[index] ?? "", pattern);
  assert.equal(said.length, 5);
});

test("rnnlab check with wrong arguments says what is wrong", (context) => {
  const { folder, check } = project(context);
  mkdirSync(join(folder, "empty"));
  for (const [args, expected, pattern] of [
    [[], 2, /^rnnlab: check takes notebooks or folders\n/],
    [["--format", "xml", "a.ipynb"], 2, /^rnnlab: --format must be text, json, github, got "xml"\n/],
    [["--format", "github", "--json", "a.ipynb"], 2, /^rnnlab: --json is --format json, got --format github/],
    [["--fast"], 2, /^rnnlab: Unknown option '--fast'/],
    [["missing.ipynb"], 1, /^rnnlab: Cannot find notebooks: there is no missing\.ipynb\n$/],
    [["empty"], 1, /^rnnlab: Cannot find notebooks: there are none in empty\n$/],
  ] as const) {
    const { status, stderr } = check(...args);
    assert.equal(status, expected, args.join(" "));
    assert.match(stderr, pattern);
  }
});
