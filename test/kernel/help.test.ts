import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Dictionary, useKernel } from "../../tools/kernel-client/index.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-help-"));
after(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(
  join(folder, "units.ts"),
  "\nexport const toSeconds = (hours: number): number => hours * 3600;\n",
);

const kernel = useKernel({ cwd: folder });

/** Runs a question; gives the pager's data, undefined if there is no payload, and what was printed. */
async function ask(question: string): Promise<{ data: Record<string, string> | undefined; stdout: string }> {
  const cell = await kernel().execute(question);
  assert.equal(cell.status, "ok", cell.traceback);
  assert.deepEqual(cell.contents("execute_input")[0]?.code, question);
  const payload = cell.reply.content.payload as Dictionary[];
  if (payload.length === 0) return { data: undefined, stdout: cell.stdout };
  const [page] = payload;
  assert.deepEqual([payload.length, page?.source, page?.start], [1, "page", 0]);
  return { data: page?.data as Record<string, string>, stdout: cell.stdout };
}

for (const question of ["parseInt?", "?parseInt", "  parseInt?\n"]) {
  test(`${JSON.stringify(question)} shows signature and documentation in the pager`, async () => {
    const { data, stdout } = await ask(question);
    assert.match(data?.["text/plain"] ?? "", /parseInt\(string: string[\s\S]*Converts a string/);
    assert.match(data?.["text/markdown"] ?? "", /^```typescript\nfunction parseInt/);
    assert.doesNotMatch(data?.["text/plain"] ?? "", /Source:/);
    assert.equal(stdout, "");
  });
}

const declarations: [string, string, RegExp][] = [
  ["an arrow function", "/** Halves. */\nconst half = (n: number) => n / 2;", /n \/ 2/],
  ["a function", "function third(n: number) {\n  return n / 3; // a third\n}", /return n \/ 3; \/\/ a third/],
  ["a class", "class Cell {\n  units = 4;\n}", /units = 4/],
  ["a type", "type Shape = readonly [batch: number, units: number];", /readonly \[batch: number/],
  ["an object", "const settings = { rate: 0.1 };", /rate: 0\.1/],
];

for (const [what, code, source] of declarations) {
  test(`?? shows ${what} as an earlier cell has it`, async () => {
    await kernel().execute(`const unrelated = 1;\n${code}`);
    const name = /(?:const|function|class|type) (\w+)/.exec(code)![1]!;
    const text = (await ask(`${name}??`)).data?.["text/plain"] ?? "";
    assert.match(text.split("Source:\n")[1] ?? "", source);
    assert.doesNotMatch(text, /unrelated/);
  });
}

test("?? shows what a local module and a package declare, with file and line", async () => {
  await kernel().execute('import { toSeconds } from "./units";\nimport { basename } from "node:path";');
  const local = (await ask("toSeconds??")).data?.["text/plain"] ?? "";
  assert.match(local, /Source: .*units\.ts:2\n.*hours \* 3600/);
  assert.match((await ask("??basename")).data?.["text/plain"] ?? "", /Source: .*path\.d\.ts:\d+\n/);
});

test("inspection at level 1 shows the source, too", async () => {
  await kernel().execute("const quarter = (n: number) => n / 4;");
  const content = { code: "quarter(1)", cursor_pos: 3, detail_level: 1 };
  const reply = await kernel().request("shell", "inspect_request", content);
  assert.match((reply.content.data as Record<string, string>)["text/plain"] ?? "", /Source:\n.*n \/ 4/);
});

test("members have help", async () => {
  await kernel().execute("const gate = {\n  /** How much is kept. */\n  forget: 0.5,\n};");
  assert.match(
    (await ask("gate.forget?")).data?.["text/plain"] ?? "",
    /forget: number[\s\S]*How much is kept/,
  );
});

test("a question about nothing says so and is no error", async () => {
  const { data, stdout } = await ask("zzzUnknown?");
  assert.equal(data, undefined);
  assert.equal(stdout, "Nothing is called zzzUnknown\n");
});

test("a question counts and is in the history like any cell, and code with question marks is code", async () => {
  const before = await kernel().execute("1");
  const question = await kernel().execute("parseInt?");
  assert.equal(question.reply.content.execution_count, Number(before.reply.content.execution_count) + 1);
  const tail = { hist_access_type: "tail", n: 1, output: false, raw: true };
  const reply = await kernel().request("shell", "history_request", tail);
  assert.equal((reply.content.history as unknown[][])[0]?.[2], "parseInt?");
  assert.equal((await kernel().execute("const maybe = { n: 1 };\nmaybe?.n ?? 2")).result, "1");
  assert.equal((await kernel().execute("maybe ?\n 'yes' : 'no'")).result, "'yes'");
});

test("a question is complete, half a conditional is not", async () => {
  const status = async (code: string) =>
    (await kernel().request("shell", "is_complete_request", { code })).content.status;
  assert.deepEqual(await Promise.all(["maybe?", "?maybe.n", "maybe??", "maybe ?"].map(status)), [
    "complete",
    "complete",
    "complete",
    "incomplete",
  ]);
});

test("help() of rnnlab shows a page below the cell, and the cell has no value", async () => {
  const cell = await kernel().execute('import { fit, help } from "rnnlab";\nhelp(fit)');
  assert.equal(cell.status, "ok", cell.traceback);
  assert.deepEqual(cell.outputs, ["display_data"]);
  const data = cell.contents("display_data")[0]?.data as Record<string, string>;
  assert.match(
    data["text/markdown"] ?? "",
    /^\*\*fit\*\* of `rnnlab\/training`\n\n```typescript\nfunction fit<Keep extends KeepWeights \| undefined = undefined>\(/,
  );
  assert.match(data["text/plain"] ?? "", /^fit of rnnlab\/training\n/);
});
