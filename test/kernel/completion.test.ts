import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

interface Completion {
  readonly matches: string[];
  readonly start: number;
  readonly end: number;
  readonly types: { text: string; type: string; signature: string; start: number; end: number }[];
}

/** Completes at the bar in `text`. The offset is in code points, as the protocol has it. */
async function complete(text: string): Promise<Completion> {
  const [before, after] = text.split("|");
  const content = { code: `${before}${after ?? ""}`, cursor_pos: [...before!].length };
  const reply = await kernel().request("shell", "complete_request", content);
  const metadata = reply.content.metadata as Dictionary;
  return {
    matches: reply.content.matches as string[],
    start: Number(reply.content.cursor_start),
    end: Number(reply.content.cursor_end),
    types: (metadata._jupyter_types_experimental ?? []) as Completion["types"],
  };
}

const cases: [string, string, string, string, number][] = [
  // what, earlier cell, text, a match, the start of what it replaces
  ["a global", "", "conso|", "console", 0],
  ["a keyword", "", "awai|", "await", 0],
  ["a member of a global", "", "Math.ma|", "max", 5],
  ["a member after a dot", "", "JSON.|", "parse", 5],
  ["a name of an earlier cell", "const learningRate = 1;", "learn|", "learningRate", 0],
  ["a member of an earlier value", "const net = { units: 3, bias: true };", "net.un|", "units", 4],
  [
    "a member of an earlier class",
    "class Layer { activate() { return 1; } }",
    "new Layer().act|",
    "activate",
    12,
  ],
  [
    "a member of an import of the same cell",
    "",
    'import * as path from "node:path";\npath.base|',
    "basename",
    40,
  ],
  ["a name to import", "", 'import { readF| } from "node:fs";', "readFile", 9],
  [
    "a member inside a function of the cell",
    "",
    "function f(s: string) { return s.toUpp| }",
    "toUpperCase",
    33,
  ],
  ["a string-literal argument", 'function run(mode: "train" | "test") {}', 'run("tr|")', "train", 5],
  [
    "a key of an object literal",
    "function opt(o: { epochs: number; verbose?: boolean }) {}",
    "opt({ ep| })",
    "epochs",
    6,
  ],
  ["a type", "interface Hyper { rate: number }", "let h: Hyp|", "Hyper", 7],
  ["a member with a syntax error elsewhere", "const okay = [1];", "let x = (;\nokay.ma|", "map", 16],
  [
    "a member of a namespace of a package",
    "",
    'import * as fs from "node:fs";\nfs.promises.readF|',
    "readFile",
    43,
  ],
  ["a private member by its #", "", "class P { #own = 1; f() { return this.#o| } }", "#own", 38],
  ["an inherited member after this", "", "class Q extends Map { f() { this.si| } }", "size", 33],
  ["a member after an optional chain", "let maybe: { deep: number } | undefined;", "maybe?.de|", "deep", 7],
  ["a member in an open template", "const net2 = { units: 3 };", "`${net2.un|", "units", 8],
  ["a name that needs brackets", 'const odd = { "a-b": 1 };', 'odd["a-|"]', "a-b", 5],
  ["an enum member", "enum Cell { Lstm, Gru }", "Cell.Gr|", "Gru", 5],
  ["a property to destructure", "const pair = { left: 1, right: 2 };", "const { ri| } = pair;", "right", 8],
  ["a type's constraint", "interface Bounded { b: 1 }", "function g<T extends Bou|>(x: T) {}", "Bounded", 21],
  ["a key of a type", "interface Keyed { units: 1 }", 'let k: Keyed["un|"]', "units", 14],
  ["a decorator", "function traced(f: Function, c: ClassMethodDecoratorContext) {}", "@tra|", "traced", 1],
  ["a subpath of a builtin", "", 'import * as f from "node:fs/pro|"', "node:fs/promises", 20],
  ["a member after an emoji", 'const face = "😀";', 'const a = "😀😀"; face.char|', "charAt", 21],
];

for (const [what, earlier, text, match, start] of cases) {
  test(`completion offers ${what}`, async () => {
    if (earlier !== "") assert.equal((await kernel().execute(earlier)).status, "ok");
    const completion = await complete(text);
    assert.ok(completion.matches.includes(match), completion.matches.slice(0, 20).join());
    assert.equal(completion.start, start);
    assert.equal(completion.end, [...text.split("|")[0]!].length);
    assert.equal(new Set(completion.matches).size, completion.matches.length, "a match stands twice");
  });
}

test("completion tells the kind of each match", async () => {
  const { types, matches, start, end } = await complete("Math.ma|");
  assert.deepEqual(
    types.map((entry) => entry.text),
    matches,
  );
  const max = types.find((entry) => entry.text === "max");
  assert.ok(max);
  assert.match(max.type, /method|function/);
  assert.deepEqual([max.start, max.end], [start, end]);
});

test("completion tells the signature of what can be called", async () => {
  await kernel().execute(
    "function scale(x: number, by: number): number { return x * by; }\nconst scales = [1];",
  );
  const { types } = await complete("scal|");
  const signatures = types.map(({ text, type, signature }) => [text, type, signature]);
  assert.deepEqual(signatures, [
    ["scale", "function", "(x: number, by: number): number"],
    ["scales", "variable", ""],
  ]);
});

test("completion has kinds for which VS Code has icons", async () => {
  await kernel().execute(
    "enum Colour { Red }\ntype Kind = 1;\ninterface Kin { a: 1 }\nclass Kine { m() {} p = 1; get g() { return 1; } }\nconst kine = new Kine();\nnamespace Kindle { export const a = 1; }",
  );
  const kinds = async (code: string) =>
    Object.fromEntries((await complete(code)).types.map(({ text, type }) => [text, type]));
  const { Kin, Kind, Kine, kine } = await kinds("let k: Kin|");
  assert.deepEqual([Kin, Kind, Kine, kine], ["interface", "interface", "class", undefined]);
  assert.equal((await kinds("Kindl|")).Kindle, "module");
  assert.deepEqual(await kinds("kine.|"), { m: "method", p: "property", g: "property" });
  assert.deepEqual(await kinds("Colour.|"), { Red: "enumMember" });
  assert.equal((await kinds("kin|")).kine, "variable");
  assert.equal((await kinds("Colou|")).Colour, "enum");
  assert.equal((await kinds("typ|")).typeof, "keyword");
  assert.equal((await kinds("let s: strin|")).string, "keyword");
  assert.equal((await kinds("const f = <Typed,>(x: Type|) => x")).Typed, "typeParameter");
  assert.equal((await kinds('import "node:f|"'))["node:fs"], "module");
});

test("completion leaves out what cannot be written after a dot", async () => {
  await kernel().execute('const keys = { plain: 1, "not-plain": 2, "3rd": 3 };');
  assert.deepEqual((await complete("keys.|")).matches, ["plain"]);
});

for (const text of [
  "// Mat|",
  "/* Mat| */",
  '"Mat|"',
  "`Mat|`",
  "/Mat|/",
  "12|",
  "const Mat|",
  "class Mat|",
]) {
  test(`completion offers nothing in ${text}`, async () => {
    assert.deepEqual((await complete(text)).matches, []);
  });
}

test("completion replaces the whole word that the cursor is in", async () => {
  const { matches, start, end } = await complete("Math.fl|oor(1)");
  assert.ok(matches.includes("floor"));
  assert.deepEqual([start, end], [5, 10]);
});

test("completion takes a cursor behind the end for the end", async () => {
  const reply = await kernel().request("shell", "complete_request", { code: "Math.flo", cursor_pos: 99 });
  assert.deepEqual(reply.content.matches, ["floor"]);
  assert.deepEqual([reply.content.cursor_start, reply.content.cursor_end], [5, 8]);
});

test("completion never names the modules that cells are to the compiler", async () => {
  await kernel().execute("class Hidden { h = 1 }\nfunction hide(h: Hidden): Hidden { return h; }");
  // The function's type is now that of a class that has no name any more.
  await kernel().execute("class Hidden { anew = 1 }");
  for (const text of ["__|", 'import "./|"', "Hidd|", "hid|", "|"]) {
    const { matches, types } = await complete(text);
    assert.doesNotMatch(JSON.stringify([matches, types]), /__(cell|globals|rnnlab)/);
  }
});

test("completion of import specifiers offers builtins and the kernel's packages", async () => {
  assert.ok((await complete('import * as x from "node:f|"')).matches.some((match) => match.endsWith("fs")));
  assert.ok(
    (await complete('import * as x from "rnn|"')).matches.some((match) => match.startsWith("rnnlab")),
  );
});

test("completion of a name that nothing has is empty and names the cursor", async () => {
  const completion = await complete("const q = 1; zzzqqq|");
  assert.deepEqual(completion.matches, []);
});

test("completion inside a comment and of an empty cell is answered", async () => {
  await complete("// conso|");
  await complete("|");
});

test("completion does not insert names of modules that are not imported", async () => {
  const { matches } = await complete("readFileSyn|");
  assert.ok(!matches.includes("readFileSync"), matches.join());
});

test("completion does not run getters", async () => {
  await kernel().execute(
    'const trap = { get boom(): number { console.log("ran"); throw new Error("ran"); } };',
  );
  const completion = await complete("trap.bo|");
  assert.ok(completion.matches.includes("boom"));
  assert.equal((await kernel().execute("1")).stdout, "");
});

test("every module of this package that is offered can be imported", async () => {
  const { matches } = await complete('import {} from "rnnlab/|";');
  assert.ok(matches.includes("rnnlab/training"), matches.join());
  const code = `for (const name of ${JSON.stringify(matches)}) await import(name);`;
  assert.equal((await kernel().execute(code)).status, "ok");
});
