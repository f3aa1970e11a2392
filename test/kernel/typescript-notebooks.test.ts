import assert from "node:assert/strict";
import { test } from "node:test";
import { useJupyterHome } from "../../tools/kernel-client/index.js";
import { executedOnce, type Output, textOf } from "../../tools/kernel-client/nbconvert.js";

const home = useJupyterHome();

/** A cell, and what it must put out; a note of what only strict checks find is "note". */
type Step = readonly [source: string, ...outputs: readonly string[]];

/** Notebooks in the style of those that people have written for other kernels of TypeScript, with what each cell puts out. */
const notebooks: Record<string, readonly Step[]> = {
  "a lesson on classes for tslab": [
    [
      "interface Shape { readonly name: string; area(): number }\nclass Circle implements Shape {\n  static readonly unit = new Circle(1);\n  name = 'circle';\n  constructor(private radius: number) {}\n  area() { return Math.PI * this.radius ** 2; }\n}\nCircle.unit.area().toFixed(2)",
      "'3.14'",
    ],
    [
      "abstract class Animal { abstract sound(): string; speak() { console.log(this.sound()); } }\nclass Cat extends Animal { sound() { return 'meow' } }\nnew Cat().speak();",
      "meow\n",
    ],
    ["enum Colour { Red, Green = 5 }\nconsole.log(Colour[0], Colour.Green);", "Red 5\n"],
    ["function first<T>(list: T[]): T | undefined { return list[0] }\nfirst(['a', 'b'])", "'a'"],
    ["let shapes: Shape[] = [new Circle(2)];\nshapes.map((s) => s.name)", "[ 'circle' ]"],
    ["class Circle { get d() { return 2 } static readonly unit = new Circle() }\nCircle.unit.d", "2"],
    [
      "namespace Geometry { export const full = 360; export const half = () => full / 2 }\nGeometry.half()",
      "180",
    ],
    ["function add(a, b) { return a + b }\nadd(1, 2)", "3", "note"],
    ["let best = null;\nfor (const n of [3, 9, 4]) if (best === null || n > best) best = n;\nbest", "9"],
    ["let best = 'declared again';\nbest.length", "14"],
  ],
  "a data scientist's notebook for tslab: files, groups, displays": [
    [
      "import * as fs from 'fs';\nimport * as tslab from 'tslab';\nfs.writeFileSync('people.csv', 'name,age,city\\nAnn,31,Oslo\\nBob,25,Rome\\nCyd,47,Oslo\\n');",
    ],
    [
      "const [, ...lines] = fs.readFileSync('people.csv', 'utf8').trim().split('\\n');\nconst rows = lines.map((line) => { const [name, age, city] = line.split(','); return { name, age: +age!, city }; });\nrows.length",
      "3",
    ],
    [
      "const groups: { [city: string]: typeof rows } = {};\nfor (const row of rows) (groups[row.city] ??= []).push(row);\nObject.keys(groups)",
      "[ 'Oslo', 'Rome' ]",
    ],
    [
      "const mean = xs => xs.reduce((a, b) => a + b, 0) / xs.length;\nmean(rows.map((r) => r.age)).toFixed(1)",
      "'34.3'",
      "note",
    ],
    ["tslab.display.html('<b>' + rows.length + '</b>');", "text/html: <b>3</b>"],
    [
      "tslab.display.markdown('# Title'); const place = tslab.newDisplay(); place.text('old'); place.text('new');",
      "text/markdown: # Title",
      "new",
    ],
    ["const { promisify } = require('util');\n(await promisify(fs.readFile)('people.csv')).length", "50"],
  ],
  "a notebook for Deno: modules, streams, values that show themselves": [
    ["import { join } from 'node:path';\njoin('a', 'b')", "'a/b'"],
    [
      "async function* words(text: string) { for (const word of text.split(' ')) { await null; yield word; } }\nfor await (const word of words('a stream of words')) console.log(word);",
      "a\nstream\nof\nwords\n",
    ],
    [
      "class Badge { constructor(readonly text: string) {} [Symbol.for('Jupyter.display')]() { return { 'text/html': '<b>' + this.text + '</b>' } } }\nnew Badge('new')",
      "text/html: <b>new</b>",
    ],
    [
      "const reader = new ReadableStream<string>({ start(c) { c.enqueue('chunk'); c.close(); } }).getReader();\n(await reader.read()).value",
      "'chunk'",
    ],
    ["try { JSON.parse('{oops') } catch (e) { console.log(e.name) }", "SyntaxError\n", "note"],
    ["const answer = { text: 'hi', tokens: 2 };\nconst { text, ...usage } = answer;\nusage", "{ tokens: 2 }"],
    ["{ model: 'small', stream: true }", "{ model: 'small', stream: true }"],
    ["process.env.NO_SUCH_KEY ?? 'none'", "'none'"],
  ],
};

const sources = (steps: readonly Step[]): string[] => steps.map(([source]) => source);
const written = Object.fromEntries(
  Object.entries(notebooks).map(([name, steps]) => [name, sources(steps)] as const),
);
const cells = executedOnce(home, written);

const shown = (output: Output): string =>
  textOf(output).replace(/^text\/html: <details><summary>Strict type checks found .*$/s, "note");

for (const [name, steps] of Object.entries(notebooks)) {
  test(`nbconvert runs ${name}`, async () => {
    const executed = await cells(name);
    const found = executed.map(({ outputs }, i) => [sources(steps)[i], ...outputs.map(shown)]);
    assert.deepEqual(found, steps);
  });
}
