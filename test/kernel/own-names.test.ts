import assert from "node:assert/strict";
import { test } from "node:test";
import { notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const { path: folder, write, writePackage } = notebookFolder("rnnlab-own-names-");
const kernel = useKernel({ cwd: folder });

/** Code that asks for names which it has not declared, and assigns one. */
const NOSY = `function ask() { return [typeof total, typeof React, typeof define, typeof fromCell].join(); }
function read() { try { return total; } catch (error) { return error.name; } }`;
writePackage("on-script", {}, { "index.js": `${NOSY}\nObject.assign(exports, { ask, read });` });
writePackage(
  "on-module",
  { type: "module", exports: "./index.js" },
  { "index.js": `${NOSY}\nexport { ask, read };` },
);
writePackage(
  "on-sloppy",
  {},
  { "index.js": "exports.assign = () => { total = 99; var { fromCell } = {}; };" },
);
write("mine.js", `${NOSY}\nObject.assign(exports, { ask, read });`);

async function resultOf(code: string): Promise<string> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "ok", `${code}\n${cell.traceback}`);
  return String(cell.result);
}

test("packages and local modules do not see a notebook's names, whenever they are declared", async () => {
  const imports = ["on-script", "on-module", "./mine.js"].map(
    (name, index) => `import * as nosy${index} from "${name}";`,
  );
  await resultOf(`// @ts-nocheck\n${imports.join("\n")}`);
  await resultOf("let total = 1; const React = {}; function define() {} class fromCell {}");
  for (const index of [0, 1, 2]) {
    assert.equal(
      await resultOf(`// @ts-nocheck\nnosy${index}.ask()`),
      "'undefined,undefined,undefined,undefined'",
    );
    assert.equal(await resultOf(`// @ts-nocheck\nnosy${index}.read()`), "'ReferenceError'");
  }
});

test("a script that assigns an undeclared name makes a global of it, and leaves the notebook's variable", async () => {
  await resultOf("let total = 1;");
  const code = '// @ts-nocheck\nimport { assign } from "on-sloppy"; assign();';
  assert.equal(await resultOf(`${code}\n[total, globalThis.total].join()`), "'1,99'");
  assert.equal(await resultOf("total += 1; total"), "2");
});

test("functions and classes of a notebook have the names that they were given", async () => {
  const code = `const arrow = () => 1; function plain() {} class Thing {} let later: any; later ??= () => 2;
let { inner = () => 3 } = {} as any; let item: any; [item = class {}] = [] as any; let kept: any; ({ kept = () => 4 } = {} as any);
[arrow, plain, Thing, later, inner, item, kept].map(({ name }) => name).join()`;
  assert.equal(await resultOf(code), "'arrow,plain,Thing,later,inner,item,kept'");
  assert.equal(
    await resultOf("({ arrow, plain })"),
    "{ arrow: [Function: arrow], plain: [Function: plain] }",
  );
});

test("messages, and code that is printed, have names as they were written", async () => {
  await resultOf("const model: any = {}; const use = () => model.units;");
  const wrong = await kernel().execute("model.fit()");
  assert.equal(wrong.reply.content.evalue, "model.fit is not a function");
  const caught = "let said = ''; try { model.fit() } catch (error: any) { said = error.message }\n";
  assert.equal(await resultOf(`${caught}said === "model.fit is not a function"`), "true");
  const pattern = "try { model.fit() } catch ({ message }: any) { said = message }\n";
  assert.equal(await resultOf(`said = "";\n${pattern}said === "model.fit is not a function"`), "true");
  assert.equal(await resultOf("use.toString()"), "'() => model.units'");
  assert.equal((await kernel().execute("console.log(String(use))")).stdout, "() => model.units\n");
});

test("what a cell only declares is the global of that name, unless the notebook has such a variable", async () => {
  await resultOf("Object.assign(globalThis, { given: 5 });");
  assert.equal(await resultOf("declare const given: number; given"), "5");
  assert.equal(await resultOf("given + 1"), "6");
  assert.equal(await resultOf("let known: unknown = 7;"), "undefined");
  assert.equal(await resultOf("declare let known: number; known"), "7");
  assert.equal(await resultOf("known + 1"), "8");
});
