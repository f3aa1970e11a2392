import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Execution, KernelClient, notebookFolder } from "../../tools/kernel-client/index.js";

const folder = notebookFolder("rnnlab-tsconfig-");
const kernels: KernelClient[] = [];
after(() => Promise.all(kernels.map((kernel) => kernel.dispose())));

/** A notebook in a folder of its own, whose files can be written at any time. */
async function notebookIn(name: string, files: Readonly<Record<string, object | string>> = {}) {
  const write = (file: string, content: object | string): void =>
    folder.write(`${name}/${file}`, typeof content === "string" ? content : JSON.stringify(content));
  write("notebook.ipynb", "");
  for (const [file, content] of Object.entries(files)) write(file, content);
  const path = join(folder.path, name);
  const kernel = await KernelClient.start({ cwd: path });
  kernels.push(kernel);
  return { path, write, run: (code: string): Promise<Execution> => kernel.execute(code) };
}

const options = (compilerOptions: object, rest: object = {}): object => ({ ...rest, compilerOptions });
const IMPLICIT_ANY = "const same = (a) => a;\nsame(1)";

test("a tsconfig that appears, is edited and is deleted is noticed by the next cell, and said once", async () => {
  const { path, write, run } = await notebookIn("edited");
  const file = join(path, "tsconfig.json");
  assert.equal((await run(IMPLICIT_ANY)).status, "ok");
  write("tsconfig.json", options({ strict: true }));
  const appeared = await run(IMPLICIT_ANY);
  assert.match(appeared.traceback, /TS7006/);
  assert.equal(appeared.stderr, `${file} is new: cells follow it from here on\n`);
  assert.equal((await run("1")).stderr, "");
  write("tsconfig.json", options({ strict: true, noImplicitAny: false }));
  const edited = await run(IMPLICIT_ANY);
  assert.equal(edited.status, "ok", edited.traceback);
  assert.equal(edited.stderr, `${file} has changed: cells follow it from here on\n`);
  rmSync(file);
  const deleted = await run("1");
  assert.equal(deleted.stderr, `${file} is gone: cells are checked by the kernel's own options\n`);
  assert.equal((await run("1")).stderr, "");
});

test("a tsconfig that breaks is said with its place, and what it said before holds", async () => {
  const { path, write, run } = await notebookIn("broken", { "tsconfig.json": options({ strict: true }) });
  await run("1");
  write("tsconfig.json", '{\n  "compilerOptions": {\n    "strict" false\n  }\n}');
  const broken = await run(IMPLICIT_ANY);
  assert.match(broken.traceback, /TS7006/);
  assert.ok(
    broken.stderr.startsWith(
      `Cells cannot follow ${path}/tsconfig.json, they keep the options that they have:\n  ${path}/tsconfig.json, line 3: ':' expected.\n`,
    ),
    broken.stderr,
  );
  assert.equal((await run("1")).stderr, "");
});

test("a tsconfig that is broken from the start is said with the first cell, which runs", async () => {
  const { run } = await notebookIn("broken-from-start", { "tsconfig.json": "{ compilerOptions: " });
  const cell = await run(IMPLICIT_ANY);
  assert.equal(cell.status, "ok", cell.traceback);
  assert.match(
    cell.stderr,
    /Cells cannot follow .*tsconfig\.json, they are checked by the kernel's own options/,
  );
});

test("an option that is wrong is said by its name and line, and the others hold", async () => {
  const { run } = await notebookIn("wrong", {
    "tsconfig.json": '{ "compilerOptions": {\n"stric": true,\n"target": "es1",\n"noImplicitAny": true } }',
  });
  const cell = await run(IMPLICIT_ANY);
  assert.match(cell.traceback, /TS7006/);
  assert.match(cell.stderr, /line 2: Unknown compiler option 'stric'\. Did you mean 'strict'\?/);
  assert.match(cell.stderr, /line 3: Argument for '--target' option must be/);
});

test("options that cells cannot follow are said once, by name, and those about files of a project are not", async () => {
  const { path, write, run } = await notebookIn("not-followed", {
    "tsconfig.json": options({
      module: "commonjs",
      verbatimModuleSyntax: true,
      preserveSymlinks: true,
      noUnusedLocals: true,
      outDir: "out",
      removeComments: true,
      noUncheckedIndexedAccess: true,
    }),
  });
  const told = (names: string): string =>
    `Cells do not follow these options of ${path}/tsconfig.json: ${names}\n`;
  assert.equal(
    (await run("const unused = 1;")).stderr,
    told("module, verbatimModuleSyntax, preserveSymlinks"),
  );
  assert.equal((await run("1")).stderr, "");
  write("tsconfig.json", options({ module: "nodenext", target: "esnext", customConditions: ["special"] }));
  assert.ok((await run("1")).stderr.endsWith(told("customConditions")));
});

test("what a tsconfig extends counts, in chains and from packages, and is noticed when it is edited", async () => {
  const { write, run } = await notebookIn("chain", {
    "tsconfig.json": { extends: ["./near.json", "far-config"] },
    "near.json": { extends: "./nearer.json" },
    "nearer.json": options({ noImplicitAny: true }),
    "node_modules/far-config/package.json": { name: "far-config", version: "1.0.0" },
    "node_modules/far-config/tsconfig.json": options({ strictNullChecks: true }),
  });
  assert.match((await run(IMPLICIT_ANY)).traceback, /TS7006/);
  assert.match((await run("/b/.exec('abc').index")).traceback, /TS2531|TS18047/);
  write("nearer.json", options({ noImplicitAny: false }));
  const edited = await run(IMPLICIT_ANY);
  assert.equal(edited.status, "ok", edited.traceback);
  assert.match(edited.stderr, /has changed/);
});

test("types that a tsconfig names are there for cells, as soon as they are installed", async () => {
  const { path, write, run } = await notebookIn("types", {
    "tsconfig.json": options({ types: ["node", "tc-globals", "./own"] }),
    "own.d.ts": "declare const ownGlobal: number;",
  });
  const missing = await run("const use = () => fromTypes; 1");
  assert.match(missing.traceback, /TS2304/);
  assert.equal(
    missing.stderr,
    `Cannot find the types "tc-globals" that ${path}/tsconfig.json names; run npm install --save-dev @types/tc-globals in ${path}\n`,
  );
  write("node_modules/@types/tc-globals/index.d.ts", "declare const fromTypes: number;");
  const cell = await run("const use = (): number => fromTypes + ownGlobal; process.pid > 0");
  assert.equal(cell.result, "true", cell.traceback);
  assert.equal(cell.stderr, "");
});

const NOTES = `const notes: unknown[] = [];
const note = (...args: unknown[]): void => void notes.push(args.length);
class Noted { @note field = 1; }
notes[0]`;

test("decorators are those of the standard or, where the tsconfig says so, those before it", async () => {
  const { write, run } = await notebookIn("decorators");
  assert.equal((await run(NOTES)).result, "2");
  write("tsconfig.json", options({ experimentalDecorators: true, emitDecoratorMetadata: true }));
  assert.equal((await run(`${NOTES.replace("= 1", "= 1 as number")}`)).result, "3");
  const metadata = await run(
    `Object.assign(Reflect, { metadata: (key: string, value: unknown) => () => console.log(key, value) });
class Typed { @note field: string = ""; }`,
  );
  assert.match(metadata.stdout, /design:type \[Function: String\]/);
  const ofCells = await run(
    `class Service {}
class Client {
  @note service!: Service;
  @note earlier!: Typed;
  @note self!: Client;
  @note call(by: Service, ..._: unknown[]): Typed { return this.earlier; }
}`,
  );
  assert.match(
    ofCells.stdout,
    /design:type \[class Service\]\n.*design:type \[class Typed\]\n.*design:type \[class Client\]/s,
  );
  assert.match(ofCells.stdout, /design:paramtypes \[ \[class Service\], \[Function: Object\] \]/);
});

test("class fields are assigned or defined as the tsconfig's target has it", async () => {
  const code = `class Base { set x(value: number) { console.log("set"); } }
class Derived extends Base { /** @ts-ignore */ x = 1; }
new Derived(); 1`;
  const { write, run } = await notebookIn("fields", { "tsconfig.json": options({ target: "es2020" }) });
  assert.match((await run(`// @ts-nocheck\n${code}`)).stdout, /set/);
  write("tsconfig.json", options({ target: "es2022" }));
  assert.equal((await run(`// @ts-nocheck\n${code}`)).stdout, "");
});

test("decorators of before the standard say which options they need, and run once these are set", async () => {
  const { write, run } = await notebookIn("older-decorators");
  const cells = {
    "of a class": "function older(type: Function, key: string): void {}\n@older class Table {}",
    "of a field": "function column(target: object, key: string): void {}\nclass Film { @column title = ''; }",
    "of a method":
      "function route(target: object, key: string, at: PropertyDescriptor): void {}\nclass Page { @route get() {} }",
    "of a parameter":
      "function inject(...all: unknown[]): void {}\nclass Car { constructor(@inject engine: object) {} }",
  };
  for (const [name, code] of Object.entries(cells)) {
    const { traceback } = await run(code);
    assert.match(traceback, /"experimentalDecorators": true, "emitDecoratorMetadata": true/, name);
  }
  write(
    "tsconfig.json",
    options({ strict: false, experimentalDecorators: true, emitDecoratorMetadata: true }),
  );
  for (const [name, code] of Object.entries(cells).slice(1)) {
    const { status, traceback } = await run(code);
    assert.equal(status, "ok", `${name}: ${traceback}`);
  }
  const refused = await run(cells["of a class"]);
  assert.match(refused.traceback, /TS1238/);
  assert.doesNotMatch(refused.traceback, /emitDecoratorMetadata/);
});
