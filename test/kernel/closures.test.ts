import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

test("a closure sees what a later cell assigns", async () => {
  await kernel().execute("let rate = 1;\nconst current = () => rate;");
  await kernel().execute("rate = 2;");
  assert.equal((await kernel().execute("current()")).result, "2");
});

test("a closure's assignment is seen by later cells", async () => {
  await kernel().execute("let hits = 0;\nfunction hit() { hits++; }");
  await kernel().execute("hit(); hit();");
  assert.equal((await kernel().execute("hits")).result, "2");
});

test("a function calls the latest definition of another", async () => {
  await kernel().execute("function inner() { return 1; }\nfunction outer() { return inner() * 10; }");
  await kernel().execute("function inner() { return 2; }");
  assert.equal((await kernel().execute("outer()")).result, "20");
});

test("an arrow function calls the latest definition of another", async () => {
  await kernel().execute("let step = (x: number) => x + 1;\nconst twice = (x: number) => step(step(x));");
  await kernel().execute("step = (x) => x + 10;");
  assert.equal((await kernel().execute("twice(0)")).result, "20");
});

test("a timer callback sees later assignments", async () => {
  await kernel().execute(
    "let flag = false;\nconst seen = new Promise<boolean>((resolve) => { const t = setInterval(() => { if (flag) { clearInterval(t); resolve(flag); } }, 5); });",
  );
  await kernel().execute("flag = true;");
  assert.equal((await kernel().execute("await seen")).result, "true");
});

test("an object is shared between cells by identity", async () => {
  await kernel().execute("const shared = { list: [1] };\nconst alias = shared.list;");
  await kernel().execute("alias.push(2);");
  assert.equal((await kernel().execute("shared.list.length")).result, "2");
});

test("a hot loop over a top-level variable ends", async () => {
  const cell = await kernel().execute("let s = 0;\nfor (let i = 0; i < 1e8; i++) s += i;\ns", {
    timeout: 60_000,
  });
  assert.equal(cell.result, "4999999950000000");
});

test("a hot loop over a variable of an earlier cell ends", async () => {
  await kernel().execute("let far = 0;");
  const cell = await kernel().execute("for (let i = 0; i < 1e8; i++) far += 1;\nfar", { timeout: 60_000 });
  assert.equal(cell.result, "100000000");
});
