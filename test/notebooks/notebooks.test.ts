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

for (const name of names) {
  const notebook = JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook;
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
    const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading.replaceAll(" ", "-"),
    );
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = ""]) => target);
    assert.ok(links.length > 0);
    for (const link of links) assert.ok(headings.includes(link), `#${link} must be a heading`);
    for (const [, other = ""] of text.matchAll(/\]\(([^)#]+\.ipynb)\)/g)) {
      assert.ok(lectures.includes(other), `${other} must be a lecture`);
    }
  });
}
