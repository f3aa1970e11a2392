import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, useKernel } from "./client";

const kernel = useKernel();

interface Completion {
  readonly matches: string[];
  readonly start: number;
  readonly end: number;
  readonly types: { text: string; type: string; start: number; end: number }[];
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
  ["a member after an emoji", 'const face = "😀";', 'const a = "😀😀"; face.char|', "charAt", 21],
];

for (const [what, earlier, text, match, start] of cases) {
  test(`completion offers ${what}`, async () => {
    if (earlier !== "") assert.equal((await kernel().execute(earlier)).status, "ok");
    const completion = await complete(text);
    assert.ok(completion.matches.includes(match), completion.matches.slice(0, 20).join());
    assert.equal(completion.start, start);
    assert.equal(completion.end, [...text.split("|")[0]!].length);
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
