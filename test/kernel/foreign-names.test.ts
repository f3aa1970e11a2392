import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernels = { typescript: useKernel(), javascript: useKernel({ language: "javascript" }) } as const;
const INSTEAD = "Cells run on Node.js, which has no Deno. Use node:fs/promises for its files, process.env";

test("a type of Deno's says it in TypeScript", async () => {
  const { traceback } = await kernels.typescript().execute("let file: Deno.FileInfo;");
  assert.match(traceback, /TS2503/);
  assert.ok(traceback.includes(INSTEAD), traceback);
});

for (const [language, kernel] of Object.entries(kernels)) {
  test(`in ${language} a cell for Deno says once what to use instead`, async () => {
    for (const code of [
      'const text = await Deno.readTextFile("a.txt");\nDeno.env.get("HOME");',
      "Deno.jupyter.html`<b>bold</b>`",
      'await Deno.jupyter.display({ "text/plain": "shown" }, { raw: true })',
      "const home = () => Deno.env;\nhome()",
      "// @ts-nocheck\nDeno.args",
    ]) {
      const cell = await kernel().execute(code);
      assert.equal(cell.status, "error");
      assert.equal(cell.traceback.split(INSTEAD).length, 2, cell.traceback);
      assert.ok(String(cell.error?.evalue).includes(INSTEAD), String(cell.error?.evalue));
      assert.equal(cell.reply.content.evalue, cell.error?.evalue);
    }
  });

  test(`in ${language} a user expression says it, too`, async () => {
    const cell = await kernel().execute("1", { user_expressions: { pid: "Deno.pid" } });
    assert.ok(JSON.stringify(cell.reply.content.user_expressions).includes(INSTEAD));
  });

  test(`in ${language} a Deno of the notebook's own is no matter`, async () => {
    const cell = await kernel().execute('var Deno = { version: "own" };\nDeno.version');
    assert.equal(cell.result, "'own'", cell.traceback);
    const wrong = await kernel().execute("Demo.version");
    assert.doesNotMatch(wrong.traceback, /Node\.js/);
  });
}

test("a module from an address, or of JSR, says in TypeScript what to do", async () => {
  for (const [code, instead] of [
    ['import { chunk } from "https://example.org/lodash.js";', "imports nothing from addresses. Install"],
    [
      'const lodash = await import("https://example.org/lodash.js");',
      "imports nothing from addresses. Install",
    ],
    ['import { chunk } from "jsr:@std/collections";', "Run npx jsr add with the package's name"],
  ] as const) {
    const { status, traceback } = await kernels.typescript().execute(code);
    assert.equal(status, "error");
    assert.equal(traceback.split(instead).length, 2, `${code}: ${traceback}`);
  }
});

test("$$ in TypeScript names the kernel that has it", async () => {
  const cell = await kernels.typescript().execute('$$.html("<b>bold</b>")');
  assert.match(cell.traceback, /\nOnly the kernel "JavaScript \(rnnlab\)" has \$\$$/);
  assert.equal((await kernels.javascript().execute('$$.text("shown")')).result, "shown");
});
