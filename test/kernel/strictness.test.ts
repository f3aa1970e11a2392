import assert from "node:assert/strict";
import { test } from "node:test";
import { type Execution, notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const folder = notebookFolder("rnnlab-strictness-");
folder.write("shapes.ts", "export function area(w, h) { return w * h }\nexport const side: number = null;\n");
folder.write("broken.ts", 'export const side: number = "text";\n');
const kernel = useKernel({ cwd: folder.path });

/** What is displayed below a cell besides its result, as text and as HTML. */
function notes(cell: Execution): { readonly text: string; readonly html: string }[] {
  return cell.contents("display_data").map(({ data }) => {
    const bundle = data as Record<string, string>;
    return { text: bundle["text/plain"] ?? "", html: bundle["text/html"] ?? "" };
  });
}

for (const [what, code, result, finding] of [
  [
    "an implicit any",
    "function sum(a: number, b) { return a + b }\nsum(1, 2)",
    "3",
    "line 1, column 25: TS7006",
  ],
  ["a possibly null value", "/b/.exec('abc').index", "1", "line 1, column 1: TS2531"],
  ["a possibly undefined one", "[1, 2].find((n) => n > 1).toFixed(1)", "'2.0'", "line 1, column 1: TS2532"],
  ["null for a value", "let when: Date = null;\nwhen", "null", "line 1, column 5: TS2322"],
  ["an index by any string", 'const ages = { ann: 3 }; const who: string = "ann"; ages[who]', "3", "TS7053"],
  ["a field without a value", "class Box { width: number }\nnew Box().width === undefined", "true", "TS2564"],
  ["an unknown error", 'try { throw new Error("e1") } catch (e) { e.message }', undefined, "TS18046"],
  ["an implicit this", "function me() { return this.x }\nme.call({ x: 4 })", "4", "TS2683"],
  ["a wide callback", "const on: (x: string | number) => void = (x: string) => {};\n5", "5", "TS2322"],
  ["a call's argument", "const f2 = (x: number) => x; f2.call(null, 'a')", "'a'", "TS2345"],
] as const) {
  test(`without a tsconfig ${what} does not stop a cell, and is shown below it`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "ok", cell.traceback);
    assert.equal(cell.result, result);
    const [note, ...others] = notes(cell);
    assert.ok(note?.text.includes(finding), note?.text);
    assert.deepEqual(others, []);
  });
}

for (const [what, code, message] of [
  ["a wrong type", 'const n: number = "text";', /^Cell In\[\d+\], line 1\n +column 7.*TS2322/s],
  ["a missing property", "({ a: 1 }).b", /TS2339/],
  ["an unknown name", "nobodyHasDeclaredThis", /TS2304/],
  ["too few arguments", "Math.pow(1)", /TS2554/],
  ["an assignment to a constant", "const fixed = 1;\nfixed = 2;", /TS2588/],
] as const) {
  test(`without a tsconfig ${what} stops a cell`, async () => {
    const cell = await kernel().execute(`console.log("ran");\n${code}`.replace(/^.*\n(?=const n)/, ""));
    assert.equal(cell.status, "error");
    assert.equal(cell.stdout, "");
    assert.match(cell.traceback, message);
    assert.deepEqual(notes(cell), []);
  });
}

test("a cell with both is stopped, and told only what stops it", async () => {
  const cell = await kernel().execute('function pick(list) { return list[0] }\nconst n: number = "text";');
  assert.match(cell.traceback, /line 2\n +column 7/);
  assert.doesNotMatch(cell.traceback, /TS7006/);
});

test("what a comment has TypeScript ignore neither stops a cell nor is shown", async () => {
  const cell = await kernel().execute(
    'const wide = (x) => {\n  // @ts-ignore\n\n  // is fine\n  const n: number = "text";\n  return n + x;\n};\nwide(1)',
  );
  assert.equal(cell.result, "'text1'", cell.traceback);
  assert.equal(notes(cell).length, 1);
});

test("what stops code only with the strict options off does not stop a cell", async () => {
  const cell = await kernel().execute(`type NotNull<T> = undefined extends T ? never : T;
function wanted<T>(value: NotNull<T>): T { return value as T; }
const half = (n) => n / 2;
wanted<number>(half(4))`);
  assert.equal(cell.result, "2", cell.traceback);
});

test("the note is short as text, and folds as HTML, with the lines of code", async () => {
  const cell = await kernel().execute("const f = (a, b, c, d, e) => a < b;\nf(1, 2, 3, 4, 5)");
  assert.deepEqual(cell.outputs, ["execute_result", "display_data"]);
  const [note] = notes(cell);
  const lines = note?.text.split("\n") ?? [];
  assert.equal(lines[0], "Strict type checks found 5 things here, and did not stop the cell.");
  assert.deepEqual(
    lines.slice(1, 5).map((line) => line.slice(0, 26)),
    [
      "  line 1, column 12: TS700",
      "  line 1, column 15: TS700",
      "  line 1, column 18: TS700",
      "  … and 2 more",
    ],
  );
  assert.equal(lines.length, 6);
  for (const setting of [
    "// @rnnlab strict",
    "RNNLAB_STRICT=1",
    '"strict": true in tsconfig.json',
    "// @ts-nocheck",
  ]) {
    assert.ok(lines[5]?.includes(setting), setting);
    assert.ok(note?.html.includes(setting), setting);
  }
  assert.match(note?.html ?? "", /^<details><summary>Strict type checks found 5 things.*<\/details>$/s);
  assert.match(note?.html ?? "", /\| const f = \(a, b, c, d, e\) =&gt; a &lt; b;\n/);
  assert.equal(note?.html.match(/TS7006/g)?.length, 5);
});

test("a cell that throws shows what strict checks have found, too", async () => {
  const cell = await kernel().execute("const first = (list) => list[0].x;\nfirst([])");
  assert.deepEqual(cell.outputs, ["display_data", "error"]);
  assert.match(cell.traceback, /^TypeError/);
});

test("a silent cell shows nothing", async () => {
  const cell = await kernel().execute("function quiet(a) { return a }", { silent: true });
  assert.deepEqual(cell.outputs, []);
});

test("what an earlier cell has made is known by its types with strict options off, too", async () => {
  const made = await kernel().execute(`const state = { items: [], current: null, pairs: [[]] };
class Tree { left = null; constructor(public size: number) {} async rows() { return []; } }
const nothing = () => null;
export const [low, names] = [undefined, []];`);
  assert.equal(made.status, "ok", made.traceback);
  const used = await kernel().execute(`state.items.push(1);
state.current = { at: 1 };
state.pairs[0].push("a");
const tree = new Tree(2);
tree.left = new Tree(1);
(await tree.rows()).push(3);
names.push("Ann");
const sizes = [tree.left.size, state.current.at, names.length];
let value = nothing();
value = 3;`);
  assert.equal(used.status, "ok", used.traceback);
  assert.match(notes(used)[0]?.text ?? "", /TS2345: Argument of type '1' is not assignable/);
  const later = await kernel().execute("tree.left.size.toFixed(1) + sizes");
  assert.equal(later.result, "'1.01,1,1'", later.traceback);
  const wrong = await kernel().execute("state.missing = 1;\nnew Tree('2');");
  assert.match(wrong.traceback, /line 1\n +column 7.*TS2339.*line 2\n +column 10.*TS2345/s);
});

test("a type of an earlier cell is one and the same in both checks", async () => {
  await kernel().execute(
    "class Account { #total = 0; add(n: number): this { this.#total += n; return this; } }",
  );
  await kernel().execute("type Accounts = Map<string, Account>;\nconst accounts: Accounts = new Map();");
  await kernel().execute(
    "function open(name: string): Account { const made = new Account(); accounts.set(name, made); return made; }",
  );
  const cell = await kernel().execute(
    'const same: Account = accounts.get("ann") ?? open("ann");\nconst all: Accounts = accounts;\nall.get("ann").add(1) === same',
  );
  assert.equal(cell.result, "true", cell.traceback);
  assert.equal(notes(cell).length, 1);
});

test("types, completion and help keep null apart", async () => {
  await kernel().execute("const found = [1].find((n) => n > 0);");
  const help = await kernel().request("shell", "inspect_request", { code: "found", cursor_pos: 2 });
  assert.match(JSON.stringify(help.content), /const found: number \| undefined/);
});

test("a local module's strict errors are shown once, below the cell that imports it first", async () => {
  const code = 'import { area } from "./shapes";\narea(2, 3)';
  const first = await kernel().execute(code);
  assert.equal(first.result, "6", first.traceback);
  assert.match(notes(first)[0]?.text ?? "", /shapes\.ts, line 1, column 22: TS7006/);
  assert.match(notes(first)[0]?.text ?? "", /shapes\.ts, line 2, column 14: TS2322/);
  const other = await kernel().execute('import { side } from "./shapes";\nside');
  assert.deepEqual(other.outputs, ["execute_result"]);
  assert.equal(notes(await kernel().execute(code)).length, 1, "when that cell runs again");
});

test("a local module's other type errors stop the cell", async () => {
  const cell = await kernel().execute('import { side } from "./broken";');
  assert.match(cell.traceback, /broken\.ts, line 1, column 14.*TS2322/s);
});

test("@rnnlab strict at the start of a cell has strict checks stop it, and no other cell", async () => {
  const strict = await kernel().execute("// @rnnlab strict\nfunction one(a) { return a }");
  assert.match(strict.traceback, /^Cell In\[\d+\], line 2\n +column 14.*TS7006/s);
  assert.equal((await kernel().execute("function two(a) { return a }")).status, "ok");
  const fine = await kernel().execute("// @rnnlab strict\nfunction one(a: number) { return a }\none(3)");
  assert.equal(fine.result, "3", fine.traceback);
});

test("@ts-nocheck at the start of a cell shows nothing", async () => {
  const cell = await kernel().execute("// @ts-nocheck\nconst n = (a) => a.b.c;\nn({ b: { c: 2 } })");
  assert.deepEqual(cell.outputs, ["execute_result"]);
});

test("a request that the kernel does not know is told, and the cell runs", async () => {
  const cell = await kernel().execute("// @rnnlab stricter please\n7");
  assert.equal(cell.result, "7", cell.traceback);
  assert.match(cell.stderr, /^Cannot follow the comment "\/\/ @rnnlab stricter please": it must be/);
});

test("the note keeps the lines of code as they are, and breaks long messages", async () => {
  const cell = await kernel().execute('const prices = {};\nconst what: string = "tea";\nprices[what]');
  const [note] = notes(cell);
  const [, code = "", message = ""] =
    /<pre style="([^"]*)">[\s\S]*<span style="([^"]*)">TS7053: Element/.exec(note?.html ?? "") ?? [];
  assert.match(code, /white-space: pre;/);
  assert.match(message, /white-space: pre-wrap/);
});

test("of a very long line the note shows what is around the place", async () => {
  const cell = await kernel().execute(
    `/* ${"x".repeat(50_000)} */ const long = (a) => a; /* ${"y".repeat(50_000)} */`,
  );
  const [note] = notes(cell);
  assert.ok((note?.html.length ?? 0) < 2_000, String(note?.html.length));
  const lines = note?.html.split("\n") ?? [];
  const shown = lines.find((line) => line.includes("const long = (a) =&gt; a")) ?? "";
  const marker = lines[lines.indexOf(shown) + 1] ?? "";
  assert.equal(marker.indexOf("^"), shown.indexOf("(a)") + 1);
  assert.ok(marker.length < 80, "the marker is in sight");
});
