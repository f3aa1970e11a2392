import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Execution, KernelClient, notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const folder = notebookFolder("rnnlab-unchecked-modules-");
folder.write("loose.ts", "export class Person { constructor(readonly name) {} }\n");
folder.write("wrong.ts", 'export const size: number = "text";\n');
folder.write("through.ts", 'export { Person as Someone } from "./loose";\n');
const kernel = useKernel({ cwd: folder.path });

test("an unchecked cell shows nothing of the modules that it imports, and runs whatever their types", async () => {
  for (const code of [
    'import { Person } from "./loose";\nnew Person("Ann").name',
    'import { Someone } from "./through";\nnew Someone("Ann").name',
    'import { size } from "./wrong";\nsize',
    'const { size: later } = await import("./wrong");\nlater',
  ]) {
    const cell = await kernel().execute(`// @ts-nocheck\n${code}`);
    assert.deepEqual(cell.outputs, ["execute_result"], `${code}\n${cell.traceback}`);
  }
});

test("a checked cell is told of such a module, also after an unchecked one", async () => {
  const told = await kernel().execute('import { Person } from "./loose";\nnew Person("Ann").name');
  assert.deepEqual(told.outputs, ["execute_result", "display_data"]);
  const stopped = await kernel().execute('import { size } from "./wrong";\nsize');
  assert.match(stopped.traceback, /wrong\.ts, line 1, column 14.*TS2322/s);
});

test("a module that does not parse stops an unchecked cell", async () => {
  folder.write("broken.ts", "export const a = (;\n");
  const cell = await kernel().execute('// @ts-nocheck\nimport { a } from "./broken";');
  assert.equal(cell.error?.ename, "SyntaxError");
  assert.match(cell.traceback, /broken\.ts, line 1, column 19/);
});

for (const comment of [
  "// @ts-nocheck",
  "/// @ts-nocheck",
  "//@ts-nocheck: not today",
  "// Made elsewhere\n\n// @ts-nocheck",
]) {
  test(`${JSON.stringify(comment)} has a cell unchecked`, async () => {
    const cell = await kernel().execute(`${comment}\nspare = (a) => a.b.c;\ntypeof spare`);
    assert.equal(cell.result, "'function'", cell.traceback);
    assert.deepEqual(cell.outputs, ["execute_result"]);
  });
}

let forgiving: KernelClient;
before(async () => {
  folder.write("forgiving/tsconfig.json", '{ "compilerOptions": { "strict": false } }');
  forgiving = await KernelClient.start({ cwd: `${folder.path}/forgiving` });
});
after(() => forgiving.dispose());

for (const [what, name, text, isStopped] of [
  ["a module that is not to be checked", "quiet.ts", "// @ts-nocheck\nexport const f = (a) => a.b;", false],
  [
    "a module in JavaScript",
    "plain.js",
    "export const f = (a) => a.b; export const g = () => f({}).c;",
    false,
  ],
  ["one in JavaScript that is to be checked", "asked.js", "// @ts-check\nexport const f = (a) => a.b;", true],
  ["one in TypeScript", "typed.ts", "export const f = (a) => a.b;", true],
] as const) {
  test(`@rnnlab strict ${isStopped ? "checks" : "leaves alone"} ${what}`, async () => {
    folder.write(`forgiving/${name}`, text);
    const cell: Execution = await forgiving.execute(
      `// @rnnlab strict\nimport { f } from "./${name}";\nf.length`,
    );
    assert.equal(cell.status, isStopped ? "error" : "ok", cell.traceback);
    if (isStopped) assert.match(cell.traceback, /TS7006/);
    else assert.deepEqual(cell.outputs, ["execute_result"]);
  });
}
