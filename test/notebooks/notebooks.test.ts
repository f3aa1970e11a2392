import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

interface Cell {
  readonly cell_type: string;
  readonly id: string;
  readonly metadata: { readonly tags?: string[] };
  readonly source: string[];
  readonly outputs?: unknown[];
  readonly execution_count?: number | null;
}
interface Notebook {
  readonly cells: Cell[];
  readonly metadata: unknown;
  readonly nbformat: number;
}

const folder = join(process.cwd(), "notebooks");
const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

const lectures = [
  "000-electricity-production.ipynb",
  "001-introduction-to-recurrent-networks.ipynb",
  "002-notes-on-recurrent-networks.ipynb",
  "003-recurrent-network-from-scratch.ipynb",
  "004-recurrent-networks-for-sentiment.ipynb",
];

test("there is a notebook for each lecture", () => {
  assert.deepEqual(names.sort(), lectures);
});

const readNotebook = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook;

const isProse = ({ cell_type }: Cell) => cell_type === "markdown";

/** The anchors of a notebook's headings, as Jupyter makes them. */
const headingsOf = (name: string): string[] =>
  readNotebook(name)
    .cells.filter(isProse)
    .flatMap(({ source }) => [...source.join("").matchAll(/^#+ (.+)$/gm)])
    .map(([, heading = ""]) => heading.replaceAll(" ", "-"));

const WORDS_A_MINUTE = 200;
const SECONDS_A_LINE = 3;

/** How long a lecture takes to read, as it says of itself: a formula that stands apart is a word. */
function readingMinutes({ cells }: Notebook): number {
  const textOf = ({ source }: Cell) => source.join("");
  const prose = cells.filter(isProse).map(textOf).join("\n");
  const words = prose.replace(/\$\$[\s\S]+?\$\$/g, "X").split(/\s+/).length;
  const lines = cells.filter((cell) => !isProse(cell)).flatMap((cell) => textOf(cell).split("\n"));
  const code = lines.filter((line) => line.trim() !== "").length;
  return words / WORDS_A_MINUTE + (code * SECONDS_A_LINE) / 60;
}

for (const name of names) {
  const notebook = readNotebook(name);
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  const text = notebook.cells.map(({ source }) => source.join("")).join("\n");

  test(`${name} is committed without outputs, counts and other people's metadata`, () => {
    assert.equal(notebook.nbformat, 4);
    assert.deepEqual(notebook.metadata, {
      kernelspec: { display_name: "TypeScript (rnnlab)", language: "typescript", name: "rnnlab" },
      language_info: { name: "typescript" },
    });
    for (const cell of code) {
      assert.deepEqual([cell.outputs, cell.execution_count], [[], null], cell.id);
    }
    const tagged = notebook.cells.filter(({ metadata }) => Object.keys(metadata).length > 0);
    assert.deepEqual(
      tagged.map(({ metadata }) => metadata),
      [{ tags: ["parameters"] }, { tags: ["cover"] }],
    );
    assert.equal(tagged[0]?.id, "parameters");
    // Its figure stands for the lecture on the page of all of them.
    assert.match(tagged[1]?.source.join("") ?? "", /show\w*\(/);
  });

  test(`${name} has readable cell ids, each once, and short cells`, () => {
    const ids = notebook.cells.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[a-z][a-z0-9-]{2,}$/);
    for (const { id, source } of code) assert.ok(source.length <= 25, `${id} has ${source.length} lines`);
  });

  test(`${name} names its source, has parameters, contents that lead somewhere, and a closing report`, () => {
    assert.match(text, /\*\*Source\.\*\*/);
    assert.ok(code.some(({ id }) => id === "parameters"));
    assert.match(code.at(-1)?.source.join("") ?? "", /(^|\n)report\.training\(trainingTimes\)\.close\(\);$/);
    const links = [...text.matchAll(/\]\(([\w-]+\.ipynb)?#([^)]+)\)/g)];
    assert.ok(links.length > 0);
    for (const [link, file = name, target = ""] of links) {
      assert.ok(headingsOf(file).includes(target), `${link} must lead to a heading`);
    }
    for (const [, other = ""] of text.matchAll(/\]\(([^)#]+\.ipynb)\)/g)) {
      assert.ok(lectures.includes(other), `${other} must be a lecture`);
    }
  });

  test(`${name} says how long it takes to read and to run, and where words and signs are explained`, () => {
    const title = notebook.cells[0]?.source.join("") ?? "";
    const said = Number(/\*\*Time\.\*\* About (\d+) minutes to read/.exec(title)?.[1]);
    const counted = readingMinutes(notebook);
    assert.ok(Math.abs(said - counted) <= 4, `it must say about ${counted.toFixed(0)} minutes, got ${said}`);
    assert.match(title, /in quick size/);
    assert.match(title, /#10-Glossary\)/);
    assert.match(title, /#3-The-recurrent-neuron\)/);
  });

  test(`${name} ends with three questions, their answers folded, and a word on what comes next`, () => {
    const able = notebook.cells.find(({ id }) => id === "able")?.source.join("") ?? "";
    assert.match(able, /^## \d+ What you should now be able to do\n/);
    // An answer is Markdown only if empty lines part it from the tags.
    assert.equal(
      [...able.matchAll(/<details>\n<summary>Answer<\/summary>\n\n[^<]+\n\n<\/details>/g)].length,
      3,
    );
    assert.match(able, /\*\*Next:\*\* .*\]\(\d{3}-[\w-]+\.ipynb\)/);
  });
}
